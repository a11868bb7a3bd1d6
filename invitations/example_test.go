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

// A user who signs up through an invitation gets its public metadata. An address
// that already has a user cannot be invited.
func ExampleCreateInvitation() {
	server := httptest.NewServer(&clerktest.Handlers{
		CreateInvitation: func(_ context.Context, params invitations.CreateInvitationParams) (*invitations.Invitation, error) {
			if params.EmailAddress == "ada@example.com" {
				return nil, &clerk.Error{StatusCode: http.StatusUnprocessableEntity, Problems: []clerk.Problem{
					{Code: "form_identifier_exists", Message: "a user with this address exists"},
				}}
			}
			metadata, _ := params.PublicMetadata.Get()
			return &invitations.Invitation{ID: "inv_1", EmailAddress: params.EmailAddress, Status: "pending", PublicMetadata: metadata}, nil
		},
	})
	defer server.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL)) // in a service: clerk.FromEnv()
	if err != nil {
		log.Fatal(err)
	}

	for _, address := range []string{"grace@example.com", "ada@example.com"} {
		invitation, err := invitations.CreateInvitation(context.Background(), client, invitations.CreateInvitationParams{
			EmailAddress:   address,
			PublicMetadata: clerk.SetMetadata(map[string]string{"plan": "pro"}),
			RedirectURL:    clerk.Set("https://app.example.com/sign-up"),
			ExpiresInDays:  clerk.Set(7),
		})
		switch {
		case errors.Is(err, clerk.ErrUnprocessable), errors.Is(err, clerk.ErrBadRequest):
			fmt.Println(address, "cannot be invited")
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println(invitation.ID, invitation.EmailAddress, invitation.Status)
		}
	}
	// Output:
	// inv_1 grace@example.com pending
	// ada@example.com cannot be invited
}
