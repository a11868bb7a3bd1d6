package auth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	clerk "github.com/backend-sdk/clerk-go"
	"github.com/google/go-cmp/cmp"
)

// wantHandshake checks that a state sends the browser to location.
func wantHandshake(t *testing.T, s *State, reason Reason, location string) {
	t.Helper()
	if s.Status != StatusHandshake || s.Reason != reason {
		t.Fatalf("state is %v, want a handshake for %q", s, reason)
	}
	if diff := cmp.Diff(location, s.Header.Get("Location")); diff != "" {
		t.Errorf("Location (-want +got):\n%s", diff)
	}
	if s.Auth().IsAuthenticated() || s.Err() != nil {
		t.Errorf("a handshake is authenticated %t, err %v", s.Auth().IsAuthenticated(), s.Err())
	}
}

// frontendURL is what the frontend API is asked for by a request to the page /,
// with more parameters of the form &name=value.
func frontendURL(base, page, suffixed string, reason Reason, more string) string {
	return base + "/v1/client/handshake?redirect_url=" + url.QueryEscape(page) + "&__clerk_api_version=" + clerk.APIVersion +
		"&suffixed_cookies=" + suffixed + "&__clerk_hs_reason=" + string(reason) + "&format=nonce" + more
}

const (
	page = "http://app.example.com/"
	fapi = "https://clerk.example.com"
)

// Each row of the rules by which cookies are judged that calls for a redirect.
func TestCookieFlowRedirects(t *testing.T) {
	t.Parallel()
	token := mint(t)
	old := mint(t, withClaim("iat", testNow.Unix()-100))
	expired := mint(t, withClaim("exp", testNow.Unix()-10), withClaim("iat", testNow.Unix()-70))
	dev := []Option{WithPublishableKey(devKey)}
	devSatellite := append(satelliteOptions(), WithPublishableKey(devKey), WithSatelliteAutoSync(true))
	uat := withCookie("__client_uat", "1")
	for name, test := range map[string]struct {
		options  []Option
		target   string
		request  []requestOption
		reason   Reason
		location string
	}{
		"row 1b": {
			options: append(satelliteOptions(), WithSatelliteAutoSync(true)), reason: ReasonSatelliteNeedsSyncing,
			location: frontendURL("https://clerk.satellite.example", page, "false", ReasonSatelliteNeedsSyncing, ""),
		},
		"row 2b": {
			options: devSatellite, target: "/a?x=%20'&y#f", reason: ReasonSatelliteNeedsSyncing,
			location: "https://app.example.com/sign-in?__clerk_redirect_url=http%3A%2F%2Fapp.example.com%2Fa%3Fx%3D%2520%2527%26y%23f",
		},
		"row 2b, sign-in URL with a query": {
			options: append(devSatellite, WithSignInURL("https://app.example.com/in?a=~")), reason: ReasonSatelliteNeedsSyncing,
			location: "https://app.example.com/in?a=%7E&__clerk_redirect_url=http%3A%2F%2Fapp.example.com%2F",
		},
		"row 3": {
			options: dev, target: "/?__clerk_redirect_url=http%3A%2F%2Flocalhost%3A3001%2Fx%3F__clerk_synced%3Dfalse%26a%3D1%23f",
			request: []requestOption{devBrowser}, reason: ReasonPrimaryRespondsToSyncing,
			location: "http://localhost:3001/x?__clerk_synced=true&a=1&__clerk_db_jwt=dvb_2fZ#f",
		},
		"row 3, no dev browser": {
			options: dev, target: "/?__clerk_redirect_url=http://127.0.0.1", reason: ReasonPrimaryRespondsToSyncing,
			location: "http://127.0.0.1/?__clerk_synced=true",
		},
		"row 3, origin allowed": {
			options: append(dev, WithRedirectOrigins("https://shop.example")), target: "/?__clerk_redirect_url=https://SHOP.example:443/../y",
			request: []requestOption{devBrowser}, reason: ReasonPrimaryRespondsToSyncing,
			location: "https://shop.example/y?__clerk_db_jwt=dvb_2fZ&__clerk_synced=true",
		},
		"row 3, backslash": {
			options: dev, target: `/?__clerk_redirect_url=http://localhost/\\evil.example`, reason: ReasonPrimaryRespondsToSyncing,
			location: "http://localhost///evil.example?__clerk_synced=true",
		},
		"row 4": {
			options: dev, target: "/?a=b&__clerk_db_jwt=dvb_1&__dev_session=2&__clerk_db_jwt=3", reason: ReasonDevBrowserSync,
			location: frontendURL(fapi, page+"?a=b", "false", ReasonDevBrowserSync, "&__clerk_db_jwt=dvb_1"),
		},
		"row 5": {
			options: dev, reason: ReasonDevBrowserMissing,
			location: frontendURL(fapi, page, "false", ReasonDevBrowserMissing, ""),
		},
		"row 7": {
			request: []requestOption{withCookie("__session", token)}, reason: ReasonSessionTokenButNoClientUAT,
			location: frontendURL(fapi, page, "false", ReasonSessionTokenButNoClientUAT, "&__session="+token),
		},
		"row 8": {
			request: []requestOption{uat}, reason: ReasonClientUATButNoSessionToken,
			location: frontendURL(fapi, page, "false", ReasonClientUATButNoSessionToken, ""),
		},
		"row 8, suffixed": {
			request: []requestOption{withCookie("__client_uat_"+cookieSuffix(liveKey), "1")}, reason: ReasonClientUATButNoSessionToken,
			location: frontendURL(fapi, page, "true", ReasonClientUATButNoSessionToken, ""),
		},
		"row 11": {
			request: []requestOption{withCookie("__session", old), withCookie("__client_uat", "9999999999")}, reason: ReasonSessionTokenIATBeforeClientUAT,
			location: frontendURL(fapi, page, "false", ReasonSessionTokenIATBeforeClientUAT, "&__session="+old),
		},
		"row 12": {
			request: []requestOption{withCookie("__session", expired), uat}, reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie",
			location: frontendURL(fapi, page, "false", "session-token-expired-refresh-non-eligible-no-refresh-cookie", "&__session="+expired),
		},
		"row 13": {
			request: []requestOption{withCookie("__session", token), uat, withField("Referer", "https://search.example/")}, reason: ReasonPrimaryDomainCrossOriginSync,
			location: frontendURL(fapi, page, "false", ReasonPrimaryDomainCrossOriginSync, "&__session="+token),
		},
		"row 14": {
			options: []Option{WithOrganizationPatterns("/orgs/:slug")}, target: "/orgs/acme",
			request: []requestOption{withCookie("__session", token), uat}, reason: ReasonActiveOrganizationMismatch,
			location: frontendURL(fapi, page+"orgs/acme", "false", ReasonActiveOrganizationMismatch, "&__session="+token+"&organization_id=acme"),
		},
		"expired token of the header": {
			request: []requestOption{withBearer(expired)}, reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie",
			location: frontendURL(fapi, page, "false", "session-token-expired-refresh-non-eligible-no-refresh-cookie", "&__session="+expired),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := test.target
			if target == "" {
				target = "/"
			}
			a := newTestAuthenticator(t, test.options...)
			r := newRequest(t, target, append(test.request, asPageLoad)...)
			wantHandshake(t, stateOf(t, a, r), test.reason, test.location)
			if s := stateOf(t, a, newRequest(t, target, append(test.request, asPageLoad, withCookie("__clerk_redirect_count", "3"))...)); s.Status == StatusHandshake {
				t.Errorf("after three redirects the state is %v", s)
			}
			if s := stateOf(t, a, newRequest(t, target, append(test.request, asPageLoad, withMethod(http.MethodOptions))...)); s.Status == StatusHandshake || s.Header.Get("Location") != "" {
				t.Errorf("OPTIONS gives %v", s)
			}
		})
	}
}

// What the token of a session is refused for decides whether another can be had.
func TestRefusalsOfASessionToken(t *testing.T) {
	t.Parallel()
	future := testNow.Unix() + 60
	for name, test := range map[string]struct {
		token  []mintOption
		status Status
		reason Reason
	}{
		"token-expired":                    {[]mintOption{withClaim("exp", testNow.Unix()-10)}, StatusHandshake, "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"token-not-active-yet":             {[]mintOption{withClaim("nbf", future)}, StatusHandshake, ReasonSessionTokenNBF},
		"token-iat-in-the-future":          {[]mintOption{withClaim("iat", future)}, StatusHandshake, ReasonSessionTokenIATInTheFuture},
		"token-invalid-signature":          {[]mintOption{signedBy(otherKey())}, StatusSignedOut, ReasonTokenInvalidSignature},
		"token-invalid-algorithm":          {[]mintOption{withHeader("alg", "PS256")}, StatusSignedOut, ReasonTokenInvalidAlgorithm},
		"token-verification-failed":        {[]mintOption{withoutClaim("exp")}, StatusSignedOut, ReasonTokenVerificationFailed},
		"token-invalid":                    {[]mintOption{withHeader("typ", "jwt")}, StatusSignedOut, ReasonTokenInvalid},
		"token-invalid-authorized-parties": {[]mintOption{withoutClaim("azp")}, StatusSignedOut, ReasonTokenInvalidAuthorizedParties},
	} {
		a := newTestAuthenticator(t, WithAuthorizedParties(testParty))
		for carrier, credentials := range map[string]requestOption{"cookie": signedInCookies(t, test.token...), "header": withBearer(mint(t, test.token...))} {
			s := stateOf(t, a, newRequest(t, "/", credentials, asPageLoad))
			if s.Status != test.status || s.Reason != test.reason || !strings.HasSuffix(s.Message, ", token-carrier="+carrier+")") {
				t.Errorf("%s in a %s: state is %v, message %q", name, carrier, s, s.Message)
			}
		}
	}
}

func TestHandshakeIsForPageLoadsOnly(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	dest := func(value string) requestOption { return withField("Sec-Fetch-Dest", value) }
	accept := func(value string) requestOption { return withField("Accept", value) }
	for name, test := range map[string]struct {
		request []requestOption
		want    Status
	}{
		"document":             {[]requestOption{dest("document")}, StatusHandshake},
		"iframe":               {[]requestOption{dest("iframe")}, StatusHandshake},
		"script":               {[]requestOption{dest("empty"), accept("text/html")}, StatusSignedOut},
		"old browser":          {[]requestOption{accept("text/html,application/xhtml+xml")}, StatusHandshake},
		"HTML among others":    {[]requestOption{accept("application/json, text/html")}, StatusSignedOut},
		"anything":             {[]requestOption{accept("*/*")}, StatusSignedOut},
		"nothing said":         {nil, StatusSignedOut},
		"POST":                 {[]requestOption{dest("document"), withMethod(http.MethodPost)}, StatusSignedOut},
		"HEAD":                 {[]requestOption{dest("document"), withMethod(http.MethodHead)}, StatusSignedOut},
		"OPTIONS":              {[]requestOption{dest("document"), withMethod(http.MethodOptions)}, StatusSignedOut},
		"host that is no host": {[]requestOption{dest("document"), func(r *http.Request) { r.Host = "a b" }}, StatusSignedOut},
		"expired header token": {[]requestOption{dest("document"), withBearer(mint(t, withClaim("exp", 1)))}, StatusHandshake},
	} {
		s := stateOf(t, a, newRequest(t, "/", append(test.request, withCookie("__client_uat", "1"))...))
		if s.Status != test.want || s.Status == StatusSignedOut && s.Header.Get("Location") != "" {
			t.Errorf("%s: state is %v", name, s)
		}
	}
	bearerOnly, err := New(nil, WithJWTKey(testPEM(t)), WithoutCookies(), WithClock(testClock))
	if err != nil {
		t.Fatal(err)
	}
	if s := stateOf(t, bearerOnly, newRequest(t, "/", asPageLoad, withBearer(mint(t, withClaim("exp", testNow.Unix()-10))))); s.Status != StatusSignedOut {
		t.Errorf("without cookies the state is %v", s)
	}
}

func TestHandshakesAreCounted(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	for count, want := range map[string]string{
		"": "1", "0": "1", "1": "2", "2": "3", "x": "1", "-7": "1", "3": "", "4": "", "99999999999999999999": "",
	} {
		s := stateOf(t, a, newRequest(t, "/", asPageLoad, withCookie("__client_uat", "1"), withCookie("__clerk_redirect_count", count)))
		got := strings.Join(s.Header["Set-Cookie"], "|")
		if want == "" {
			if s.Status != StatusSignedOut || s.Reason != ReasonClientUATButNoSessionToken || got != "" || s.Header.Get("Location") != "" {
				t.Errorf("count %q: state is %v with %v", count, s, s.Header)
			}
			continue
		}
		if want := "__clerk_redirect_count=" + want + "; SameSite=Lax; HttpOnly; Max-Age=2"; got != want {
			t.Errorf("count %q: cookie is %q, want %q", count, got, want)
		}
		if got := s.Header.Get("Cache-Control"); got != "private, no-store" {
			t.Errorf("Cache-Control is %q", got)
		}
	}
}

// Nobody is sent anywhere with what is longer than any URL or token of Clerk's.
func TestHandshakeURLIsBounded(t *testing.T) {
	t.Parallel()
	const most = 200 << 10
	huge := strings.Repeat(`"`, 900<<10)
	development := WithPublishableKey(devKey)
	patterns := []Option{WithOrganizationPatterns("/orgs/:slug", "/(.*)/x/(.*)"), WithPersonalAccountPatterns("/:a/:b?/:c*")}
	signedIn, synced := withCookie("__client_uat", "1"), withCookie("__clerk_db_jwt", "d")
	for name, test := range map[string]struct {
		options []Option
		target  string
		request []requestOption
		status  Status
	}{
		"path":            {patterns, "/" + huge, []requestOption{signedIn}, StatusSignedOut},
		"query":           {nil, "/?" + strings.Repeat("&a", 450<<10), []requestOption{signedIn}, StatusSignedOut},
		"satellite":       {[]Option{development, WithSatellite(true), WithDomain("s.example"), WithSignInURL("https://p.example/in")}, "/?__clerk_synced=false&" + huge, nil, StatusSignedOut},
		"asking page":     {[]Option{development}, "/?__clerk_redirect_url=http://localhost/" + huge, []requestOption{synced}, StatusSignedOut},
		"session":         {nil, "/", []requestOption{withCookie("__session", huge)}, StatusHandshake},
		"dev browser":     {[]Option{development}, "/", []requestOption{withCookie("__clerk_db_jwt", huge)}, StatusHandshake},
		"back from Clerk": {[]Option{development}, "/?" + huge, []requestOption{withCookie("__clerk_handshake", mintHandshake(t, nil))}, StatusSignedOut},
		"longest target":  {nil, "/" + strings.Repeat("a", maxTarget-1), []requestOption{signedIn}, StatusHandshake},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, "/", append(test.request, asPageLoad)...)
			r.RequestURI = test.target
			s := stateOf(t, newTestAuthenticator(t, test.options...), r)
			location := s.Header.Get("Location")
			if s.Status != test.status || len(location) > most || (location != "") != (test.status == StatusHandshake) {
				t.Errorf("state is %v with a location of %d bytes", s, len(location))
			}
		})
	}
}

// The order of the parameters, and their bytes as a browser would write them.
func TestHandshakeURLToTheByte(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithPublishableKey(devKey), WithOrganizationPatterns("/orgs/:id/(.*)"), WithPersonalAccountPatterns("/me"))
	token := withCookie("__session", "a.b~c")
	for name, test := range map[string]struct{ target, want string }{
		"all of them": {
			target: "/orgs/a%20b/x;y?a=%20b&c&&=x&d=%ff%e4%bd%a0%e4%bd&~*-._='()!&__clerk_db_jwt=d+1#f%20g",
			want: "https://clerk.example.com/v1/client/handshake?redirect_url=http%3A%2F%2Fapp.example.com%2Forgs%2Fa%2520b%2Fx%3By%3Fa%3D%2Bb%26c%3D%26%3Dx%26d%3D%25EF%25BF%25BD%25E4%25BD%25A0%25EF%25BF%25BD%26%257E*-._%3D%2527%2528%2529%2521%23f%2520g" +
				"&__clerk_api_version=2026-05-12&suffixed_cookies=false&__clerk_hs_reason=dev-browser-sync&format=nonce&__session=a.b%7Ec&__clerk_db_jwt=d+1&organization_id=a%2520b",
		},
		"personal account": {
			target: "/me/?__clerk_db_jwt=%2A",
			want: "https://clerk.example.com/v1/client/handshake?redirect_url=http%3A%2F%2Fapp.example.com%2Fme%2F" +
				"&__clerk_api_version=2026-05-12&suffixed_cookies=false&__clerk_hs_reason=dev-browser-sync&format=nonce&__session=a.b%7Ec&__clerk_db_jwt=*&organization_id=",
		},
	} {
		s := stateOf(t, a, newRequest(t, test.target, asPageLoad, token))
		t.Run(name, func(t *testing.T) { wantHandshake(t, s, ReasonDevBrowserSync, test.want) })
	}
}

func TestHandshakeGoesToTheFrontend(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options []Option
		want    string
	}{
		"frontend API":                    {want: "https://clerk.example.com/v1/client/handshake"},
		"proxy":                           {options: []Option{WithProxyURL("https://Proxy.example/__clerk//")}, want: "https://proxy.example/__clerk/v1/client/handshake"},
		"proxy on the own host":           {options: []Option{WithProxyURL("/__clerk/")}, want: "http://app.example.com/__clerk/v1/client/handshake"},
		"proxy on the public host":        {options: []Option{WithProxyURL("/__clerk"), WithPublicOrigin("https://www.example")}, want: "https://www.example/__clerk/v1/client/handshake"},
		"host that begins like a scheme":  {options: []Option{WithPublishableKey(publishableKeyOf("pk_live_", "httpfoo.example"))}, want: "https://httpfoo.example/v1/client/handshake"},
		"satellite":                       {options: satelliteOptions(), want: "https://clerk.satellite.example/v1/client/handshake"},
		"domain of none but a satellite":  {options: []Option{WithDomain("x.example")}, want: "https://clerk.example.com/v1/client/handshake"},
		"satellite in development":        {options: append(satelliteOptions(), WithPublishableKey(devKey)), want: "https://clerk.example.com/v1/client/handshake"},
		"satellite with a proxy":          {options: append(satelliteOptions(), WithProxyURL("https://p.example")), want: "https://p.example/v1/client/handshake"},
		"proxy of a development instance": {options: []Option{WithPublishableKey(devKey), WithProxyURL("http://localhost:1/p")}, want: "http://localhost:1/p/v1/client/handshake"},
	} {
		s := stateOf(t, newTestAuthenticator(t, test.options...), newRequest(t, "/?__clerk_synced=true", asPageLoad, devBrowser, withCookie("__client_uat", "1")))
		got, _, _ := strings.Cut(s.Header.Get("Location"), "?")
		if s.Status != StatusHandshake || got != test.want {
			t.Errorf("%s: %v leads to %q, want %q", name, s, got, test.want)
		}
	}
}
