package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/endpoints/service"
	"github.com/backend-sdk/clerk-go/users"
)

// TestPublicPageIdentifiesVisitors accepts users and API keys on the public page, and
// users alone on the other endpoints.
func TestPublicPageIdentifiesVisitors(t *testing.T) {
	instance := clerktest.New(t)
	t.Setenv("CLERK_PUBLISHABLE_KEY", instance.PublishableKey())
	t.Setenv("CLERK_ACCEPTED_TOKENS", "session_token, api_key")
	authn, err := auth.FromEnv(instance.Client())
	if err != nil {
		t.Fatal(err)
	}
	endpoints := authn.Middleware(service.New(instance.Client()))

	user := instance.CreateUser(users.CreateUserParams{}).ID
	acme := clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: "org:admin"})
	for _, test := range []struct {
		name, token, want string
		whoami            int
	}{
		{"a guest", "", `{"signed_in":false}`, http.StatusUnauthorized},
		{
			"a user", instance.Token(clerktest.ForUser(user), acme),
			`{"signed_in":true,"token_type":"session_token","subject":"` + user + `","organization_id":"org_1","organization_role":"org:admin"}`,
			http.StatusOK,
		},
		{
			"an API key", instance.Token(clerktest.ForAPIKey(user), clerktest.WithScopes("read")),
			`{"signed_in":true,"token_type":"api_key","subject":"` + user + `","scopes":["read"]}`,
			http.StatusUnauthorized,
		},
		{"a type of token that is not accepted", instance.Token(clerktest.ForOAuthClient("app_1")), `{"signed_in":false}`, http.StatusUnauthorized},
	} {
		t.Run(test.name, func(t *testing.T) {
			get := func(path string) *httptest.ResponseRecorder {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				if test.token != "" {
					r.Header.Set("Authorization", "Bearer "+test.token)
				}
				w := httptest.NewRecorder()
				endpoints.ServeHTTP(w, r)
				return w
			}
			if w := get("/"); w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != test.want {
				t.Errorf("/: %d %s, want %s", w.Code, w.Body, test.want)
			}
			if w := get("/api/auth"); w.Code != test.whoami {
				t.Errorf("/api/auth: %d, want %d", w.Code, test.whoami)
			}
		})
	}
}
