package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/endpoints/service"
)

// TestJWTKeyWithoutASecretKey identifies callers with the JWT key alone. Endpoints
// that call Clerk respond 501.
func TestJWTKeyWithoutASecretKey(t *testing.T) {
	instance := clerktest.New(t)
	t.Setenv("CLERK_SECRET_KEY", "")
	t.Setenv("CLERK_JWT_KEY", instance.JWTKey())
	t.Setenv("CLERK_PUBLISHABLE_KEY", instance.PublishableKey())
	client, err := clientFromEnv()
	if err != nil {
		t.Fatal(err)
	}
	authn, err := auth.FromEnv(client)
	if err != nil {
		t.Fatal(err)
	}
	if err := warm(t.Context(), authn); err != nil {
		t.Fatal(err)
	}
	endpoints := authn.Middleware(service.New(client))
	for _, test := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/api/auth", http.StatusOK},
		{http.MethodGet, "/api/data", http.StatusNotImplemented},
		{http.MethodGet, "/api/me", http.StatusNotImplemented},
		{http.MethodPost, "/api/name", http.StatusNotImplemented},
	} {
		r := httptest.NewRequest(test.method, test.path, nil)
		r.Header.Set("Authorization", "Bearer "+instance.Token())
		w := httptest.NewRecorder()
		endpoints.ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("%s %s: %d %s, want %d", test.method, test.path, w.Code, w.Body, test.status)
		}
	}
	t.Setenv("CLERK_JWT_KEY", "")
	if _, err := clientFromEnv(); err == nil {
		t.Error("clientFromEnv returned no error without any key")
	}
}
