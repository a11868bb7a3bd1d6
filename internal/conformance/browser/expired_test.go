package browser

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// TestExpired returns to the service after the session token has expired.
func TestExpired(t *testing.T) {
	t.Parallel()
	for _, p := range []plan{{name: "late"}, {name: "latelive", production: true}} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s, b := begin(t, p), newTab(t)
			s.enter(t, b, "user_1", "/account")
			s.forget()
			back := []string{"307 own"}
			if p.production {
				back = nil
			}

			before := s.value(t, b, "__session")
			s.pass(2 * time.Minute)
			s.shows(t, b.open(t, s.origin+"/account"), "/account", "user_1")
			s.responded(t, "200")
			if after := s.value(t, b, "__session"); after == before || after == "" || s.value(t, b, "__session_"+cookieSuffix(s.instance.PublishableKey())) != after {
				t.Error("the browser has no new token")
			}
			s.shows(t, b.open(t, s.origin+"/account"), "/account", "user_1")
			s.responded(t, "200")
			if n := s.refreshes(); n != 1 {
				t.Errorf("the token was refreshed %d times, want once", n)
			}

			s.pass(2 * time.Minute)
			s.instance.Inject(clerktest.Fault{Operation: "RefreshSession", Times: 1, Status: http.StatusUnauthorized})
			s.shows(t, b.open(t, s.origin+"/account"), "/account", "user_1")
			s.responded(t, slices.Concat([]string{"307 handshake session-token-expired-refresh-injected_fault"}, back, []string{"200"})...)

			s.expireForScript(t, b)

			// The session ends while the page is closed.
			s.pass(8 * 24 * time.Hour)
			s.shows(t, b.open(t, s.origin+"/account"), "/account", "")
			if got := s.value(t, b, "__session"); got != "" {
				t.Error("the token of the ended session is still there")
			}
		})
	}
}

// expireForScript lets a script call the service with an expired token: first one that
// is refreshed, then one that is not. A script is not redirected.
func (s *site) expireForScript(t *testing.T, b *tab) {
	t.Helper()
	const status = "fetch('/account').then(r => r.status + ' ' + r.redirected)"
	s.pass(2 * time.Minute)
	if got := script[string](t, b, status); got != "200 false" {
		t.Errorf("a script with a token that is refreshed gets %s", got)
	}
	s.pass(2 * time.Minute)
	s.instance.Inject(clerktest.Fault{Operation: "RefreshSession", Times: 1, Status: http.StatusUnauthorized})
	if got := script[string](t, b, status); got != "401 false" {
		t.Errorf("a script with a token that is not refreshed gets %s", got)
	}
	s.responded(t, "200", "401 session-token-expired-refresh-injected_fault")
}

func (s *site) refreshes() (n int) {
	for _, r := range s.instance.Requests() {
		if r.Operation == "RefreshSession" {
			n++
		}
	}
	return n
}
