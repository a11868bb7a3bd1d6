package auth

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
)

// gateBackend serves the calls that cookies make an Authenticator send, and counts them.
type gateBackend struct {
	*backend
	calls atomic.Int32 // except those for keys
}

// newGateBackend refreshes every session. For the nonces session and empty it
// returns the outcomes of those names.
func newGateBackend(t *testing.T) *gateBackend {
	t.Helper()
	b := &gateBackend{backend: newBackend(t, nil)}
	b.HandleFunc("POST /trap/v1/sessions/{id}/refresh", func(w http.ResponseWriter, _ *http.Request) {
		b.calls.Add(1)
		writeJSON(w, map[string]any{"cookies": []string{"__session=" + mint(t), "__refresh_x=r2"}})
	})
	b.HandleFunc("GET /trap/v1/clients/handshake_payload", func(w http.ResponseWriter, r *http.Request) {
		b.calls.Add(1)
		writeJSON(w, map[string]any{"directives": outcomes(t)[r.URL.Query().Get("nonce")]})
	})
	return b
}

// outcomes returns the cookies that a handshake sets, two each: for a session of
// outcomeUser, and for a browser that is signed out.
func outcomes(t *testing.T) map[string][]any {
	t.Helper()
	return map[string][]any{
		"session": {"__client_uat=1", "__session=" + mint(t, withClaim("sub", outcomeUser))},
		"empty":   {"__client_uat=0", "__session=; Max-Age=0"},
	}
}

// gateResult is the result of one request.
type gateResult struct {
	user    string
	reason  Reason
	calls   int32
	cookies int // Set-Cookie lines
}

// gateRequests are the kinds of requests that browsers send, and what may happen to each.
var gateRequests = map[string]struct {
	options []requestOption
	checked bool // by cross-origin protection
	outcome bool // it can bring the outcome of a handshake
	refresh bool // its session can be refreshed
}{
	"POST":                   {options: []requestOption{withMethod(http.MethodPost)}, checked: true},
	"DELETE":                 {options: []requestOption{withMethod(http.MethodDelete)}, checked: true},
	"WebSocket":              {options: []requestOption{withField("Upgrade", "websocket"), withField("Sec-Fetch-Dest", "websocket")}, checked: true, refresh: true},
	"WebSocket, old":         {options: []requestOption{withField("Upgrade", "websocket")}, checked: true, refresh: true},
	"WebSocket, versioned":   {options: []requestOption{withField("Upgrade", "h2c, WebSocket/13")}, checked: true, refresh: true},
	"WebSocket over HTTP/2":  {options: []requestOption{withMethod(http.MethodConnect)}, checked: true},
	"HEAD":                   {options: []requestOption{withMethod(http.MethodHead)}},
	"image":                  {options: []requestOption{withField("Sec-Fetch-Dest", "image")}, refresh: true},
	"script":                 {options: []requestOption{withField("Sec-Fetch-Dest", "empty")}, refresh: true},
	"other upgrade":          {options: []requestOption{withField("Upgrade", "h2c")}, refresh: true},
	"page":                   {options: []requestOption{asPageLoad}, outcome: true, refresh: true},
	"frame":                  {options: []requestOption{withField("Sec-Fetch-Dest", "iframe")}, outcome: true, refresh: true},
	"page of an old browser": {outcome: true, refresh: true},
}

// Every cookie that signs a user in or out passes the same gate: in each kind of
// request, from a page of this origin and from a page of another, with cross-origin
// protection and without.
func TestEveryCookiePassesTheGate(t *testing.T) {
	t.Parallel()
	fresh := signedInCookies(t)
	_, expired := expiredCookies(t)
	token := func(which string) requestOption {
		return withCookie("__clerk_handshake", mintHandshake(t, outcomes(t)[which]))
	}
	nonce := func(which string) requestOption { return withCookie("__clerk_handshake_nonce", which) }
	for way, in := range map[string]struct {
		cookies []requestOption
		taken   gateResult // when an outcome is adopted
		expired bool
	}{
		"fresh cookie":             {cookies: []requestOption{fresh}},
		"expired cookie":           {cookies: []requestOption{expired}, expired: true},
		"nonce":                    {cookies: []requestOption{fresh, nonce("session")}, taken: gateResult{outcomeUser, "", 1, 2}},
		"nonce, expired cookie":    {cookies: []requestOption{expired, nonce("session")}, taken: gateResult{outcomeUser, "", 1, 2}, expired: true},
		"nonce of a sign-out":      {cookies: []requestOption{fresh, nonce("empty")}, taken: gateResult{"", ReasonSessionTokenMissing, 1, 2}},
		"handshake token":          {cookies: []requestOption{fresh, token("session")}, taken: gateResult{outcomeUser, "", 0, 2}},
		"token, expired cookie":    {cookies: []requestOption{expired, token("session")}, taken: gateResult{outcomeUser, "", 0, 2}, expired: true},
		"sign-out token":           {cookies: []requestOption{fresh, token("empty")}, taken: gateResult{"", ReasonSessionTokenMissing, 0, 2}},
		"sign-out, expired cookie": {cookies: []requestOption{expired, token("empty")}, taken: gateResult{"", ReasonSessionTokenMissing, 0, 2}, expired: true},
	} {
		for kind, sent := range gateRequests {
			for _, foreign := range []bool{false, true} {
				for _, protected := range []bool{false, true} {
					name := fmt.Sprintf("%s, %s, foreign page %t, protection %t", way, kind, foreign, protected)
					want := gateResult{user: testUser}
					switch {
					case in.taken != (gateResult{}) && sent.outcome:
						want = in.taken
					case in.expired && !sent.refresh:
						want = gateResult{reason: "session-token-expired-refresh-non-eligible-non-get"}
					case protected && foreign && sent.checked:
						want = gateResult{reason: ReasonCrossOriginRequest}
					case in.expired:
						want = gateResult{user: testUser, calls: 1, cookies: 2}
					}
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						b := newGateBackend(t)
						var options []Option
						if protected {
							options = append(options, WithCrossOriginProtection(http.NewCrossOriginProtection()))
						}
						r := newRequest(t, "/", append(in.cookies[:len(in.cookies):len(in.cookies)], sent.options...)...)
						site, origin := "same-origin", "http://"+r.Host
						if foreign {
							site, origin = "same-site", "https://sibling.example.com"
						}
						r.Header.Set("Sec-Fetch-Site", site)
						r.Header.Set("Origin", origin)
						s := stateOf(t, b.authenticator(t, options...), r)
						got := gateResult{s.Auth().UserID, s.Reason, b.calls.Load(), len(s.Header["Set-Cookie"])}
						if got != want || s.Err() != nil || s.Header.Get("Location") != "" {
							t.Errorf("%+v, want %+v; err %v, location %q", got, want, s.Err(), s.Header.Get("Location"))
						}
					})
				}
			}
		}
	}
}

// A request that fails before the gate keeps its reason: it has no credentials that a
// page of another origin could misuse.
func TestReasonsBeforeTheGateAreKept(t *testing.T) {
	t.Parallel()
	protected := newTestAuthenticator(t, WithCrossOriginProtection(http.NewCrossOriginProtection()))
	token, _ := expiredCookies(t)
	for name, test := range map[string]struct {
		cookies requestOption
		reason  Reason
	}{
		"guest":              {func(*http.Request) {}, ReasonSessionTokenAndUATMissing},
		"forged token":       {signedInCookies(t, signedBy(otherKey())), ReasonTokenInvalidSignature},
		"template token":     {signedInCookies(t, withHeader("cat", categoryTemplate)), ReasonTokenTypeMismatch},
		"no refresh cookie":  {signedInCookie(token), "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"session signed out": {withCookie("__client_uat", "5"), ReasonClientUATButNoSessionToken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, "/", test.cookies, withField("Upgrade", "websocket"), withField("Origin", "https://evil.example"))
			if s := stateOf(t, protected, r); s.Reason != test.reason || s.Header["Set-Cookie"] != nil {
				t.Errorf("%v with %v, want reason %q", s, s.Header, test.reason)
			}
		})
	}
}

// Browsers let a page of another origin open a WebSocket with the user's cookies
// and read what it receives.
func TestCrossOriginProtectionChecksWebSockets(t *testing.T) {
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
		"from another site":      {a: protected, request: []requestOption{signedIn, socket, evil, elsewhere}, refused: true},
		"from another origin":    {a: protected, request: []requestOption{signedIn, socket, evil}, refused: true},
		"from the same origin":   {a: protected, request: []requestOption{signedIn, socket, withField("Origin", "http://app.example.com")}},
		"from a trusted origin":  {a: protected, request: []requestOption{signedIn, socket, withField("Origin", "https://partner.example.com")}},
		"not from a browser":     {a: protected, request: []requestOption{signedIn, socket}},
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
				t.Errorf("state is %v, want signed in", s)
			}
			if r.Method != http.MethodGet {
				t.Errorf("the request became a %s", r.Method)
			}
		})
	}
}

func TestCookieFlowRefusesUnsafeRequestsOfOtherOrigins(t *testing.T) {
	t.Parallel()
	protected := []Option{WithCrossOriginProtection(http.NewCrossOriginProtection())}
	signedIn := signedInCookies(t)
	post := withMethod(http.MethodPost)
	evil := withField("Origin", "https://evil.example")
	null := withField("Origin", "null")
	from := func(peer, host string) requestOption {
		return func(r *http.Request) {
			r.RemoteAddr = peer + ":1"
			r.Header.Set("X-Forwarded-Host", host)
		}
	}
	hidden := append([]Option{WithPublicOrigin("https://shop.example.com")}, protected...)
	runFlow(t, map[string]flowCase{
		"POST from another origin":          {options: protected, request: []requestOption{signedIn, post, evil}, status: StatusSignedOut, reason: ReasonCrossOriginRequest, message: "another origin"},
		"POST from a null origin":           {options: protected, request: []requestOption{signedIn, post, null}, status: StatusSignedOut, reason: ReasonCrossOriginRequest, message: "another origin"},
		"POST from another site":            {options: protected, request: []requestOption{signedIn, post, withField("Sec-Fetch-Site", "cross-site")}, status: StatusSignedOut, reason: ReasonCrossOriginRequest, message: "another origin"},
		"POST from the same origin":         {options: protected, request: []requestOption{signedIn, post, withField("Sec-Fetch-Site", "same-origin")}, status: StatusSignedIn},
		"POST through a proxy":              {options: protected, request: []requestOption{signedIn, post, withField("Origin", "https://shop.example.com"), from("127.0.0.1", "shop.example.com")}, status: StatusSignedIn},
		"POST that claims a proxy":          {options: protected, request: []requestOption{signedIn, post, evil, from("203.0.113.1", "evil.example")}, status: StatusSignedOut, reason: ReasonCrossOriginRequest, message: "another origin"},
		"POST from the host behind a proxy": {options: hidden, request: []requestOption{signedIn, post, withField("Origin", "http://app.example.com")}, status: StatusSignedOut, reason: ReasonCrossOriginRequest, message: "another origin"},
		"GET from another origin":           {options: protected, request: []requestOption{signedIn, evil}, status: StatusSignedIn},
		"POST with a bearer token":          {options: protected, request: []requestOption{signedIn, withBearer(mint(t)), post, evil}, status: StatusSignedIn},
		"POST without the protection":       {request: []requestOption{signedIn, post, evil}, status: StatusSignedIn},
		"POST without a valid session":      {options: protected, request: []requestOption{post, evil}, status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing},
	})
}
