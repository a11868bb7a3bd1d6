package browser

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProduction(t *testing.T) {
	t.Parallel()
	for _, p := range []plan{
		{name: "shop", production: true},
		{name: "bank", production: true, tokens: true},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s, b := begin(t, p), newTab(t)
			app := "app." + p.name + ".test"
			uat := []string{
				"__client_uat ." + s.domain + " / Secure Lax 400d",
				"__client_uat_S ." + s.domain + " / Secure Lax 400d",
			}

			s.shows(t, b.open(t, s.origin+"/account"), "/account", "")
			s.responded(t, "401 session-token-and-uat-missing")
			s.expectCookies(t, b)

			s.shows(t, s.enter(t, b, "user_1", "/account"), "/account", "user_1")
			s.responded(t, "307 handshake client-uat-but-no-session-token", "200")
			s.expectCookies(t, b, append(uat,
				"__refresh_S "+app+" / HttpOnly Secure Lax 7d",
				"__session "+app+" / Secure Lax 365d",
				"__session_S "+app+" / Secure Lax 365d")...)
			var own []string
			for _, c := range b.cookies(t, "clerk."+p.name+".test") {
				own = append(own, describe(c, s.instance.PublishableKey()))
			}
			if diff := cmp.Diff([]string{"__client clerk." + p.name + ".test / HttpOnly Secure Lax 400d"}, own); diff != "" {
				t.Errorf("the frontend API's own cookies (-want +got):\n%s", diff)
			}

			s.shows(t, b.open(t, s.origin+"/other"), "/other", "user_1")
			s.responded(t, "200")

			s.shows(t, s.leave(t, b, "/account"), "/account", "")
			s.responded(t, "307 handshake session-token-but-no-client-uat", "401 session-token-missing")
			s.expectCookies(t, b, uat...)
			s.shows(t, b.open(t, s.origin+"/account"), "/account", "")
			s.responded(t, "401 session-token-and-uat-missing")
		})
	}
}

// TestLinkFromAnotherSite follows a link on a page of another site, which causes exactly
// one handshake.
func TestLinkFromAnotherSite(t *testing.T) {
	t.Parallel()
	for _, p := range []plan{{name: "linked"}, {name: "linkedlive", production: true}} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s, b := begin(t, p), newTab(t)
			s.enter(t, b, "user_1", "/account")
			elsewhere := "elsewhere-" + p.name + ".test"
			internet.host(t, elsewhere, linkTo(s.origin+"/account"))
			b.open(t, "https://"+elsewhere+"/")
			b.drop(t, s.origin, "__clerk_redirect_count")
			s.forget()
			s.shows(t, b.click(t, "link"), "/account", "user_1")
			want := []string{"307 handshake primary-domain-cross-origin-sync", "307 own", "200"}
			if p.production {
				want = []string{want[0], want[2]}
			}
			s.responded(t, want...)
		})
	}
}

// linkTo serves a page with one link.
func linkTo(address string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Referrer-Policy", "unsafe-url")
		fmt.Fprintf(w, `<a id="link" href="%s">there</a>`, address)
	})
}
