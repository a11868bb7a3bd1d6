package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
)

// A revoked session gets no new tokens. Those that it has stay valid until they
// expire, usually within a minute.
func ExampleRevokeSession() {
	instance, err := clerktest.NewInstance(clerktest.Seed{
		Users:    []api.User{{ID: "user_ada"}},
		Sessions: []clerktest.SeedSession{{Session: api.Session{ID: "sess_laptop", UserID: "user_ada"}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

	session, err := sessions.RevokeSession(context.Background(), client, "sess_laptop")
	switch {
	case errors.Is(err, clerk.ErrNotFound):
		fmt.Println("no such session")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(session.ID, session.Status)
	}
	// Output: sess_laptop revoked
}

// Revoking every active session signs a user out on all devices. ListSessions
// returns them before the first is revoked, because a revoked session leaves the
// list of active ones.
func ExampleRevokeSession_everywhere() {
	instance, err := clerktest.NewInstance(clerktest.Seed{
		Users: []api.User{{ID: "user_ada"}},
		Sessions: []clerktest.SeedSession{
			{Session: api.Session{ID: "sess_laptop", UserID: "user_ada"}},
			{Session: api.Session{ID: "sess_phone", UserID: "user_ada"}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

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

// A sign-in token is a link that signs a user in once.
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
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL)) // in a service: clerk.FromEnv()
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
		log.Fatal("the sign-in token has no URL")
	}
	// Send token.URL to the user only, and write token.ID to logs.
	fmt.Println(token.ID, token.UserID, token.Status)
	// Output: sit_1 user_ada pending
}
