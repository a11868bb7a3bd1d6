package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

// TestOutageIs503Everywhere calls every protected endpoint during an outage of Clerk
// as a browser does after a handshake.
func TestOutageIs503Everywhere(t *testing.T) {
	t.Parallel()
	unreachable := httptest.NewServer(nil)
	unreachable.Close()
	client, err := clerk.New("sk_live_none", clerk.WithBaseURL(unreachable.URL), clerk.WithRetryLimit(0))
	if err != nil {
		t.Fatal(err)
	}
	const key = "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k" // of clerk.example.com
	authn, err := auth.New(client, auth.WithPublishableKey(key))
	if err != nil {
		t.Fatal(err)
	}
	service := authn.Middleware(routes(client))
	for _, endpoint := range []string{"GET /api/auth", "GET /api/data", "GET /api/me", "POST /api/name"} {
		method, path, _ := strings.Cut(endpoint, " ")
		w := httptest.NewRecorder()
		service.ServeHTTP(w, httptest.NewRequest(method, path+"?__clerk_handshake_nonce=n", nil))
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s, want 503", endpoint, w.Code, w.Body)
		}
	}
}
