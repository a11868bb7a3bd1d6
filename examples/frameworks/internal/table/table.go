// Package table sends the same requests to every example of this module, and compares the
// responses with those of net/http.
package table

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
)

// An App is what the endpoints of an example call. It returns the ID of the user whom its
// context knows.
type App = func(context.Context) string

// A Service is an example. It has these endpoints, behind CORS for [Frontend] and behind
// what turns a panic into a response:
//
//	GET /me       for people who are signed in
//	GET /admin    for those with the role org:admin
//	GET /reports  also for API keys with the scope reports:read
type Service struct {
	// App is the example's own.
	App App
	// Serve serves the endpoints until the test ends, with app in place of App.
	Serve func(t *testing.T, authn *auth.Authenticator, app App) (origin string)
	// Without has the names of requests that the framework treats in another way, with the
	// reason. They are not sent.
	Without map[string]string
}

// Frontend is the origin whose pages may call the examples.
const Frontend = "https://app.example.com"

// Handler is the Serve of an example that is an http.Handler.
func Handler(routes func(*auth.Authenticator, App) http.Handler) func(*testing.T, *auth.Authenticator, App) string {
	return func(t *testing.T, authn *auth.Authenticator, app App) string {
		server := httptest.NewServer(routes(authn, app))
		t.Cleanup(server.Close)
		return server.URL
	}
}

// Run sends the requests as subtests. Those that are left out are skipped with the reason.
func Run(t *testing.T, s Service) {
	w := newWorld(t, s)
	requests := w.requests()
	checkREADME(t, requests, s.Without)
	for name := range s.Without {
		if !slices.ContainsFunc(requests, func(r request) bool { return r.name == name }) {
			t.Errorf("the table has no request %q", name)
		}
	}
	for _, r := range requests {
		t.Run(r.name, func(t *testing.T) {
			if reason, left := s.Without[r.name]; left {
				t.Skip(reason)
			}
			r.send(t)
		})
	}
}
