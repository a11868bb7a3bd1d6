package frontendproxy_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

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
