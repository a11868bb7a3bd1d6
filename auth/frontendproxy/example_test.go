package frontendproxy_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/frontendproxy"
)

// The proxy stands beside what is protected: the frontend API is where guests sign in.
func Example() {
	clerk := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("Clerk receives", r.URL.Path, "from", r.Header.Get("X-Forwarded-For"), "through", r.Header.Get("Clerk-Proxy-Url"))
	}))
	defer clerk.Close()
	secretKey, publishableKey := "sk_live_example", "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k"
	home := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "home") })

	proxy, err := frontendproxy.New(secretKey, publishableKey, "https://example.com/__clerk",
		frontendproxy.WithTarget(clerk.URL), // in a test
	)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/__clerk/", proxy)
	mux.Handle("/", home)

	r := httptest.NewRequest(http.MethodGet, "/__clerk/v1/client", nil)
	r.RemoteAddr = "203.0.113.9:1234"
	mux.ServeHTTP(httptest.NewRecorder(), r)
	// Output:
	// Clerk receives /v1/client from 203.0.113.9 through https://example.com/__clerk
}

// Behind a CDN, the address of the client comes from the CDN's own header.
func serveBehindCDN(mux *http.ServeMux) error {
	proxy, err := frontendproxy.FromEnv( // CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY, CLERK_PROXY_URL
		frontendproxy.WithClientIP("Cf-Connecting-Ip"),
		frontendproxy.WithTrustedProxies("198.51.100.0/24"), // the CDN
	)
	if err != nil {
		return err
	}
	mux.Handle("/__clerk/", proxy)
	return nil
}

func TestProxyOfTheEnvironment(t *testing.T) {
	for _, name := range []string{"CLERK_SECRET_KEY", "CLERK_PUBLISHABLE_KEY", "CLERK_PROXY_URL"} {
		t.Setenv(name, "")
	}
	mux := http.NewServeMux()
	if serveBehindCDN(mux) == nil {
		t.Fatal("an empty environment is enough")
	}
	t.Setenv("CLERK_SECRET_KEY", "sk_live_example")
	t.Setenv("CLERK_PUBLISHABLE_KEY", "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k")
	t.Setenv("CLERK_PROXY_URL", "https://example.com/__clerk")
	if err := serveBehindCDN(mux); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodTrace, "/__clerk/v1/client", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Error("the proxy is not where CLERK_PROXY_URL says:", w.Code)
	}
}
