package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
)

// emulate starts an instance where Ada is signed in twice, and returns a client
// for it. A service makes its client with [clerk.FromEnv].
func emulate() (client *clerk.Client, stop func()) {
	seed, err := clerktest.ParseSeed([]byte(`{
		"users": [{"id": "user_ada", "first_name": "Ada"}],
		"sessions": [{"id": "sess_laptop", "user_id": "user_ada"}, {"id": "sess_phone", "user_id": "user_ada"}]
	}`))
	if err != nil {
		log.Fatal(err)
	}
	instance, err := clerktest.NewInstance(seed)
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	return instance.Client(), func() { instance.Close() }
}

func ExampleRevokeSession() {
	client, stop := emulate()
	defer stop()

	session, err := sessions.RevokeSession(context.Background(), client, "sess_laptop")
	switch {
	case errors.Is(err, clerk.ErrNotFound):
		fmt.Println("the session does not exist")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(session.ID, session.Status)
	}
	// Output: sess_laptop revoked
}

// To sign a user out everywhere, revoke each active session. The page is fetched before
// the first is revoked, because a revoked session leaves the list of active ones.
func ExampleRevokeSession_everywhere() {
	client, stop := emulate()
	defer stop()

	active, err := sessions.ListSessions(context.Background(), client, sessions.ListSessionsParams{
		UserID: clerk.Set("user_ada"),
		Status: clerk.Set(sessions.SessionStatusActive),
		Limit:  clerk.Set(500),
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, session := range active.Data {
		if _, err := sessions.RevokeSession(context.Background(), client, session.ID); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(len(active.Data), "revoked")
	// Output: 2 revoked
}

// A sign-in token is a link that signs one user in, once.
func ExampleCreateSignInToken() {
	server := httptest.NewServer(&clerktest.Handlers{
		CreateSignInToken: func(_ context.Context, params sessions.CreateSignInTokenParams) (*sessions.SignInToken, error) {
			return &sessions.SignInToken{
				ID: "sit_1", UserID: params.UserID, Status: "pending",
				URL: "https://accounts.example.com/sign-in?__clerk_ticket=example",
			}, nil
		},
	})
	defer server.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	token, err := sessions.CreateSignInToken(context.Background(), client, sessions.CreateSignInTokenParams{
		UserID:           "user_ada",
		ExpiresInSeconds: clerk.Set(10 * 60),
	})
	if err != nil {
		log.Fatal(err)
	}
	if token.URL == "" {
		log.Fatal("the sign-in token has no link")
	}
	// Send token.URL to the user alone, and log only the ID.
	fmt.Println(token.ID, token.UserID, token.Status)
	// Output: sit_1 user_ada pending
}
