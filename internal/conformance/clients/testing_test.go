// Package clients plays programs that use Clerk's own clients against the emulated
// instance: its SDKs for JavaScript and Go, and its command-line tool. Each call must
// succeed, and its result must show what the calls before it did.
package clients

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// An exchange is a request that a client sent and what it received.
type exchange struct {
	Method  string `json:"method"`
	Path    string `json:"path"`
	Status  int    `json:"status"`
	Code    string `json:"code"`    // of the first problem in an error
	Message string `json:"message"` // the same
}

// An attempt is a call of a client's method, or a command.
type attempt struct {
	Chapter   string     `json:"chapter"`
	Name      string     `json:"name"`
	Sent      string     `json:"sent"`
	Exchanges []exchange `json:"exchanges"`
	Problem   string     `json:"problem"` // empty if the call was right
}

// missing returns the operation without which the call could not be made.
func (a *attempt) missing() string {
	for _, e := range a.Exchanges {
		if e.Status == http.StatusNotImplemented {
			name, _, _ := strings.Cut(e.Message, " ")
			return name[strings.LastIndex(name, ".")+1:]
		}
	}
	return ""
}

// absent reports whether the API has nothing at the path.
func (a *attempt) absent() bool {
	for _, e := range a.Exchanges {
		if e.Status != http.StatusNotFound && e.Status != http.StatusMethodNotAllowed {
			return false
		}
	}
	return len(a.Exchanges) > 0 && a.Problem != ""
}

func (a *attempt) status() string {
	all := make([]string, len(a.Exchanges))
	for n, e := range a.Exchanges {
		all[n] = fmt.Sprint(e.Status)
	}
	return cmp.Or(strings.Join(all, ","), "none")
}

// A record is what a client did.
type record struct {
	client   string
	methods  []string // that the client has
	beyond   []string // of them, those that the published document does not know
	attempts []attempt
}

// judge fails the test for each call that is wrong and for each method that no call uses,
// and prints the calls.
func (r *record) judge(t *testing.T) {
	t.Helper()
	var table strings.Builder
	right, wrong, refused, waiting := 0, 0, 0, 0
	called := map[string]bool{}
	stuck := map[string]bool{} // chapters
	for _, a := range r.attempts {
		called[a.Name] = true
		verdict := "right"
		operation := a.missing()
		switch {
		case slices.Contains(r.beyond, a.Name):
			if verdict = "refused"; a.absent() {
				refused++
				break
			}
			wrong++
			verdict = "wrong: the document does not have it, but it was answered"
			t.Errorf("%s: %s is not in the published document: status %s, want 404 or 405", r.client, a.Name, a.status())
		case a.Problem == "":
			right++
		case slices.Contains(notYet, operation) || stuck[a.Chapter]:
			waiting++
			stuck[a.Chapter] = true
			verdict = "waits for " + cmp.Or(operation, "the calls before: "+a.Problem)
		default:
			wrong++
			verdict = "wrong: " + a.Problem
			t.Errorf("%s: %s: %s(%s): status %s: %s", r.client, a.Chapter, a.Name, a.Sent, a.status(), a.Problem)
		}
		fmt.Fprintf(&table, "%s | %s | %s | %s | %s\n", r.client, a.Name, a.Sent, a.status(), verdict)
	}
	for _, method := range r.methods {
		if !called[method] {
			t.Errorf("%s: no scenario calls %s", r.client, method)
		}
	}
	for _, method := range r.beyond {
		if !called[method] {
			t.Errorf("%s: no scenario calls %s, which the published document does not have", r.client, method)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(called)) {
		if !slices.Contains(r.methods, name) {
			t.Errorf("%s has no %s", r.client, name)
		}
	}
	t.Run("table", func(t *testing.T) { t.Log("\n" + table.String()) })
	t.Logf("%s: %d methods, %d calls: %d right, %d wrong, %d wait for an operation; %d more that the document does not have, refused",
		r.client, len(r.methods), len(r.attempts)-refused, right, wrong, waiting, refused)
}

// install installs the JavaScript packages in their folder, which is ignored. Without
// Node, or where its registry is out of reach, the test is skipped, unless JUDGE_REQUIRED
// is set.
func install(t *testing.T) {
	t.Helper()
	switch err := peer.Prepare("javascript"); {
	case err == nil:
	case os.Getenv("JUDGE_REQUIRED") == "" && (errors.Is(err, peer.ErrNoNode) || errors.Is(err, peer.ErrNotInstalled)):
		t.Skipf("skipped: Clerk's client was not tried: %v", err)
	default:
		t.Fatal(err)
	}
}

// shorten returns a value as JSON of a bounded size.
func shorten(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return cut(string(text))
}

func cut(text string) string {
	const most = 400
	if len(text) <= most {
		return text
	}
	return text[:most] + "…"
}
