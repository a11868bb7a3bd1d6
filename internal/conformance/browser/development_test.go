package browser

import (
	"strings"
	"testing"
)

func TestDevelopment(t *testing.T) {
	t.Parallel()
	for _, p := range []plan{
		{name: "nonces"},
		{name: "tokens", tokens: true},
		{name: "plain", plain: "localhost"},
		{name: "address", plain: "127.0.0.1"},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s, b := begin(t, p), newTab(t)
			secure, wide := " Secure", "."+s.domain
			if p.plain != "" {
				secure, wide = "", p.plain
			}
			browserCookies := []string{
				"__clerk_db_jwt " + s.domain + " /" + secure + " Lax 365d",
				"__clerk_db_jwt_S " + s.domain + " /" + secure + " Lax 365d",
				"__client_uat " + wide + " /" + secure + " Lax 400d",
				"__client_uat_S " + wide + " /" + secure + " Lax 400d",
			}

			s.shows(t, b.open(t, s.origin+"/account?tab=1"), "/account?tab=1", "")
			s.responded(t, "307 handshake dev-browser-missing", "307 own session-token-missing", "401 session-token-and-uat-missing")
			s.expectCookies(t, b, browserCookies...)

			s.shows(t, s.enter(t, b, "user_1", "/account?tab=1"), "/account?tab=1", "user_1")
			s.responded(t, "307 handshake dev-browser-sync", "307 own", "200")
			s.expectCookies(t, b, append(browserCookies,
				"__refresh_S "+s.domain+" / HttpOnly"+secure+" Lax 7d",
				"__session "+s.domain+" /"+secure+" Lax 365d",
				"__session_S "+s.domain+" /"+secure+" Lax 365d")...)
			if seen := script[string](t, b, "document.cookie"); !strings.Contains(seen, "__session=ey") || strings.Contains(seen, "__refresh") {
				t.Errorf("a script sees %s", seen)
			}

			s.shows(t, b.open(t, s.origin+"/other"), "/other", "user_1")
			s.responded(t, "200")

			s.shows(t, s.leave(t, b, "/account"), "/account", "")
			s.responded(t, "307 handshake dev-browser-sync", "307 own session-token-missing", "401 session-token-and-uat-missing")
			s.expectCookies(t, b, browserCookies...)
			s.shows(t, b.open(t, s.origin+"/account"), "/account", "")
			s.responded(t, "401 session-token-and-uat-missing")
		})
	}
}

// TestSignedInElsewhere opens the service in a browser whose user has already signed in
// for another one. The first handshake returns that session.
func TestSignedInElsewhere(t *testing.T) {
	t.Parallel()
	s, b := begin(t, plan{name: "before"}), newTab(t)
	internet.host(t, "elsewhere.before.test", linkTo(s.origin+"/account"))
	b.open(t, s.frontend+"/sign-in?redirect_url=https://elsewhere.before.test/")
	b.click(t, "user_2")
	s.shows(t, b.open(t, s.origin+"/account"), "/account", "user_2")
	s.responded(t, "307 handshake dev-browser-missing", "307 own", "200")
}
