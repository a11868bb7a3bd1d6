// Package migration_test compares services that were written with clerk-sdk-go with what
// they have become.
package migration_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// TestServicesDifferAsThePageSays sends each request to both versions of its service, and
// compares the differences with the table of the page.
func TestServicesDifferAsThePageSays(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString("| service | request | before | after | why |\n|---|---|---|---|---|\n")
	all, different := 0, 0
	for _, service := range services() {
		before, after := start(t, service)
		for _, r := range service.requests {
			old, now := before.serve(t, r), after.serve(t, r)
			diff := cmp.Diff(old, now)
			switch all++; {
			case diff != "" && r.why == "":
				t.Errorf("%s, %s: a difference without a reason (-before +after):\n%s", service.name, r.what, diff)
			case diff == "" && r.why != "":
				t.Errorf("%s, %s: no difference any more, but the reason %q", service.name, r.what, r.why)
			case diff != "":
				different++
				beside, here := cells(old, now)
				fmt.Fprintf(&table, "| %s | %s | %s | %s | %s |\n", service.name, r.what, beside, here, r.why)
			}
		}
	}
	page, err := os.ReadFile("../../docs/migration.md")
	if err != nil {
		t.Fatal(err)
	}
	count := fmt.Sprintf("Of %d requests, %d have the same status, type, body and effect", all, all-different)
	for _, want := range []string{count, table.String()} {
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/migration.md does not have this:\n%s", want)
		}
	}
}

// start starts both versions of a service, with instances that have the same content.
func start(t *testing.T, s service) (before, after *side) {
	t.Helper()
	now := time.Now().Truncate(time.Second)
	content := seed(now)
	sides := make([]*side, 2)
	for n, create := range []func(*clerktest.Instance) (http.Handler, error){s.before, s.after} {
		instance := clerktest.New(t, clerktest.WithSeed(content), clerktest.WithClock(func() time.Time { return now }))
		handler, err := create(instance)
		if err != nil {
			t.Fatal(err)
		}
		sides[n] = &side{instance, handler}
	}
	return sides[0], sides[1]
}
