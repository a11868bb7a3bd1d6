package auth

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// signedInCookies are those of a browser in production with a session.
func signedInCookies(tb testing.TB, opts ...mintOption) requestOption {
	token := mint(tb, opts...)
	return func(r *http.Request) {
		withCookie("__session", token)(r)
		withCookie("__client_uat", fmt.Sprint(testNow.Unix()-100))(r)
	}
}

var devBrowser = withCookie("__clerk_db_jwt", "dvb_2fZ")

func satelliteOptions() []Option {
	return []Option{WithSatellite(true), WithDomain("satellite.example"), WithSignInURL("https://app.example.com/sign-in")}
}

type flowCase struct {
	options []Option
	target  string
	request []requestOption
	status  Status
	reason  Reason
}

func runFlow(t *testing.T, tests map[string]flowCase) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := test.target
			if target == "" {
				target = "/"
			}
			s := stateOf(t, newTestAuthenticator(t, test.options...), newRequest(t, target, test.request...))
			if s.Status != test.status || s.Reason != test.reason {
				t.Errorf("state is %v, want %q, %q", s, test.status, test.reason)
			}
			if s.Auth().IsAuthenticated() != (test.status == StatusSignedIn) {
				t.Errorf("IsAuthenticated = %t with status %q", s.Auth().IsAuthenticated(), s.Status)
			}
			if s.Err() != nil {
				t.Errorf("Err = %v", s.Err())
			}
		})
	}
}

func TestCookieFlowOfASatellite(t *testing.T) {
	t.Parallel()
	live := satelliteOptions()
	dev := append(satelliteOptions(), WithPublishableKey(devKey))
	sync := append(satelliteOptions(), WithSatelliteAutoSync(true))
	devSync := append(dev[:len(dev):len(dev)], WithSatelliteAutoSync(true))
	satelliteSession := signedInCookies(t, withClaim("iss", "https://clerk.satellite.example"))
	runFlow(t, map[string]flowCase{
		"production, no cookies": {
			options: live, request: []requestOption{asPageLoad},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"production, no cookies, auto sync": {
			options: sync, request: []requestOption{asPageLoad},
			status: StatusHandshake, reason: ReasonSatelliteNeedsSyncing,
		},
		"production, asked to sync": {
			options: live, target: "/?__clerk_synced=false", request: []requestOption{asPageLoad, satelliteSession},
			status: StatusHandshake, reason: ReasonSatelliteNeedsSyncing,
		},
		"production, synced already": {
			options: sync, target: "/?__clerk_synced=true", request: []requestOption{asPageLoad},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"production, with a session": {
			options: live, request: []requestOption{asPageLoad, satelliteSession}, status: StatusSignedIn,
		},
		"production, no page load": {
			options: sync, status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"development, no cookies": {
			options: dev, request: []requestOption{asPageLoad},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"development, no cookies, auto sync": {
			options: devSync, request: []requestOption{asPageLoad},
			status: StatusHandshake, reason: ReasonSatelliteNeedsSyncing,
		},
		"development, asked to sync": {
			options: dev, target: "/?__clerk_synced=false", request: []requestOption{asPageLoad},
			status: StatusHandshake, reason: ReasonSatelliteNeedsSyncing,
		},
		"development, a satellite answers no sync": {
			options: dev, target: "/?__clerk_redirect_url=http://localhost:3000", request: []requestOption{devBrowser},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
	})
}

func TestCookieFlowInDevelopment(t *testing.T) {
	t.Parallel()
	dev := []Option{WithPublishableKey(devKey)}
	signedIn := signedInCookies(t)
	runFlow(t, map[string]flowCase{
		"primary responds to a satellite on this machine": {
			options: dev, target: "/?__clerk_redirect_url=http%3A%2F%2Flocalhost%3A3001%2Fx", request: []requestOption{devBrowser, signedIn},
			status: StatusSignedOut, reason: ReasonPrimaryRespondsToSyncing,
		},
		"primary ignores another host": {
			options: dev, target: "/?__clerk_redirect_url=https%3A%2F%2Fevil.example", request: []requestOption{devBrowser, signedIn},
			status: StatusSignedIn,
		},
		"primary ignores a path": {
			options: dev, target: "/?__clerk_redirect_url=%2F%2Fevil.example", request: []requestOption{devBrowser, signedIn},
			status: StatusSignedIn,
		},
		"primary ignores a user in the URL": {
			options: dev, target: "/?__clerk_redirect_url=http%3A%2F%2Flocalhost%40evil.example", request: []requestOption{devBrowser, signedIn},
			status: StatusSignedIn,
		},
		"primary ignores another scheme": {
			options: dev, target: "/?__clerk_redirect_url=javascript%3A%2F%2Flocalhost%2F%0aalert(1)", request: []requestOption{devBrowser, signedIn},
			status: StatusSignedIn,
		},
		"dev browser in the query": {
			options: dev, target: "/?__clerk_db_jwt=dvb_1", request: []requestOption{devBrowser, signedIn},
			status: StatusSignedOut, reason: ReasonDevBrowserSync,
		},
		"dev browser in the query, empty": {
			options: dev, target: "/?__clerk_db_jwt", request: []requestOption{devBrowser, signedIn},
			status: StatusSignedOut, reason: ReasonDevBrowserSync,
		},
		"no dev browser": {
			options: dev, request: []requestOption{signedIn},
			status: StatusSignedOut, reason: ReasonDevBrowserMissing,
		},
		"no dev browser, no cookies": {
			options: dev, status: StatusSignedOut, reason: ReasonDevBrowserMissing,
		},
		"dev browser with the suffix of the other set": {
			options: dev, request: []requestOption{withCookie("__clerk_db_jwt_"+cookieSuffix(devKey), "dvb_1"), signedIn},
			status: StatusSignedOut, reason: ReasonDevBrowserMissing,
		},
		"dev browser, no session": {
			options: dev, request: []requestOption{devBrowser},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"signed in": {options: dev, request: []requestOption{devBrowser, signedIn}, status: StatusSignedIn},
	})
}

func TestCookieFlowOfSessionAndClient(t *testing.T) {
	t.Parallel()
	uat := func(text string) requestOption { return withCookie("__client_uat", text) }
	session := func(opts ...mintOption) requestOption { return withCookie("__session", mint(t, opts...)) }
	runFlow(t, map[string]flowCase{
		"no cookies": {
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"uat of 0, no session": {
			request: []requestOption{uat("0")},
			status:  StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"session without uat": {
			request: []requestOption{session()},
			status:  StatusSignedOut, reason: ReasonSessionTokenButNoClientUAT,
		},
		"session with a uat of 0": {
			request: []requestOption{session(), uat("0")},
			status:  StatusSignedOut, reason: ReasonSessionTokenButNoClientUAT,
		},
		"session with garbage for uat": {
			request: []requestOption{session(), uat("garbage")},
			status:  StatusSignedOut, reason: ReasonSessionTokenButNoClientUAT,
		},
		"uat without session": {
			request: []requestOption{uat("1700000000")},
			status:  StatusSignedOut, reason: ReasonClientUATButNoSessionToken,
		},
		"session undecodable": {
			request: []requestOption{withCookie("__session", "x.y"), uat("1")},
			status:  StatusSignedOut, reason: ReasonTokenInvalid,
		},
		"session quoted": {
			request: []requestOption{withCookie("__session", `"`+mint(t)+`"`), uat("1")},
			status:  StatusSignedOut, reason: ReasonTokenInvalid,
		},
		"opaque machine token for a session": {
			request: []requestOption{withCookie("__session", "mt_1234"), uat("1")},
			status:  StatusSignedOut, reason: ReasonTokenInvalid,
		},
		"JWT of a machine": {
			request: []requestOption{session(withClaim("sub", "mch_1")), uat("1")},
			status:  StatusSignedOut, reason: ReasonTokenTypeMismatch,
		},
		"JWT of an OAuth application": {
			request: []requestOption{session(withHeader("typ", "at+jwt")), uat("1")},
			status:  StatusSignedOut, reason: ReasonTokenTypeMismatch,
		},
		"template token": {
			request: []requestOption{session(withHeader("cat", categoryTemplate)), uat("1")},
			status:  StatusSignedOut, reason: ReasonTokenTypeMismatch,
		},
		"template token, where templates are accepted": {
			options: []Option{WithTemplateTokens()},
			request: []requestOption{session(withHeader("cat", categoryTemplate)), uat("1")},
			status:  StatusSignedOut, reason: ReasonTokenTypeMismatch,
		},
		"template token older than the client": {
			request: []requestOption{session(withHeader("cat", categoryTemplate)), uat("9999999999")},
			status:  StatusSignedOut, reason: ReasonTokenTypeMismatch,
		},
		"JWT of a machine older than the client": {
			request: []requestOption{session(withClaim("sub", "mch_1")), uat("9999999999")},
			status:  StatusSignedOut, reason: ReasonTokenTypeMismatch,
		},
		"session older than the client": {
			request: []requestOption{session(), uat(fmt.Sprint(testNow.Unix() + 1))},
			status:  StatusSignedOut, reason: ReasonSessionTokenIATBeforeClientUAT,
		},
		"session as old as the client": {
			request: []requestOption{session(), uat(fmt.Sprint(testNow.Unix()))},
			status:  StatusSignedIn,
		},
		"session that does not say its age": {
			request: []requestOption{session(withoutClaim("iat")), uat("9999999999")},
			status:  StatusSignedIn,
		},
		"forged signature": {
			request: []requestOption{session(signedBy(otherKey())), uat("1")},
			status:  StatusSignedOut, reason: ReasonTokenInvalidSignature,
		},
		"party not authorized": {
			options: []Option{WithAuthorizedParties("https://other.example")},
			request: []requestOption{session(), uat("1")},
			status:  StatusSignedOut, reason: ReasonTokenInvalidAuthorizedParties,
		},
		"pending": {
			request: []requestOption{session(withClaim("sts", "pending")), uat("1")},
			status:  StatusPending,
		},
		"signed in":                      {request: []requestOption{session(), uat("1")}, status: StatusSignedIn},
		"signed in, cookie given twice":  {request: []requestOption{session(), withCookie("__session", "x"), uat("1")}, status: StatusSignedIn},
		"signed out, cookie given twice": {request: []requestOption{withCookie("__session", "x"), session(), uat("1")}, status: StatusSignedOut, reason: ReasonTokenInvalid},
	})
}

func TestCookieFlowOfATokenWhoseTimeIsNotNow(t *testing.T) {
	t.Parallel()
	expired := signedInCookies(t, withClaim("exp", testNow.Unix()-10), withClaim("iat", testNow.Unix()-70))
	refresh := withCookie("__refresh_"+cookieSuffix(liveKey), "r1")
	future := testNow.Unix() + 60
	runFlow(t, map[string]flowCase{
		"expired": {
			request: []requestOption{expired, asPageLoad},
			status:  StatusHandshake, reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie",
		},
		"expired, plain refresh cookie": {
			request: []requestOption{expired, withCookie("__refresh", "r1")},
			status:  StatusSignedOut, reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie",
		},
		"expired, refresh cookie, no client": {
			request: []requestOption{expired, refresh},
			status:  StatusSignedOut, reason: "session-token-expired-refresh-missing-api-client",
		},
		"expired, not GET": {
			request: []requestOption{expired, refresh, withMethod(http.MethodPost)},
			status:  StatusSignedOut, reason: "session-token-expired-refresh-non-eligible-non-get",
		},
		"expired, HEAD is not GET": {
			request: []requestOption{expired, refresh, withMethod(http.MethodHead)},
			status:  StatusSignedOut, reason: "session-token-expired-refresh-non-eligible-non-get",
		},
		"not active yet": {
			request: []requestOption{signedInCookies(t, withClaim("nbf", future), withClaim("iat", future))},
			status:  StatusSignedOut, reason: ReasonSessionTokenNBF,
		},
		"issued in the future": {
			request: []requestOption{signedInCookies(t, withClaim("iat", future))},
			status:  StatusSignedOut, reason: ReasonSessionTokenIATInTheFuture,
		},
	})
}

func TestCookieFlowNamesTheCarrierInItsMessage(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	s := stateOf(t, a, newRequest(t, "/", signedInCookies(t, signedBy(otherKey()))))
	if want := "(reason=token-invalid-signature, token-carrier=cookie)"; !strings.HasSuffix(s.Message, want) {
		t.Errorf("message is %q, want it to end %q", s.Message, want)
	}
	if got := s.Header.Get("X-Clerk-Auth-Message"); got != s.Message {
		t.Errorf("header says %q, state says %q", got, s.Message)
	}
}

func TestCookieFlowOfAPageThatAnotherOriginLedTo(t *testing.T) {
	t.Parallel()
	signedIn := signedInCookies(t)
	from := func(referrer string) []requestOption {
		return []requestOption{signedIn, asPageLoad, withField("Referer", referrer)}
	}
	away := flowCase{request: from("https://search.example/"), status: StatusHandshake, reason: ReasonPrimaryDomainCrossOriginSync}
	with := func(c flowCase, opts ...requestOption) flowCase {
		c.request = append(c.request[:len(c.request):len(c.request)], opts...)
		c.status, c.reason = StatusSignedIn, ""
		return c
	}
	satellite := flowCase{
		options: satelliteOptions(),
		request: []requestOption{signedInCookies(t, withClaim("iss", "https://clerk.satellite.example")), asPageLoad, withField("Referer", "https://search.example/")},
		status:  StatusSignedIn,
	}
	runFlow(t, map[string]flowCase{
		"another origin":            away,
		"another origin, app":       {request: from("android-app://com.example/"), status: StatusHandshake, reason: ReasonPrimaryDomainCrossOriginSync},
		"another scheme":            {request: from("https://app.example.com/"), status: StatusHandshake, reason: ReasonPrimaryDomainCrossOriginSync},
		"own origin":                {request: from("http://app.example.com/x"), status: StatusSignedIn},
		"own origin, port spelt":    {request: from("http://APP.example.com:80/x"), status: StatusSignedIn},
		"no referrer":               {request: []requestOption{signedIn, asPageLoad}, status: StatusSignedIn},
		"referrer that is no URL":   {request: from("search"), status: StatusSignedIn},
		"referrer without a host":   {request: from("https://"), status: StatusSignedIn},
		"frontend API":              {request: from("https://clerk.example.com/v1/x"), status: StatusSignedIn},
		"account portal":            {request: from("https://accounts.example.com/sign-in"), status: StatusSignedIn},
		"another account portal":    {request: from("https://accounts.evil.example/"), status: StatusHandshake, reason: ReasonPrimaryDomainCrossOriginSync},
		"redirected just now":       with(away, withCookie("__clerk_redirect_count", "1")),
		"no page load":              with(away, func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "empty") }),
		"not GET":                   with(away, withMethod(http.MethodPost)),
		"a satellite":               satellite,
		"public origin is the page": {options: []Option{WithPublicOrigin("https://search.example")}, request: from("https://search.example/"), status: StatusSignedIn},
	})
}

func TestCookieFlowRefusesUnsafeRequestsOfOtherOrigins(t *testing.T) {
	t.Parallel()
	protected := []Option{WithCrossOriginProtection(http.NewCrossOriginProtection())}
	signedIn := signedInCookies(t)
	post := withMethod(http.MethodPost)
	evil := withField("Origin", "https://evil.example")
	null := withField("Origin", "null")
	runFlow(t, map[string]flowCase{
		"POST of another origin":       {options: protected, request: []requestOption{signedIn, post, evil}, status: StatusSignedOut, reason: ReasonCrossOriginRequest},
		"POST of no origin":            {options: protected, request: []requestOption{signedIn, post, null}, status: StatusSignedOut, reason: ReasonCrossOriginRequest},
		"POST of another site":         {options: protected, request: []requestOption{signedIn, post, withField("Sec-Fetch-Site", "cross-site")}, status: StatusSignedOut, reason: ReasonCrossOriginRequest},
		"POST of the same origin":      {options: protected, request: []requestOption{signedIn, post, withField("Sec-Fetch-Site", "same-origin")}, status: StatusSignedIn},
		"GET of another origin":        {options: protected, request: []requestOption{signedIn, evil}, status: StatusSignedIn},
		"POST with a bearer token":     {options: protected, request: []requestOption{signedIn, withBearer(mint(t)), post, evil}, status: StatusSignedIn},
		"POST, protection not wanted":  {request: []requestOption{signedIn, post, evil}, status: StatusSignedIn},
		"POST without a valid session": {options: protected, request: []requestOption{post, evil}, status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing},
	})
}

func TestCookieFlowOfARequestWithoutAURL(t *testing.T) {
	t.Parallel()
	r := newRequest(t, "/", signedInCookies(t))
	r.URL = nil
	if s := stateOf(t, newTestAuthenticator(t), r); s.Status != StatusSignedIn {
		t.Errorf("state is %v", s)
	}
}
