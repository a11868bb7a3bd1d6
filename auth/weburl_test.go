package auth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The wanted URLs are what browsers and Node make of the same text.
func TestWebURLIsSpeltAsBrowsersDo(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"":                       "/",
		"/?":                     "/?",
		"/#":                     "/#",
		"/x/../y/%2e%2E/z/./%2e": "/z/",
		"/..":                    "/",
		"/a/..":                  "/",
		"/a/%2E./b/.":            "/b/",
		"/%2e%2e%2f/x":           "/%2e%2e%2f/x",
		"//evil/..//x":           "///x",
		"//evil.example/x":       "//evil.example/x",
		`/\evil.example\x`:       "//evil.example/x",
		"/user@evil:80":          "/user@evil:80",
		"/a^b{c}`d|e\"f<g>h[i]j~k%zz%e4;l=m:n@o!$&'()*+,": "/a^b%7Bc%7D%60d|e%22f%3Cg%3Eh[i]j~k%zz%e4;l=m:n@o!$&'()*+,",
		"/?a^b{c}`d|e\"f<g>h[i]\\j~k%zz%e4'/?":            "/?a^b{c}`d|e%22f%3Cg%3Eh[i]\\j~k%zz%e4%27/?",
		"/#a^b{c}`d|e\"f<g>h[i]\\j~k'?#x":                 "/#a^b{c}%60d|e%22f%3Cg%3Eh[i]\\j~k'?#x",
		"/é?é#é":                                          "/%C3%A9?%C3%A9#%C3%A9",
		"/\x7f?\x7f#\x7f":                                 "/%7F?%7F#%7F",
	} {
		if got := newWebURL(origin{"https", "app.example.com"}, target).String(); got != "https://app.example.com"+want {
			t.Errorf("%q is %q, want %q", target, got, want)
		}
	}
}

func TestParametersAreSpeltAsBrowsersDo(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"?":                     "",
		"?z":                    "",
		"?a=1&z=2&b=3&z=4":      "?a=1&b=3",
		"?a=%20b&c":             "?a=+b&c=",
		"?a=%20b&c&&=x":         "?a=+b&c=&=x",
		"?%7A=1&a%3Db=c=d":      "?a%3Db=c%3Dd",
		"?~*-._='()!;":          "?%7E*-._=%27%28%29%21%3B",
		"?a=%ff%e4%bd%a0%e4%bd": "?a=%EF%BF%BD%E4%BD%A0%EF%BF%BD",
		"?a=%F0%9F%98x%ED%A0%80&b=%C0%80&c=%EF%BB%BFz": "?a=%EF%BF%BDx%EF%BF%BD%EF%BF%BD%EF%BF%BD&b=%EF%BF%BD%EF%BF%BD&c=%EF%BB%BFz",
		"?g=%zz+%": "?g=%25zz+%25",
	} {
		if got := newWebURL(origin{"https", "a"}, "/"+query).without("z").String(); got != "https://a/"+want {
			t.Errorf("%q is %q, want %q", query, got, want)
		}
	}
	u := newWebURL(origin{"http", "a"}, "/p?a=1&b=2&a=3#f")
	if got := u.having("a", "9").having("c", "x y").String(); got != "http://a/p?a=9&b=2&c=x+y#f" {
		t.Errorf("replacing gives %q", got)
	}
	if got := u.String(); got != "http://a/p?a=1&b=2&a=3#f" {
		t.Errorf("the URL itself became %q", got)
	}
}

func TestPageIsAbsoluteOrAPath(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"/in": "://" + "/in", "https://A.example:443": "https://a.example/", "http://localhost:3000/x?y#z": "http://localhost:3000/x?y#z",
		"//evil.example": "", `/\evil.example`: "", "in": "", "": "", "ftp://a": "", "https://u@a": "", "https://": "", "javascript:alert(1)": "", "/%zz": "",
		`https://a\@evil.example/`: "", "https:/a": "", "https:a": "", " https://a": "",
	} {
		u, err := parsePage(raw)
		got := u.String()
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("%q is %q (%v), want %q", raw, got, err, want)
		}
	}
}

// The URL to come back to is the one that the browser sent, whatever handlers have
// made of the request.
func TestRequestURLIsWhatTheClientSent(t *testing.T) {
	t.Parallel()
	var p proxies
	r := newRequest(t, "/app/x%2Fy?q=1")
	http.StripPrefix("/app", reached(func(r *http.Request) {
		if u, ok := p.requestURL(r); !ok || u.String() != "http://app.example.com/app/x%2Fy?q=1" {
			t.Errorf("behind StripPrefix the URL is %q", u)
		}
	})).ServeHTTP(nil, r)
	for want, r := range map[string]*http.Request{
		"http://h.example/":        {Host: "h.example"},
		"http://h.example/a%2Fb":   {Host: "h.example", URL: &url.URL{Path: "/a/b", RawPath: "/a%2Fb"}},
		"http://h.example/?x":      {Host: "h.example", RequestURI: "http://evil.example/?x", URL: &url.URL{Scheme: "http", Host: "evil.example", Path: "/", RawQuery: "x"}},
		"http://h.example//evil/x": {Host: "h.example", RequestURI: "//evil/x", URL: &url.URL{Host: "evil", Path: "/x"}},
		"http://h.example/*":       {Host: "h.example", RequestURI: "*", URL: &url.URL{Path: "*"}},
	} {
		if u, ok := p.requestURL(r); !ok || u.String() != want {
			t.Errorf("the URL is %q, want %q", u, want)
		}
	}
}

// Whatever a request says of its place, the browser comes back to the own host.
func TestRedirectsAreToTheOwnHost(t *testing.T) {
	t.Parallel()
	const own = "http://app.example.com"
	target := func(raw string) requestOption {
		u, err := url.ParseRequestURI(raw)
		if err != nil {
			t.Fatal(err)
		}
		return func(r *http.Request) { r.RequestURI, r.URL = raw, u }
	}
	for name, test := range map[string]struct {
		request requestOption
		want    string
	}{
		"path of two slashes":          {target("//evil.example/x"), own + "//evil.example/x"},
		"path with a backslash":        {target(`/\evil.example`), own + "//evil.example"},
		"path that looks like a user":  {target("/@evil.example"), own + "/@evil.example"},
		"URL of another host":          {target("http://evil.example/x"), own + "/x"},
		"user before another host":     {target("https://app@evil.example/x"), own + "/x"},
		"parameter for the redirect":   {target("/?redirect_url=//evil.example"), own + "/?redirect_url=%2F%2Fevil.example"},
		"script for a target":          {target("javascript:alert(1)"), own + "/"},
		"forwarded host of a stranger": {withField("X-Forwarded-Host", "evil.example"), own + "/"},
		"forwarded by a stranger":      {withField("Forwarded", "host=evil.example;proto=https"), own + "/"},
		"scheme of a stranger":         {withField("X-Forwarded-Proto", "javascript"), own + "/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, "/", asPageLoad, withCookie("__client_uat", "1"), test.request)
			r.RemoteAddr = "203.0.113.1:1"
			s := stateOf(t, newTestAuthenticator(t), r)
			wantHandshake(t, s, ReasonClientUATButNoSessionToken, frontendURL(fapi, test.want, "false", ReasonClientUATButNoSessionToken, ""))
			withCookie("__clerk_handshake", mintHandshake(t, nil))(r)
			back := stateOf(t, newTestAuthenticator(t, WithPublishableKey(devKey)), r)
			if got := back.Header.Get("Location"); got != test.want {
				t.Errorf("after the handshake the browser is sent to %q, want %q", got, test.want)
			}
		})
	}
}

// Wherever the browser is sent, and whatever comes with the request: it goes to the
// frontend API and back to the own host.
func FuzzRedirectTarget(f *testing.F) {
	for _, target := range []string{"/", "//evil.example/x", `/\evil.example`, "/?redirect_url=https://evil.example", "/@evil.example", "/#\r\nX: y", "/?__clerk_db_jwt=a&__clerk_redirect_url=https://evil.example"} {
		f.Add(target, "evil.example", "https", "https://evil.example/")
	}
	f.Add("*", "app.example.com@evil.example", "javascript", "")
	live, dev := newTestAuthenticator(f), newTestAuthenticator(f, WithPublishableKey(devKey), WithSignInURL("/in"))
	f.Fuzz(func(t *testing.T, target, host, proto, referrer string) {
		r := newRequest(t, "/", asPageLoad, withCookie("__client_uat", "1"))
		r.RequestURI, r.RemoteAddr = target, "203.0.113.1:1"
		for name, value := range map[string]string{"X-Forwarded-Host": host, "Forwarded": "host=" + host, "X-Original-Url": host, "X-Forwarded-Proto": proto, "Referer": referrer, "Origin": referrer} {
			r.Header.Set(name, value)
		}
		for _, a := range []*Authenticator{live, dev} {
			s := stateOf(t, a, r)
			if s.Status != StatusHandshake {
				t.Fatalf("%q: state is %v", target, s)
			}
			location := s.Header.Get("Location")
			u, err := url.Parse(location)
			if err != nil || strings.ContainsAny(location, "\r\n\x00") {
				t.Fatalf("%q leads to %q", target, location)
			}
			if s.Reason == ReasonPrimaryRespondsToSyncing {
				o, err := parseOrigin(location)
				if err != nil || !o.isLoopback() {
					t.Errorf("%q leads to %q", target, location)
				}
				continue
			}
			if u.Scheme != "https" || u.Host != "clerk.example.com" || u.Path != "/v1/client/handshake" {
				t.Errorf("%q leads to %q", target, location)
			}
			if back := u.Query().Get("redirect_url"); !strings.HasPrefix(back, "http://app.example.com/") {
				t.Errorf("%q leads back to %q", target, back)
			}
		}
	})
}
