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

// fake starts a server with a valid token, a revoked one, and an expired JWT, and
// returns a client for it. A service makes its client with [clerk.FromEnv].
func fake() (client *clerk.Client, stop func()) {
	issued := map[string]*oauth.VerifiedOAuthAccessToken{
		"oat_good":    {ID: "oat_1", Subject: new("user_ada"), Scopes: []string{"profile"}},
		"oat_revoked": {ID: "oat_2", Subject: new("user_ada"), Revoked: new(true)},
		"ey.over":     {Active: new(false)},
	}
	server := httptest.NewServer(&clerktest.Handlers{
		VerifyOAuthAccessToken: func(_ context.Context, params oauth.VerifyOAuthAccessTokenParams) (*oauth.VerifiedOAuthAccessToken, error) {
			if token := issued[params.AccessToken.Or("")]; token != nil {
				return token, nil
			}
			return nil, &clerk.Error{StatusCode: http.StatusNotFound}
		},
	})
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client, server.Close
}

// A token is valid only if Active, Revoked and Expired all allow it. Package auth does
// the same for whole endpoints.
func ExampleVerifyOAuthAccessToken() {
	client, stop := fake()
	defer stop()

	isTrue := func(b *bool) bool { return b != nil && *b }
	for _, presented := range []string{"oat_good", "oat_revoked", "ey.over", "oat_unknown"} {
		token, err := oauth.VerifyOAuthAccessToken(context.Background(), client, oauth.VerifyOAuthAccessTokenParams{
			AccessToken: clerk.Set(presented),
		})
		switch {
		case errors.Is(err, clerk.ErrNotFound), errors.Is(err, clerk.ErrBadRequest):
			fmt.Println(presented, "is not a token")
		case err != nil:
			log.Fatal(err)
		case token.Active != nil, isTrue(token.Revoked), isTrue(token.Expired), token.Subject == nil:
			fmt.Println(presented, "has ended")
		default:
			fmt.Println(presented, "was granted by", *token.Subject, "for", token.Scopes)
		}
	}
	// Output:
	// oat_good was granted by user_ada for [profile]
	// oat_revoked has ended
	// ey.over has ended
	// oat_unknown is not a token
}
