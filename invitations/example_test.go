package invitations_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/invitations"
)

// fake starts a server where Ada has already signed up, and returns a client for
// it. A service makes its client with [clerk.FromEnv].
func fake() (client *clerk.Client, stop func()) {
	server := httptest.NewServer(&clerktest.Handlers{
		CreateInvitation: func(_ context.Context, params invitations.CreateInvitationParams) (*invitations.Invitation, error) {
			if params.EmailAddress == "ada@example.com" {
				return nil, &clerk.Error{StatusCode: http.StatusUnprocessableEntity, Problems: []clerk.Problem{
					{Code: "form_identifier_exists", Message: "a user has this address"},
				}}
			}
			metadata, _ := params.PublicMetadata.Get()
			return &invitations.Invitation{ID: "inv_1", EmailAddress: params.EmailAddress, Status: "pending", PublicMetadata: metadata}, nil
		},
	})
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client, server.Close
}

// The metadata of an invitation is copied to the user who signs up with it.
func ExampleCreateInvitation() {
	client, stop := fake()
	defer stop()

	for _, address := range []string{"grace@example.com", "ada@example.com"} {
		invitation, err := invitations.CreateInvitation(context.Background(), client, invitations.CreateInvitationParams{
			EmailAddress:   address,
			PublicMetadata: clerk.SetMetadata(map[string]string{"plan": "pro"}),
			RedirectURL:    clerk.Set("https://app.example.com/sign-up"),
			ExpiresInDays:  clerk.Set(7),
		})
		switch {
		case errors.Is(err, clerk.ErrUnprocessable), errors.Is(err, clerk.ErrBadRequest):
			fmt.Println("cannot be invited:", address)
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println(invitation.ID, invitation.EmailAddress, invitation.Status)
		}
	}
	// Output:
	// inv_1 grace@example.com pending
	// cannot be invited: ada@example.com
}
