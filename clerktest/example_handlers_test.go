package clerktest_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// A double made of functions serves the operations that a test sets.
func ExampleHandlers() {
	server := httptest.NewServer(&clerktest.Handlers{
		GetUser: func(_ context.Context, userID string) (*api.User, error) {
			return &api.User{ID: userID, Username: new("ada")}, nil
		},
	})
	defer server.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		fmt.Println(err)
		return
	}
	user, err := users.GetUser(context.Background(), client, "user_1")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user.ID, *user.Username)
	// Output: user_1 ada
}
