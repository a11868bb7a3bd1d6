package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/oauth"
)

// A token that Clerk knows may be revoked or expired. Active is present only for a
// JWT that is no longer valid. Package auth checks all of this for whole services.
func ExampleVerifyOAuthAccessToken() {
	issued := map[string]*oauth.VerifiedOAuthAccessToken{
		"oat_good":    {ID: "oat_1", Subject: new("user_ada"), Scopes: []string{"profile"}},
		"oat_revoked": {ID: "oat_2", Subject: new("user_ada"), Revoked: new(true)},
		"ey.expired":  {Active: new(false)},
	}
	server := httptest.NewServer(&clerktest.Handlers{
		VerifyOAuthAccessToken: func(_ context.Context, params oauth.VerifyOAuthAccessTokenParams) (*oauth.VerifiedOAuthAccessToken, error) {
			if token := issued[params.AccessToken.Or("")]; token != nil {
				return token, nil
			}
			return nil, &clerk.Error{StatusCode: http.StatusNotFound}
		},
	})
	defer server.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL)) // in a service: clerk.FromEnv()
	if err != nil {
		log.Fatal(err)
	}

	isTrue := func(b *bool) bool { return b != nil && *b }
	for _, presented := range []string{"oat_good", "oat_revoked", "ey.expired", "oat_unknown"} {
		token, err := oauth.VerifyOAuthAccessToken(context.Background(), client, oauth.VerifyOAuthAccessTokenParams{
			AccessToken: clerk.Set(presented),
		})
		switch {
		case errors.Is(err, clerk.ErrNotFound), errors.Is(err, clerk.ErrBadRequest):
			fmt.Println(presented, "is unknown")
		case err != nil:
			log.Fatal(err)
		case token.Active != nil, isTrue(token.Revoked), isTrue(token.Expired), token.Subject == nil:
			fmt.Println(presented, "is no longer valid")
		default:
			fmt.Println(presented, "acts for", *token.Subject, "with the scopes", token.Scopes)
		}
	}
	// Output:
	// oat_good acts for user_ada with the scopes [profile]
	// oat_revoked is no longer valid
	// ey.expired is no longer valid
	// oat_unknown is unknown
}
