package weburl_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// The URL is the one that the client sent, whatever handlers have made of the request.
func TestRequestURLIsWhatTheClientSent(t *testing.T) {
	t.Parallel()
	var p weburl.Proxies
	r := newRequest(t, "/app/x%2Fy?q=1")
	http.StripPrefix("/app", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if u, ok := p.RequestURL(r); !ok || u.String() != "http://app.example.com/app/x%2Fy?q=1" {
			t.Errorf("after StripPrefix the URL is %q", u)
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

func TestRequestURLNeedsAHostAndAShortTarget(t *testing.T) {
	t.Parallel()
	longest := "/" + strings.Repeat("a", weburl.MaxTarget-1)
	for name, test := range map[string]struct {
		host, target, want string
		ok                 bool
	}{
		"longest target":  {"a.example", longest, "http://a.example" + longest, true},
		"longer target":   {"a.example", longest + "a", "http://a.example/", false},
		"invalid host":    {"a@b", "/x", "http:///x", false},
		"no host":         {"", "/x", "http:///x", false},
		"host in capital": {"A.Example:80", "/X", "http://a.example/X", true},
	} {
		var p weburl.Proxies
		u, ok := p.RequestURL(&http.Request{Host: test.host, RequestURI: test.target})
		if u.String() != test.want || ok != test.ok {
			t.Errorf("%s: the URL is %q, %t, want %q, %t", name, u, ok, test.want, test.ok)
		}
	}
}

// FuzzRequestURL checks that nothing in a request but its host decides about the host.
func FuzzRequestURL(f *testing.F) {
	for _, target := range []string{"/", "", "*", "//evil.example/x", `/\evil.example`, "/@evil.example", "/?u=https://evil.example", "/#\r\nX: y", "/%2e%2e//evil", "http://evil.example/", "/é?é#é"} {
		f.Add("app.example.com", target, "evil.example", "https")
	}
	f.Add("app.example.com@evil.example", "/", "a/b", "javascript")
	f.Add("app.example.com", "/", "app.example.com", " https")
	f.Fuzz(func(t *testing.T, host, target, forwardedHost, forwardedProto string) {
		r := &http.Request{Host: host, RequestURI: target, RemoteAddr: "203.0.113.1:1", Header: http.Header{
			"X-Forwarded-Host": {forwardedHost}, "X-Forwarded-Proto": {forwardedProto}, "Forwarded": {"host=" + forwardedHost},
		}}
		var p weburl.Proxies
		u, ok := p.RequestURL(r)
		own, err := weburl.NewOrigin("http", host)
		if ok != (err == nil && len(target) <= weburl.MaxTarget) {
			t.Fatalf("RequestURL of %q at %q is %q, %t", target, host, u, ok)
		}
		if !ok {
			return
		}
		for _, u := range []weburl.URL{u, u.Below("x"), u.WithSet("a", target), u.Without("a")} {
			wantOrigin(t, u, own)
		}
		r.RemoteAddr = "127.0.0.1:1"
		firstHost, _, _ := strings.Cut(forwardedHost, ",")
		firstProto, _, _ := strings.Cut(forwardedProto, ",")
		if forwarded, err := weburl.NewOrigin(strings.Trim(firstProto, " \t"), strings.Trim(firstHost, " \t")); err == nil {
			own = forwarded
		}
		u, _ = p.RequestURL(r)
		wantOrigin(t, u, own)
	})
}
