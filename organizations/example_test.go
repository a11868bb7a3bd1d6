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

// Clerk sends the invitation by email. RedirectURL is the page that its link opens.
func ExampleCreateOrganizationInvitation() {
	server := httptest.NewServer(&clerktest.Handlers{
		CreateOrganizationInvitation: func(_ context.Context, organizationID string, params organizations.CreateOrganizationInvitationParams) (*organizations.OrganizationInvitation, error) {
			return &organizations.OrganizationInvitation{
				ID: "orginv_1", OrganizationID: organizationID, EmailAddress: params.EmailAddress, Role: params.Role, Status: "pending",
			}, nil
		},
	})
	defer server.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL)) // in a service: clerk.FromEnv()
	if err != nil {
		log.Fatal(err)
	}

	invitation, err := organizations.CreateOrganizationInvitation(context.Background(), client, "org_1", organizations.CreateOrganizationInvitationParams{
		EmailAddress:  "grace@example.com",
		Role:          "org:member",
		InviterUserID: clerk.Set("user_ada"), // must be an administrator
		RedirectURL:   clerk.Set("https://app.example.com/welcome"),
	})
	switch {
	case errors.Is(err, clerk.ErrForbidden):
		fmt.Println("the inviter may not invite members")
	case errors.Is(err, clerk.ErrUnprocessable):
		fmt.Println("the address or the role is not accepted")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(invitation.ID, invitation.EmailAddress, invitation.Role)
	}
	// Output: orginv_1 grace@example.com org:member
}

// The session token of the member contains the old role until it is refreshed.
func ExampleUpdateOrganizationMembership() {
	server := httptest.NewServer(&clerktest.Handlers{
		UpdateOrganizationMembership: func(_ context.Context, organizationID, userID string, params organizations.UpdateOrganizationMembershipParams) (*organizations.OrganizationMembership, error) {
			return &organizations.OrganizationMembership{
				ID: "orgmem_1", Role: params.Role, Organization: organizations.Organization{ID: organizationID},
			}, nil
		},
	})
	defer server.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL)) // in a service: clerk.FromEnv()
	if err != nil {
		log.Fatal(err)
	}

	membership, err := organizations.UpdateOrganizationMembership(context.Background(), client, "org_1", "user_grace", organizations.UpdateOrganizationMembershipParams{
		Role: "org:admin",
	})
	switch {
	case errors.Is(err, clerk.ErrNotFound):
		fmt.Println("the user is not a member of the organization")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(membership.Organization.ID, membership.Role)
	}
	// Output: org_1 org:admin
}
