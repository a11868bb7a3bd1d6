package weburl_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// requestURL returns the URL of a request for target that was sent to scheme and host.
func requestURL(scheme, host, target string) weburl.URL {
	p := weburl.Proxies{Public: weburl.Origin{Scheme: scheme, Host: host}}
	u, _ := p.RequestURL(&http.Request{RequestURI: target})
	return u
}

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
		if got := requestURL("https", "app.example.com", target).String(); got != "https://app.example.com"+want {
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
		if got := requestURL("https", "a", "/"+query).Without("z").String(); got != "https://a/"+want {
			t.Errorf("%q is %q, want %q", query, got, want)
		}
	}
	u := requestURL("http", "a", "/p?a=1&b=2&a=3#f")
	if got := u.WithSet("a", "9").WithSet("c", "x y").String(); got != "http://a/p?a=9&b=2&c=x+y#f" {
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
		u, err := weburl.ParsePage(raw)
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
	var p weburl.Proxies
	r := newRequest(t, "/app/x%2Fy?q=1")
	http.StripPrefix("/app", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if u, ok := p.RequestURL(r); !ok || u.String() != "http://app.example.com/app/x%2Fy?q=1" {
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
		if u, ok := p.RequestURL(r); !ok || u.String() != want {
			t.Errorf("the URL is %q, want %q", u, want)
		}
	}
}
