package machines_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
)

// The result includes the secret of the key. Lists of API keys leave it out.
func ExampleCreateAPIKey() {
	server := httptest.NewServer(&clerktest.Handlers{
		CreateAPIKey: func(_ context.Context, params machines.CreateAPIKeyParams) (*machines.APIKey, error) {
			return &machines.APIKey{
				ID: "ak_1", Subject: params.Subject, Scopes: params.Scopes.Or(nil), Secret: "ak_example",
			}, nil
		},
	})
	defer server.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL)) // in a service: clerk.FromEnv()
	if err != nil {
		log.Fatal(err)
	}

	key, err := machines.CreateAPIKey(context.Background(), client, machines.CreateAPIKeyParams{
		Name:                   "nightly reports",
		Subject:                "user_ada",
		Scopes:                 clerk.Set([]string{"reports:read"}),
		SecondsUntilExpiration: clerk.Set(30 * 24 * 60 * 60),
	})
	if err != nil {
		log.Fatal(err)
	}
	if key.Secret == "" {
		log.Fatal("the API key has no secret")
	}
	// Show key.Secret to the user once, and store key.ID.
	fmt.Println(key.ID, key.Subject, key.Scopes)
	// Output: ak_1 user_ada [reports:read]
}

// An endpoint for programs verifies the API key of each request. A key that Clerk
// knows may still be revoked, expired or limited to other scopes. Package auth does
// all of this for whole services.
func ExampleVerifyAPIKey() {
	server := httptest.NewServer(&clerktest.Handlers{
		VerifyAPIKey: func(_ context.Context, params machines.VerifyAPIKeyParams) (*machines.APIKey, error) {
			switch params.Secret {
			case "ak_reader":
				return &machines.APIKey{ID: "ak_1", Subject: "user_ada", Scopes: []string{"reports:read"}}, nil
			case "ak_revoked":
				return &machines.APIKey{ID: "ak_2", Subject: "user_ada", Scopes: []string{"reports:read"}, Revoked: true}, nil
			default:
				return nil, &clerk.Error{StatusCode: http.StatusNotFound}
			}
		},
	})
	defer server.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL)) // in a service: clerk.FromEnv()
	if err != nil {
		log.Fatal(err)
	}

	reports := func(w http.ResponseWriter, r *http.Request) {
		secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		key, err := machines.VerifyAPIKey(r.Context(), client, machines.VerifyAPIKeyParams{Secret: secret})
		switch {
		case errors.Is(err, clerk.ErrNotFound), errors.Is(err, clerk.ErrBadRequest):
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		case err != nil:
			http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		case key.Revoked || key.Expired:
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		case !slices.Contains(key.Scopes, "reports:read"):
			http.Error(w, "Forbidden", http.StatusForbidden)
		default:
			fmt.Fprint(w, "the reports of ", key.Subject)
		}
	}

	for _, secret := range []string{"ak_reader", "ak_revoked", "ak_unknown"} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/reports", nil)
		r.Header.Set("Authorization", "Bearer "+secret)
		reports(w, r)
		fmt.Println(secret, w.Code, strings.TrimSpace(w.Body.String()))
	}
	// Output:
	// ak_reader 200 the reports of user_ada
	// ak_revoked 401 Unauthorized
	// ak_unknown 401 Unauthorized
}
