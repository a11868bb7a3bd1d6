package auth

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A session token never stands in a URL that a production instance sends a browser to over
// plain http, whoever ended TLS in front of the service.
func TestNoSessionInAPlainHTTPURL(t *testing.T) {
	t.Parallel()
	proxy, production, development := WithProxyURL("/__clerk"), WithPublishableKey(liveKey), WithPublishableKey(devKey)
	stale := mint(t, withClaim("iat", testNow.Unix()-100))
	cookies := []requestOption{withCookie("__session", stale), withCookie("__client_uat", "99999999999"), withCookie("__clerk_db_jwt", "dvb_1"), asPageLoad}
	bearer := []requestOption{withBearer(mint(t, withClaim("exp", testNow.Unix()-60))), asPageLoad, withCookie("__clerk_db_jwt", "dvb_1")}
	from := func(peer, proto string) requestOption {
		return func(r *http.Request) {
			r.RemoteAddr = peer
			r.Header.Set("X-Forwarded-Proto", proto)
		}
	}
	local := func(r *http.Request) { r.Host = "localhost:8080" }
	for name, test := range map[string]struct {
		options []Option
		request []requestOption
		scheme  string
		sent    bool // whether the URL has the token
	}{
		"balancer that is not trusted":     {[]Option{production, proxy}, []requestOption{from("203.0.113.1:1", "https")}, "http", false},
		"no balancer":                      {[]Option{production, proxy}, nil, "http", false},
		"balancer that is trusted":         {[]Option{production, proxy, WithTrustedProxies("203.0.113.1")}, []requestOption{from("203.0.113.1:1", "https")}, "https", true},
		"balancer that says http":          {[]Option{production, proxy}, []requestOption{from("10.0.0.1:1", "http")}, "http", false},
		"public origin":                    {[]Option{production, proxy, WithPublicOrigin("https://app.example.com")}, nil, "https", true},
		"this machine":                     {[]Option{production, proxy}, []requestOption{local}, "http", true},
		"development":                      {[]Option{development, proxy}, nil, "http", true},
		"the frontend API is over https":   {[]Option{production}, nil, "https", true},
		"a proxy elsewhere, over https":    {[]Option{production, WithProxyURL("https://proxy.example/x")}, nil, "https", true},
		"a proxy on this machine, no path": {[]Option{production, WithProxyURL("http://localhost:9000")}, nil, "http", true},
	} {
		for carrier, credentials := range map[string][]requestOption{"cookie": cookies, "header": bearer} {
			t.Run(name+"/"+carrier, func(t *testing.T) {
				t.Parallel()
				s := stateOf(t, newTestAuthenticator(t, test.options...), newRequest(t, "/p", append(test.request, credentials...)...))
				u, err := url.Parse(s.Header.Get("Location"))
				if err != nil || s.Status != StatusHandshake || u.Scheme != test.scheme {
					t.Fatalf("state is %v with %v", s, s.Header)
				}
				if sent := u.Query().Has("__session"); sent != test.sent {
					t.Errorf("%s has the session: %t, want %t", u, sent, test.sent)
				}
			})
		}
	}
}

// What keeps a production instance from knowing its own address is logged once.
func TestUnlikelyOriginIsLogged(t *testing.T) {
	t.Parallel()
	page := []requestOption{asPageLoad, withCookie("__client_uat", "1"), withCookie("__clerk_db_jwt", "dvb_1")}
	host := func(name string) requestOption { return func(r *http.Request) { r.Host = name } }
	stranger := func(r *http.Request) {
		r.RemoteAddr = "203.0.113.1:1"
		r.Header.Set("X-Forwarded-Host", "app.example.com")
		r.Header.Set("X-Forwarded-Proto", "https")
	}
	ignored := map[string]any{"peer": "203.0.113.1:1", "headers": []any{"X-Forwarded-Host", "X-Forwarded-Proto"}}
	for name, test := range map[string]struct {
		options []Option
		request []requestOption
		want    []map[string]any
	}{
		"http":                 {nil, nil, []map[string]any{{"scheme": "http", "host": "app.example.com"}}},
		"loopback":             {nil, []requestOption{host("127.0.0.1:8080")}, []map[string]any{{"scheme": "http", "host": "127.0.0.1:8080"}}},
		"private":              {nil, []requestOption{host("10.1.2.3")}, []map[string]any{{"scheme": "http", "host": "10.1.2.3"}}},
		"public origin":        {[]Option{WithPublicOrigin("https://app.example.com")}, []requestOption{stranger}, nil},
		"development":          {[]Option{WithPublishableKey(devKey)}, nil, nil},
		"headers of strangers": {nil, []requestOption{stranger}, []map[string]any{ignored, {"scheme": "http", "host": "app.example.com"}}},
		"trusted":              {[]Option{WithTrustedProxies("203.0.113.1")}, []requestOption{stranger}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			option, records := debugLog(slog.LevelInfo)
			a := newTestAuthenticator(t, append(test.options, option)...)
			for range 3 {
				stateOf(t, a, newRequest(t, "/", append(test.request, page...)...))
			}
			got := records(t)
			for _, record := range got {
				if record["level"] != "WARN" {
					t.Errorf("record is %v", record)
				}
				delete(record, "level")
				delete(record, "msg")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

// A refresh tells Clerk about the browser and its way here, and no credential for others.
func TestRefreshReportsAListOfHeaders(t *testing.T) {
	t.Parallel()
	told := []string{
		"Origin", "Referer", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "DNT", "Sec-GPC", "Sec-CH-UA", "Sec-CH-UA-Platform",
		"Sec-Fetch-Site", "Sec-Fetch-Dest", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port",
		"X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "CF-IPCountry", "CloudFront-Forwarded-Proto", "CloudFront-Viewer-Address", "X-Clerk-Test",
	}
	kept := []string{
		"Authorization", "Proxy-Authorization", "X-Api-Key", "X-Auth-Token", "Cf-Access-Jwt-Assertion", "X-Amzn-Oidc-Data", "X-Amzn-Oidc-Accesstoken",
		"X-Csrf-Token", "X-Goog-Iap-Jwt-Assertion", "X-Forwarded-Access-Token", "X-Ms-Token-Aad-Access-Token", "Sec-Websocket-Protocol", "X-Clerk", "Cookie2",
	}
	r := newRequest(t, "/")
	for _, name := range append(told, kept...) {
		r.Header.Set(name, "v")
	}
	a := newTestAuthenticator(t)
	c := a.readCookieRequest(r)
	want := map[string][]string{"host": {"app.example.com"}}
	for _, name := range told {
		want[http.CanonicalHeaderKey(name)] = []string{"v"}
	}
	got := map[string][]string{}
	for name, values := range c.reportedHeaders() {
		if name != "host" {
			name = http.CanonicalHeaderKey(name)
		}
		got[name] = values
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

// A long query costs a request little, in development too.
func TestLongQueryCostsARequestLittle(t *testing.T) {
	long := make([]byte, 0, 1<<20)
	for len(long) < 1<<20 {
		long = append(long, "%41=&"...)
	}
	for _, key := range []string{liveKey, devKey} {
		a := newTestAuthenticator(t, WithPublishableKey(key))
		r := newRequest(t, "/?"+string(long), signedInCookies(t), withCookie("__clerk_db_jwt", "dvb_1"))
		allocations := testing.AllocsPerRun(5, func() {
			if _, err := a.Authenticate(r); err != nil {
				t.Fatal(err)
			}
		})
		if allocations > 100 {
			t.Errorf("a request allocates %v times", allocations)
		}
	}
}

// FuzzSessionTokensInURLs checks that a session token only ever stands in an https URL, or
// in one of this machine, whatever the request says about itself.
func FuzzSessionTokensInURLs(f *testing.F) {
	for _, proto := range []string{"https", "http", " https ", "https,http", "", "HTTPS", "javascript"} {
		f.Add("app.example.com", "localhost", proto, "10.0.0.1:1", "/")
		f.Add("localhost:3000", "app.example.com", proto, "203.0.113.1:1", "/?a=b")
		f.Add("127.0.0.1.example.com", "", proto, "", "//localhost/")
	}
	f.Add("[::1]", "[::ffff:127.0.0.1]", "http", "127.0.0.1:1", "/")
	a := newTestAuthenticator(f, WithProxyURL("/__clerk"))
	expired := mint(f, withClaim("exp", testNow.Unix()-60))
	f.Fuzz(func(t *testing.T, host, forwardedHost, proto, peer, target string) {
		r := newRequest(t, "/", asPageLoad, withCookie("__session", expired), withCookie("__client_uat", "1"), at(host), from(peer))
		r.RequestURI, r.Header["X-Forwarded-Host"], r.Header["X-Forwarded-Proto"] = target, []string{forwardedHost}, []string{proto}
		location := stateOf(t, a, r).Header.Get("Location")
		if location == "" {
			return
		}
		u, err := url.Parse(location)
		if err != nil {
			t.Fatalf("Location is %q: %v", location, err)
		}
		local := u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost")
		if ip := net.ParseIP(u.Hostname()); ip != nil {
			local = ip.IsLoopback()
		}
		if sent := strings.Contains(location, expired); sent != (u.Scheme == "https" || local) {
			t.Errorf("the token is sent: %t, to %q", sent, location)
		}
	})
}
