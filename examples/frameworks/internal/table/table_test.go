package table_test

import (
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/table"
)

// net/http, with whose responses frameworks are compared.
func TestNetHTTP(t *testing.T) {
	t.Parallel()
	table.Run(t, mistake{}.service())
}

// mistaken names the mistake with which TestMistaken runs the table.
const mistaken = "TABLE_MISTAKE"

// TestMistaken is run by TestTableFindsMistakes alone.
func TestMistaken(t *testing.T) {
	m, found := mistakes[os.Getenv(mistaken)]
	if !found {
		t.Skip("without a mistake")
	}
	table.Run(t, m.service())
}

// Every request of the table fails for a service that makes a certain mistake.
func TestTableFindsMistakes(t *testing.T) {
	t.Parallel()
	if os.Getenv(mistaken) != "" {
		return
	}
	var failing []string
	for name, m := range mistakes {
		failing = append(failing, m.found...)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", "^TestMistaken$/^("+strings.Join(rewritten(m.found), "|")+")$")
			c.Env = append(os.Environ(), mistaken+"="+name)
			out, err := c.CombinedOutput()
			if err == nil {
				t.Error("the table passes")
			}
			for _, request := range rewritten(m.found) {
				if !strings.Contains(string(out), "--- FAIL: TestMistaken/"+request+" (") {
					t.Errorf("the request %s does not fail", request)
				}
			}
			if t.Failed() {
				t.Logf("%v\n%s", err, out)
			}
		})
	}
	for _, name := range table.Names(t) {
		if !slices.Contains(failing, name) {
			t.Errorf("no mistake lets the request %q fail", name)
		}
	}
}

// rewritten returns the names in the form of package testing.
func rewritten(names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, strings.ReplaceAll(name, " ", "_"))
	}
	return all
}

// service is the example of net/http with the mistake in it.
func (m mistake) service() table.Service {
	return table.Service{App: whoami, Serve: table.Handler(m.routes)}
}

func (m mistake) routes(authn *auth.Authenticator, app table.App) http.Handler {
	if m.guard == nil {
		m.guard = func(authn *auth.Authenticator, requirements ...auth.Requirement) middleware {
			return authn.Require(requirements...)
		}
	}
	if m.front == nil {
		m.front = func(next http.Handler) http.Handler { return recovered(allowFrontend(next)) }
	}
	if m.handler == nil {
		m.handler = handler
	}
	reader := auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read"))
	mux := http.NewServeMux()
	mux.Handle("/me", m.guard(authn)(m.handler(app)))
	mux.Handle("/admin", m.guard(authn, auth.Role("org:admin"))(m.handler(app)))
	mux.Handle("/reports", m.guard(authn, auth.AnyOf(auth.Accepts(auth.SessionToken), reader))(m.handler(app)))
	return m.front(mux)
}
