package browser

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
)

// TestLoopEnds leads a browser to a frontend API that only ever leads back.
func TestLoopEnds(t *testing.T) {
	t.Parallel()
	leadBack := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("redirect_url"), http.StatusTemporaryRedirect)
	}
	for _, p := range []plan{
		{name: "loop", handshake: leadBack},
		{name: "looplive", handshake: leadBack, production: true},
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
			s.answered(t, "307 handshake "+reason, "307 handshake "+reason, "307 handshake "+reason, "401 "+reason)
		})
	}
}

// fromOutside makes requests look as if they came from another network, whose
// word about the public address counts for nothing.
func fromOutside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = "203.0.113.9:4000"
		next.ServeHTTP(w, r)
	})
}

// TestNeverLedElsewhere asks for addresses that could be taken for another
// host's, as a guest and as a user.
func TestNeverLedElsewhere(t *testing.T) {
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
					t.Errorf("the %s asks for %s and ends at %+v", name, path, got)
				}
			}
			if internet.visited(evil) || internet.visited("localhost."+evil) {
				t.Error("the browser was led to another host")
			}
		})
	}
}

// pathsTo are paths by which a careless redirect would lead to a host.
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

// TestForwardedHeaders claims another public address by the headers of a proxy
// that is not there.
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
				t.Error("the browser was led to the forwarded host")
			}
		})
	}
}
