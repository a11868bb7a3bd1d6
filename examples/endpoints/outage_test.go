package main

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/examples/endpoints/service"
)

// TestOutageIs503Everywhere calls every protected endpoint during an outage of Clerk
// as a browser does after a handshake.
func TestOutageIs503Everywhere(t *testing.T) {
	t.Parallel()
	client, err := clerk.New("sk_live_none", clerk.WithBaseURL("http://127.0.0.1:1"), clerk.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	const key = "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k" // of clerk.example.com
	authn, err := auth.New(client, auth.WithPublishableKey(key))
	if err != nil {
		t.Fatal(err)
	}
	// Nobody can tell whether its signature is good.
	segment := base64.RawURLEncoding.EncodeToString
	token := segment([]byte(`{"alg":"RS256","typ":"JWT","kid":"ins_1"}`)) + "." + segment([]byte(`{"sub":"user_1"}`)) + ".AAAA"
	endpoints := authn.Middleware(service.New(client))
	for _, endpoint := range []string{"GET /api/auth", "GET /api/data", "GET /api/me", "POST /api/name"} {
		method, path, _ := strings.Cut(endpoint, " ")
		r := httptest.NewRequest(method, path+"?__clerk_handshake_nonce=n", nil)
		if method != http.MethodGet { // No handshake ends with it.
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		endpoints.ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s, want 503", endpoint, w.Code, w.Body)
		}
	}
}
