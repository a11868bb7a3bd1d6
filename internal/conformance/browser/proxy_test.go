package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/auth/frontendproxy"
)

// TestProxy goes the ways of TestProduction and TestExpired with the frontend API under the
// domain of the service, where no other host is reached.
func TestProxy(t *testing.T) {
	t.Parallel()
	var s *site
	proxy := sync.OnceValue(func() http.Handler {
		target := httptest.NewServer(s.instance.Frontend())
		t.Cleanup(target.Close)
		handler, err := frontendproxy.New(s.instance.SecretKey(), s.instance.PublishableKey(), s.origin+"/__clerk", frontendproxy.WithTarget(target.URL))
		if err != nil {
			t.Error(err)
			return http.NotFoundHandler()
		}
		return handler
	})
	s = begin(t, plan{name: "proxied", production: true, options: []auth.Option{auth.WithProxyURL("/__clerk")},
		handshake: func(http.ResponseWriter, *http.Request) { t.Error("the browser reaches the frontend API's own host") },
		wrap: func(service http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.URL.Path, "/__clerk/") {
					proxy().ServeHTTP(w, r)
				} else {
					service.ServeHTTP(w, r)
				}
			})
		},
	})
	s.frontend = s.origin + "/__clerk"
	b := newTab(t)
	const app = "app.proxied.test"
	const own = " with the frontend API's own cookie" // which has the same host here
	uat := []string{"__client_uat ." + s.domain + " / Secure Lax 400d", "__client_uat_S ." + s.domain + " / Secure Lax 400d"}

	s.shows(t, b.open(t, s.origin+"/account"), "/account", "")
	s.responded(t, "401 session-token-and-uat-missing")

	s.shows(t, s.enter(t, b, "user_1", "/account"), "/account", "user_1")
	s.responded(t, "307 handshake client-uat-but-no-session-token"+own, "200"+own)
	s.expectCookies(t, b, append(uat,
		"__refresh_S "+app+" / HttpOnly Secure Lax 7d",
		"__session "+app+" / Secure Lax 365d",
		"__session_S "+app+" / Secure Lax 365d")...)
	var client []string
	for _, c := range b.cookies(t, app) {
		if c.Name == "__client" {
			client = append(client, describe(c, s.instance.PublishableKey()))
		}
	}
	if diff := cmp.Diff([]string{"__client " + app + " / HttpOnly Lax 400d"}, client); diff != "" {
		t.Errorf("the frontend API's own cookie (-want +got):\n%s", diff)
	}

	s.pass(2 * time.Minute)
	s.shows(t, b.open(t, s.origin+"/account"), "/account", "user_1")
	s.responded(t, "200"+own)
	if n := s.refreshes(); n != 1 {
		t.Errorf("the token was refreshed %d times, want once", n)
	}

	s.shows(t, s.leave(t, b, "/account"), "/account", "")
	s.responded(t, "307 handshake session-token-but-no-client-uat"+own, "401 session-token-missing"+own)
	s.expectCookies(t, b, uat...)
}
