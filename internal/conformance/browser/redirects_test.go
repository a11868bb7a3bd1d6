package browser

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
)

// TestLoopEnds uses a frontend API that always redirects back without a session.
func TestLoopEnds(t *testing.T) {
	t.Parallel()
	redirectBack := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("redirect_url"), http.StatusTemporaryRedirect)
	}
	for _, p := range []plan{
		{name: "loop", handshake: redirectBack},
		{name: "looplive", handshake: redirectBack, production: true},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s, b := begin(t, p), newTab(t)
			const path = "/deep/down/account"
			reason := "dev-browser-missing"
			if p.production {
				reason = "client-uat-but-no-session-token"
				s.shows(t, s.enter(t, b, "user_1", path), path, "")
			} else {
				s.shows(t, b.open(t, s.origin+path), path, "")
			}
			s.responded(t, "307 handshake "+reason, "307 handshake "+reason, "307 handshake "+reason, "401 "+reason)
		})
	}
}

// fromOutside makes requests look as if they came from another network, whose forwarded
// headers are not trusted.
func fromOutside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = "203.0.113.9:4000"
		next.ServeHTTP(w, r)
	})
}

// TestNoRedirectToAnotherHost opens paths that could be mistaken for URLs of another
// host, as a guest and as a user.
func TestNoRedirectToAnotherHost(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"guest", "user"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, b := begin(t, plan{name: "target" + name, wrap: fromOutside}), newTab(t)
			if name == "user" {
				s.enter(t, b, "user_1", "/account")
			}
			evil := "evil." + name + ".example"
			for _, path := range pathsTo(evil) {
				got := b.open(t, s.origin+path)
				if !strings.HasPrefix(got.url, s.origin+"/") || got.status != http.StatusOK && got.status != http.StatusUnauthorized {
					t.Errorf("the %s opens %s and ends at %+v", name, path, got)
				}
			}
			if internet.visited(evil) || internet.visited("localhost."+evil) {
				t.Error("the browser was redirected to another host")
			}
		})
	}
}

// pathsTo returns paths with which a careless redirect would go to a host.
func pathsTo(host string) []string {
	const back = "/account?__clerk_redirect_url="
	elsewhere := url.QueryEscape("https://" + host + "/")
	return []string{
		"//" + host + "/x",
		"//" + host + "/x?__clerk_db_jwt=dvb_x",
		"///" + host,
		"/%2f%2f" + host,
		"/%5c" + host,
		"/.//" + host + "/",
		"/@" + host + "/",
		back + elsewhere,
		back + url.QueryEscape("//"+host+"/"),
		back + url.QueryEscape(`https:\\`+host),
		back + url.QueryEscape("https://localhost@"+host+"/"),
		back + url.QueryEscape("https://localhost."+host+"/"),
		back + url.QueryEscape("javascript:alert(1)"),
		"/account?redirect_url=" + elsewhere,
		"/account?__clerk_db_jwt=dvb_x&redirect_url=" + elsewhere,
		"/account?__clerk_handshake_nonce=x&redirect_url=" + elsewhere,
	}
}

// TestForwardedHeaders claims another public address with the headers of a proxy that
// does not exist.
func TestForwardedHeaders(t *testing.T) {
	t.Parallel()
	for _, p := range []plan{
		{name: "outside", wrap: fromOutside},
		{name: "fixed", options: []auth.Option{auth.WithPublicOrigin("https://app.fixed.test")}},
		{name: "outsidelive", production: true, wrap: fromOutside},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s, b := begin(t, p), newTab(t)
			evil := "evil." + p.name + ".example"
			b.headers(t, map[string]any{
				"X-Forwarded-Host": evil, "X-Forwarded-Proto": "http", "X-Forwarded-Port": "81",
				"CloudFront-Forwarded-Proto": "http", "Forwarded": "host=" + evil, "X-Original-URL": "https://" + evil + "/",
			})
			s.shows(t, b.open(t, s.origin+"/account"), "/account", "")
			s.shows(t, s.enter(t, b, "user_1", "/account"), "/account", "user_1")
			if internet.visited(evil) {
				t.Error("the browser was redirected to the forwarded host")
			}
		})
	}
}
