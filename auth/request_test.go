package auth

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The instance that testIssuer belongs to, taken for one in production and one
// in development.
var (
	liveKey = publishableKeyOf("pk_live_", "clerk.example.com")
	devKey  = publishableKeyOf("pk_test_", "clerk.example.com")
)

func publishableKeyOf(prefix, host string) string {
	return prefix + base64.RawStdEncoding.EncodeToString([]byte(host+"$"))
}

func testPEM(tb testing.TB) string {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(&testKey().PublicKey)
	if err != nil {
		tb.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// newTestAuthenticator accepts what mint makes, in production, with no client.
func newTestAuthenticator(tb testing.TB, opts ...Option) *Authenticator {
	tb.Helper()
	base := []Option{WithJWTKey(testPEM(tb)), WithPublishableKey(liveKey), WithClock(testClock)}
	a, err := New(nil, append(base, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

type requestOption func(*http.Request)

// withField adds a line to the request's header.
func withField(name, value string) requestOption {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

func withBearer(token string) requestOption { return withField("Authorization", "Bearer "+token) }

// withCookie adds to the one Cookie line that browsers send.
func withCookie(name, value string) requestOption {
	return func(r *http.Request) {
		line := name + "=" + value
		if before := r.Header.Get("Cookie"); before != "" {
			line = before + "; " + line
		}
		r.Header.Set("Cookie", line)
	}
}

// asPageLoad makes the request what a browser sends for a new page.
func asPageLoad(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "document") }

func withMethod(method string) requestOption { return func(r *http.Request) { r.Method = method } }

func newRequest(tb testing.TB, target string, opts ...requestOption) *http.Request {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, target, nil)
	r.Host = "app.example.com"
	for _, opt := range opts {
		opt(r)
	}
	return r
}

func stateOf(tb testing.TB, a *Authenticator, r *http.Request) *State {
	tb.Helper()
	s, err := a.Authenticate(r)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
