package auth

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/auth/frontendproxy"
)

// Behind a middleware in front of the whole service, a handshake at the proxy is the frontend
// API's alone: neither is it redirected to itself, nor does its response change.
func TestMiddlewareLeavesTheProxyOfTheFrontendAPIAlone(t *testing.T) {
	t.Parallel()
	received := 0
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received++
		w.Header().Add("Set-Cookie", "__session=new; Path=/")
		w.Header().Add("Set-Cookie", "__client_uat=1; Path=/")
		http.Redirect(w, r, "https://app.example.com/page?__clerk_handshake_nonce=n", http.StatusTemporaryRedirect)
	}))
	t.Cleanup(target.Close)
	proxy, err := frontendproxy.New("sk_live_x", liveKey, "/__clerk", frontendproxy.WithTarget(target.URL), frontendproxy.WithPublicOrigin("https://app.example.com"))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/__clerk/", proxy)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if FromContext(r.Context()).IsAuthenticated() {
			w.WriteHeader(http.StatusAccepted)
		}
	})
	_, expired := expiredCookies(t)
	handshake := func() *http.Request {
		return newRequest(t, "/__clerk/v1/client/handshake?redirect_url=https%3A%2F%2Fapp.example.com%2Fpage", expired, asPageLoad)
	}
	alone := serve(t, proxy, handshake())
	for name, proxyURL := range map[string]string{"path": "/__clerk", "path with a slash": "/__clerk/", "absolute URL": "https://app.example.com/__clerk"} {
		a := newTestAuthenticator(t, WithPublishableKey(liveKey), WithProxyURL(proxyURL), WithPublicOrigin("https://app.example.com"))
		received = 0
		response := serve(t, a.Middleware(mux), handshake())
		if diff := cmp.Diff(alone.Header, response.Header); diff != "" || response.StatusCode != alone.StatusCode || received != 1 {
			t.Errorf("%s: status %d after %d requests, header (-alone +behind the middleware):\n%s", name, response.StatusCode, received, diff)
		}
	}
	for name, test := range map[string]struct{ proxyURL, path string }{
		"another path":          {"/__clerk", "/page"},
		"longer name":           {"/__clerk", "/__clerk-admin"},
		"another host":          {"https://other.example.com/__clerk", "/__clerk/v1/client/handshake"},
		"proxy of a whole host": {"https://app.example.com/", "/page"},
		"no proxy":              {"", "/__clerk/v1/client/handshake"},
	} {
		opts := []Option{WithPublishableKey(liveKey), WithPublicOrigin("https://app.example.com")}
		if test.proxyURL != "" {
			opts = append(opts, WithProxyURL(test.proxyURL))
		}
		received = 0
		response := serve(t, newTestAuthenticator(t, opts...).Middleware(mux), newRequest(t, test.path, expired, asPageLoad))
		if response.StatusCode != http.StatusTemporaryRedirect || response.Header.Get("X-Clerk-Auth-Reason") == "" || received != 0 {
			t.Errorf("%s: status %d, %v after %d requests, want a handshake", name, response.StatusCode, response.Header, received)
		}
	}
}

// What passes because of its path is nobody's request, whatever credentials it has.
func TestNobodyIsSignedInBelowTheProxyURL(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithPublishableKey(liveKey), WithProxyURL("/__clerk"))
	r := newRequest(t, "/__clerk/x", withBearer(mint(t)))
	if got, _ := callThrough(t, a.Middleware, r); got.IsAuthenticated() {
		t.Errorf("%v is signed in", got)
	}
}
