package auth

import (
	"net/http"
	"testing"
)

// No browser keeps a page of another origin from opening a WebSocket with the
// user's cookies, and from reading what comes over it.
func TestCrossOriginProtectionJudgesWebSockets(t *testing.T) {
	t.Parallel()
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin("https://partner.example.com"); err != nil {
		t.Fatal(err)
	}
	protected := newTestAuthenticator(t, WithCrossOriginProtection(protection))
	signedIn, socket := signedInCookies(t), withField("Upgrade", "WebSocket")
	evil, elsewhere := withField("Origin", "https://evil.example"), withField("Sec-Fetch-Site", "cross-site")
	for name, test := range map[string]struct {
		a       *Authenticator
		request []requestOption
		refused bool
	}{
		"of another site":        {a: protected, request: []requestOption{signedIn, socket, evil, elsewhere}, refused: true},
		"of another origin":      {a: protected, request: []requestOption{signedIn, socket, evil}, refused: true},
		"of the own origin":      {a: protected, request: []requestOption{signedIn, socket, withField("Origin", "http://app.example.com")}},
		"of a trusted origin":    {a: protected, request: []requestOption{signedIn, socket, withField("Origin", "https://partner.example.com")}},
		"of no browser":          {a: protected, request: []requestOption{signedIn, socket}},
		"with a bearer token":    {a: protected, request: []requestOption{withBearer(mint(t)), socket, evil, elsewhere}},
		"no WebSocket":           {a: protected, request: []requestOption{signedIn, evil, elsewhere}},
		"another upgrade":        {a: protected, request: []requestOption{signedIn, withField("Upgrade", "h2c"), evil}},
		"without the protection": {a: newTestAuthenticator(t), request: []requestOption{signedIn, socket, evil, elsewhere}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, "/events", test.request...)
			s := stateOf(t, test.a, r)
			if refused := s.Status == StatusSignedOut && s.Reason == ReasonCrossOriginRequest; refused != test.refused {
				t.Errorf("%v", s)
			}
			if !test.refused && s.Status != StatusSignedIn {
				t.Errorf("%v, want it signed in", s)
			}
			if r.Method != http.MethodGet {
				t.Errorf("the request became a %s", r.Method)
			}
		})
	}
}
