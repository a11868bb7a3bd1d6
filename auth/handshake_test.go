package auth

import (
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

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
		"neither header":       {nil, StatusSignedOut},
		"POST":                 {[]requestOption{dest("document"), withMethod(http.MethodPost)}, StatusSignedOut},
		"HEAD":                 {[]requestOption{dest("document"), withMethod(http.MethodHead)}, StatusSignedOut},
		"OPTIONS":              {[]requestOption{dest("document"), withMethod(http.MethodOptions)}, StatusSignedOut},
		"invalid host":         {[]requestOption{dest("document"), func(r *http.Request) { r.Host = "a b" }}, StatusSignedOut},
		"expired header token": {[]requestOption{dest("document"), withBearer(mint(t, withClaim("exp", 1)))}, StatusHandshake},
	} {
		t.Run(name, func(t *testing.T) {
			s := stateOf(t, a, newRequest(t, "/", append(test.request, withCookie("__client_uat", "1"))...))
			if s.Status != test.want || (s.Status == StatusHandshake) != (s.Header.Get("Location") != "") {
				t.Errorf("state is %v with %v", s, s.Header)
			}
		})
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
		t.Run("redirect count "+count, func(t *testing.T) {
			s := stateOf(t, a, newRequest(t, "/", asPageLoad, withCookie("__client_uat", "1"), withCookie("__clerk_redirect_count", count)))
			got := strings.Join(s.Header["Set-Cookie"], "|")
			if want == "" {
				if s.Status != StatusSignedOut || s.Reason != ReasonClientUATButNoSessionToken || got != "" || s.Header.Get("Location") != "" {
					t.Errorf("state is %v with %v", s, s.Header)
				}
				return
			}
			if want := "__clerk_redirect_count=" + want + "; SameSite=Lax; HttpOnly; Max-Age=2"; got != want {
				t.Errorf("cookie is %q, want %q", got, want)
			}
			if got := s.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control is %q", got)
			}
		})
	}
}

// A redirect contains nothing that is longer than Clerk's URLs and tokens are.
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
		"path":                {patterns, "/" + huge, []requestOption{signedIn}, StatusSignedOut},
		"query":               {nil, "/?" + strings.Repeat("&a", 450<<10), []requestOption{signedIn}, StatusSignedOut},
		"satellite":           {[]Option{development, WithSatellite(true), WithDomain("s.example"), WithSignInURL("https://p.example/in")}, "/?__clerk_synced=false&" + huge, nil, StatusSignedOut},
		"page of a satellite": {[]Option{development}, "/?__clerk_redirect_url=http://localhost/" + huge, []requestOption{synced}, StatusSignedOut},
		"session":             {nil, "/", []requestOption{withCookie("__session", huge)}, StatusHandshake},
		"dev browser":         {[]Option{development}, "/", []requestOption{withCookie("__clerk_db_jwt", huge)}, StatusHandshake},
		"back from Clerk":     {[]Option{development}, "/?" + huge, []requestOption{withCookie("__clerk_handshake", mintHandshake(t, nil))}, StatusSignedOut},
		"longest target":      {nil, "/" + strings.Repeat("a", weburl.MaxTarget-1), []requestOption{signedIn}, StatusHandshake},
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
		"proxy on its own host":           {options: []Option{WithProxyURL("/__clerk/")}, want: "http://app.example.com/__clerk/v1/client/handshake"},
		"proxy on the public host":        {options: []Option{WithProxyURL("/__clerk"), WithPublicOrigin("https://www.example")}, want: "https://www.example/__clerk/v1/client/handshake"},
		"host that begins like a scheme":  {options: []Option{WithPublishableKey(publishableKeyOf("pk_live_", "httpfoo.example"))}, want: "https://httpfoo.example/v1/client/handshake"},
		"satellite":                       {options: satelliteOptions(), want: "https://clerk.satellite.example/v1/client/handshake"},
		"domain without a satellite":      {options: []Option{WithDomain("x.example")}, want: "https://clerk.example.com/v1/client/handshake"},
		"satellite in development":        {options: append(satelliteOptions(), WithPublishableKey(devKey)), want: "https://clerk.example.com/v1/client/handshake"},
		"satellite with a proxy":          {options: append(satelliteOptions(), WithProxyURL("https://p.example")), want: "https://p.example/v1/client/handshake"},
		"proxy of a development instance": {options: []Option{WithPublishableKey(devKey), WithProxyURL("http://localhost:1/p")}, want: "http://localhost:1/p/v1/client/handshake"},
	} {
		t.Run(name, func(t *testing.T) {
			s := stateOf(t, newTestAuthenticator(t, test.options...), newRequest(t, "/?__clerk_synced=true", asPageLoad, devBrowser, withCookie("__client_uat", "1")))
			got, _, _ := strings.Cut(s.Header.Get("Location"), "?")
			if s.Status != StatusHandshake || got != test.want {
				t.Errorf("%v redirects to %q, want %q", s, got, test.want)
			}
		})
	}
}
