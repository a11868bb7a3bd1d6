package weburl_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// A requestOption changes a request that a test makes.
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
