// Package migration_test compares services that were written with clerk-sdk-go with what
// they have become.
package migration_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest"
)

func TestServicesDifferAsThePageSays(t *testing.T) {
	t.Parallel()
	for _, service := range services() {
		t.Run(service.name, func(t *testing.T) {
			t.Parallel()
			now := time.Now().Truncate(time.Second)
			var sides [2]*side
			for n, start := range []func(*testing.T, *clerktest.Instance) http.Handler{service.before, service.after} {
				instance := clerktest.New(t, clerktest.WithSeed(seed(now)), clerktest.WithClock(func() time.Time { return now }))
				sides[n] = &side{instance: instance, service: start(t, instance)}
			}
			for _, request := range service.requests {
				before, after := sides[0].serve(t, request), sides[1].serve(t, request)
				diff := cmp.Diff(before, after)
				fmt.Printf("%s: %s: %d %d %s %s\n%s\n", service.name, request.what, before.Status, after.Status, before.Body, after.Effects, diff)
			}
		})
	}
}

// A side is a service in one of its two versions, with an instance of its own.
type side struct {
	instance *clerktest.Instance
	service  http.Handler
}

// An outcome is the response to a request, and what has become of the instance. Each effect
// is a resource that is there now (+) or was there before (-).
type outcome struct {
	Status            int
	ContentType, Body string
	Effects           []string
}

func (s *side) serve(t *testing.T, r request) outcome {
	t.Helper()
	h := httptest.NewRequest(r.method, r.path, strings.NewReader(r.body))
	if r.session != "" {
		scheme := "Bearer"
		if r.scheme != "" {
			scheme = r.scheme
		}
		options := []clerktest.TokenOption{clerktest.ForSession(r.session), clerktest.WithAuthorizedParty("https://app.example.com")}
		h.Header.Set("Authorization", scheme+" "+s.instance.Token(append(options, r.token...)...))
	}
	for _, f := range r.faults {
		s.instance.Inject(f)
	}
	earlier := s.resources(t)
	w := httptest.NewRecorder()
	s.service.ServeHTTP(w, h)
	s.instance.ClearFaults()
	o := outcome{Status: w.Code, ContentType: w.Header().Get("Content-Type"), Body: strings.TrimSpace(masked(w.Body.String()))}
	later := s.resources(t)
	for resource := range later {
		if !earlier[resource] {
			o.Effects = append(o.Effects, "+ "+resource)
		}
	}
	for resource := range earlier {
		if !later[resource] {
			o.Effects = append(o.Effects, "- "+resource)
		}
	}
	slices.Sort(o.Effects)
	return o
}

func (s *side) resources(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := json.Marshal(s.instance.Seed())
	if err != nil {
		t.Fatal(err)
	}
	var tables map[string]json.RawMessage
	if err := json.Unmarshal(raw, &tables); err != nil {
		t.Fatal(err)
	}
	resources := map[string]bool{}
	for name, table := range tables {
		var rows []json.RawMessage
		if json.Unmarshal(table, &rows) != nil {
			continue
		}
		for _, row := range rows {
			resources[name+" "+masked(string(row))] = true
		}
	}
	return resources
}

var random = regexp.MustCompile(`\b[a-z]+_[0-9A-Za-z]{27}\b`)

func masked(s string) string { return random.ReplaceAllString(s, "ID") }
