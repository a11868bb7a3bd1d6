package weburl_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// requestOption changes a request that a test makes.
type requestOption func(*http.Request)

// withField adds a header field to the request.
func withField(name, value string) requestOption {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

// newRequest returns a GET request to http://app.example.com.
func newRequest(tb testing.TB, target string, opts ...requestOption) *http.Request {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, target, nil)
	r.Host = "app.example.com"
	for _, opt := range opts {
		opt(r)
	}
	return r
}

// requestURL returns the URL of a request for target that was sent to scheme and host.
func requestURL(scheme, host, target string) weburl.URL {
	p := weburl.Proxies{Public: weburl.Origin{Scheme: scheme, Host: host}}
	u, _ := p.RequestURL(&http.Request{RequestURI: target})
	return u
}

// wantOrigin checks that every reader finds the origin o in the text of u, and nothing in it
// that could end a header field.
func wantOrigin(t *testing.T, u weburl.URL, o weburl.Origin) {
	t.Helper()
	text := u.String()
	rest, found := strings.CutPrefix(text, o.Scheme+"://"+o.Host+"/")
	if u.Origin != o || !found || strings.ContainsFunc(rest, func(r rune) bool { return r <= ' ' || r >= 0x7f }) || strings.Contains(u.Path, `\`) {
		t.Fatalf("the URL is %q, want one of %s", text, o)
	}
	// net/url refuses a path with a malformed escape, which browsers leave as it is.
	if parsed, err := url.Parse(text); err == nil && (parsed.Scheme != o.Scheme || parsed.Host != o.Host || parsed.User != nil) {
		t.Fatalf("net/url reads the host %q in %q, want %q", parsed.Host, text, o.Host)
	}
}
