package auth

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A session cookie's token without an authorized party is accepted only where the request
// itself says that it comes from the service's own origin.
func TestTokenWithoutAnAuthorizedParty(t *testing.T) {
	t.Parallel()
	parties, allow := WithAuthorizedParties(testParty), WithSameOriginSessions(true)
	site := func(values ...string) requestOption {
		return func(r *http.Request) { r.Header["Sec-Fetch-Site"] = values }
	}
	none, foreign := mint(t, withoutClaim("azp")), mint(t, withClaim("azp", "https://evil.example"))
	cookie, header := signedInCookie(none), withBearer(none)
	outcome := func(token string) requestOption {
		return withCookie("__clerk_handshake", mintHandshake(t, []any{"__session=" + token}))
	}
	for name, test := range map[string]struct {
		options []Option
		request []requestOption
		in      bool
	}{
		"by default":                     {[]Option{parties}, []requestOption{cookie, site("same-origin")}, false},
		"switched off":                   {[]Option{parties, WithSameOriginSessions(false)}, []requestOption{cookie, site("same-origin")}, false},
		"own origin":                     {[]Option{parties, allow}, []requestOption{cookie, site("same-origin")}, true},
		"typed into the address bar":     {[]Option{parties, allow}, []requestOption{cookie, site("none")}, true},
		"same site":                      {[]Option{parties, allow}, []requestOption{cookie, site("same-site")}, false},
		"cross site":                     {[]Option{parties, allow}, []requestOption{cookie, site("cross-site")}, false},
		"does not say":                   {[]Option{parties, allow}, []requestOption{cookie}, false},
		"says nothing":                   {[]Option{parties, allow}, []requestOption{cookie, site("")}, false},
		"says two things":                {[]Option{parties, allow}, []requestOption{cookie, site("same-origin", "same-origin")}, false},
		"another case":                   {[]Option{parties, allow}, []requestOption{cookie, site("Same-Origin")}, false},
		"foreign party":                  {[]Option{parties, allow}, []requestOption{signedInCookie(foreign), site("same-origin")}, false},
		"empty party":                    {[]Option{parties, allow}, []requestOption{signedInCookie(mint(t, withClaim("azp", ""))), site("same-origin")}, true},
		"in the header":                  {[]Option{parties, allow}, []requestOption{header, site("same-origin")}, false},
		"no parties":                     {nil, []requestOption{cookie}, true},
		"outcome of a handshake":         {[]Option{parties, allow}, []requestOption{outcome(none), site("cross-site")}, true},
		"outcome, by default":            {[]Option{parties}, []requestOption{outcome(none), site("same-origin")}, false},
		"outcome with a foreign party":   {[]Option{parties, allow}, []requestOption{outcome(foreign), site("same-origin")}, false},
		"outcome with the party":         {[]Option{parties}, []requestOption{outcome(mint(t))}, true},
		"seen before from its own page":  {[]Option{parties, allow}, []requestOption{cookie, site("cross-site")}, false},
		"forged, though from its own":    {[]Option{parties, allow}, []requestOption{signedInCookie(mint(t, withoutClaim("azp"), signedBy(otherKey()))), site("same-origin")}, false},
		"expired, though from its own":   {[]Option{parties, allow}, []requestOption{signedInCookie(mint(t, withoutClaim("azp"), withClaim("exp", testNow.Unix()-60))), site("same-origin")}, false},
		"another audience, from its own": {[]Option{parties, allow, WithRequiredAudience("a")}, []requestOption{cookie, site("same-origin")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestAuthenticator(t, test.options...)
			if strings.HasPrefix(name, "seen before") {
				stateOf(t, a, newRequest(t, "/", cookie, site("same-origin")))
			}
			if s := stateOf(t, a, newRequest(t, "/", test.request...)); (s.Status == StatusSignedIn) != test.in {
				t.Errorf("state is %v, want signed in: %t", s, test.in)
			}
		})
	}
}

// Signing in again would bring the same token, so a redirect to it would have no end.
func TestNoRedirectToSignInThatCannotHelp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options []Option
		request requestOption
		reason  Reason // "" for a redirect
	}{
		"no party":               {[]Option{WithAuthorizedParties(testParty)}, signedInCookie(mint(t, withoutClaim("azp"))), ReasonTokenInvalidAuthorizedParties},
		"foreign party":          {[]Option{WithAuthorizedParties("https://other.example")}, signedInCookies(t), ReasonTokenInvalidAuthorizedParties},
		"no audience":            {[]Option{WithRequiredAudience("a")}, signedInCookies(t), ReasonTokenVerificationFailed},
		"another audience":       {[]Option{WithAudience("a")}, signedInCookie(mint(t, withClaim("aud", "b"))), ReasonTokenVerificationFailed},
		"another issuer":         {[]Option{WithIssuer("https://other.example")}, signedInCookies(t), ReasonTokenVerificationFailed},
		"guest":                  {nil, withField("X", ""), ""},
		"expired":                {nil, signedInCookie(mint(t, withClaim("exp", testNow.Unix()-60))), ""},
		"forged, foreign party":  {[]Option{WithAuthorizedParties("https://other.example")}, signedInCookie(mint(t, signedBy(otherKey()))), ""},
		"no subject, not a user": {nil, signedInCookie(mint(t, withoutClaim("sub"))), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestAuthenticator(t, test.options...)
			for what, redirect := range map[string]func(http.ResponseWriter, *http.Request, ...RedirectOption){"in": a.RedirectToSignIn, "up": a.RedirectToSignUp} {
				w := httptest.NewRecorder()
				a.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { redirect(w, r) })).
					ServeHTTP(w, newRequest(t, "/", test.request))
				if test.reason == "" {
					if w.Code != http.StatusTemporaryRedirect {
						t.Errorf("sign-%s: status %d", what, w.Code)
					}
					continue
				}
				var body struct {
					Errors []struct {
						Code, Message string
						Meta          struct{ Reason Reason }
					}
				}
				err := json.Unmarshal(w.Body.Bytes(), &body)
				if w.Code != http.StatusForbidden || w.Header().Get("Location") != "" || err != nil || len(body.Errors) != 1 ||
					body.Errors[0].Meta.Reason != test.reason || body.Errors[0].Message == "" || w.Header().Get("X-Clerk-Auth-Reason") != string(test.reason) {
					t.Errorf("sign-%s: status %d, header %v, body %s", what, w.Code, w.Header(), w.Body)
				}
			}
		})
	}
}
