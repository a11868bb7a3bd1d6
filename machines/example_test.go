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

// fake starts a server that has one API key, and returns a client for it. A
// service makes its client with [clerk.FromEnv].
func fake() (client *clerk.Client, stop func()) {
	const secret = "ak_example"
	kept := machines.APIKey{ID: "ak_1", Name: "reports", Subject: "user_ada", Scopes: []string{"reports:read"}}
	server := httptest.NewServer(&clerktest.Handlers{
		CreateAPIKey: func(_ context.Context, params machines.CreateAPIKeyParams) (*machines.APIKey, error) {
			scopes, _ := params.Scopes.Get()
			return &machines.APIKey{ID: kept.ID, Name: params.Name, Subject: params.Subject, Scopes: scopes, Secret: secret}, nil
		},
		VerifyAPIKey: func(_ context.Context, params machines.VerifyAPIKeyParams) (*machines.APIKey, error) {
			if params.Secret != secret {
				return nil, &clerk.Error{StatusCode: http.StatusNotFound}
			}
			return &kept, nil
		},
	})
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client, server.Close
}

func ExampleCreateAPIKey() {
	client, stop := fake()
	defer stop()

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
		log.Fatal("the API key came without its secret")
	}
	// Show key.Secret to the user once, and store the ID.
	fmt.Println(key.ID, key.Subject, key.Scopes)
	// Output: ak_1 user_ada [reports:read]
}

// An endpoint for programs verifies the key of a request with Clerk. A key that Clerk
// knows can still be revoked, expired or meant for something else.
func ExampleVerifyAPIKey() {
	client, stop := fake()
	defer stop()

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

	for _, secret := range []string{"ak_example", "ak_stolen"} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/reports", nil)
		r.Header.Set("Authorization", "Bearer "+secret)
		reports(w, r)
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 the reports of user_ada
	// 401 Unauthorized
}
