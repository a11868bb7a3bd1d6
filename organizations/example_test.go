package organizations_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
)

// fake starts a server with handlers for single operations, and returns a client for
// it. A service makes its client with [clerk.FromEnv].
func fake(handlers *clerktest.Handlers) (client *clerk.Client, stop func()) {
	server := httptest.NewServer(handlers)
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client, server.Close
}

func ExampleCreateOrganizationInvitation() {
	client, stop := fake(&clerktest.Handlers{
		CreateOrganizationInvitation: func(_ context.Context, organizationID string, params organizations.CreateOrganizationInvitationParams) (*organizations.OrganizationInvitation, error) {
			return &organizations.OrganizationInvitation{
				ID: "orginv_1", OrganizationID: &organizationID, EmailAddress: params.EmailAddress, Role: params.Role, Status: "pending",
			}, nil
		},
	})
	defer stop()

	invitation, err := organizations.CreateOrganizationInvitation(context.Background(), client, "org_1", organizations.CreateOrganizationInvitationParams{
		EmailAddress:  "grace@example.com",
		Role:          "org:member",
		InviterUserID: clerk.Set("user_ada"), // must be an administrator
		RedirectURL:   clerk.Set("https://app.example.com/welcome"),
	})
	switch {
	case errors.Is(err, clerk.ErrForbidden):
		fmt.Println("the inviter is not an administrator")
	case errors.Is(err, clerk.ErrUnprocessable):
		fmt.Println("the address or the role is not accepted")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(invitation.ID, invitation.EmailAddress, invitation.Role)
	}
	// Output: orginv_1 grace@example.com org:member
}

// The member's token has the old role until it is refreshed.
func ExampleUpdateOrganizationMembership() {
	client, stop := fake(&clerktest.Handlers{
		UpdateOrganizationMembership: func(_ context.Context, organizationID, userID string, params organizations.UpdateOrganizationMembershipParams) (*organizations.OrganizationMembership, error) {
			return &organizations.OrganizationMembership{
				ID: "orgmem_1", Role: params.Role, Organization: organizations.Organization{ID: organizationID},
			}, nil
		},
	})
	defer stop()

	membership, err := organizations.UpdateOrganizationMembership(context.Background(), client, "org_1", "user_grace", organizations.UpdateOrganizationMembershipParams{
		Role: "org:admin",
	})
	switch {
	case errors.Is(err, clerk.ErrNotFound):
		fmt.Println("the user is not a member of this organization")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(membership.Organization.ID, membership.Role)
	}
	// Output: org_1 org:admin
}
