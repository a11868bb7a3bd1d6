package clerktest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// A request is signed in with the role that the user has in an organization. The endpoint
// is for its administrators.
func ExampleInOrganization() {
	instance, err := clerktest.NewInstance(clerktest.Seed{}) // a test calls New
	if err == nil {
		err = instance.Start("127.0.0.1:0")
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	defer instance.Close()
	ada := instance.CreateUser(users.CreateUserParams{})
	bob := instance.CreateUser(users.CreateUserParams{})
	acme := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme", CreatedBy: clerk.Set(ada.ID)})
	instance.AddMember(acme.ID, bob.ID, "org:member")

	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()), auth.WithJWTKey(instance.JWTKey()))
	if err != nil {
		fmt.Println(err)
		return
	}
	settings := authn.Require(auth.Role("org:admin"))(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, user := range []string{ada.ID, bob.ID} {
		r := httptest.NewRequest(http.MethodGet, "/settings", nil)
		instance.SignIn(r, user, clerktest.InOrganization("acme"))
		w := httptest.NewRecorder()
		settings.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// 200
	// 403
}

// An invitation that the service sends is accepted without a browser.
func ExampleInstance_AcceptInvitation() {
	instance, err := clerktest.NewInstance(clerktest.Seed{}) // a test calls New
	if err == nil {
		err = instance.Start("127.0.0.1:0")
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	defer instance.Close()
	bob := instance.CreateUser(users.CreateUserParams{EmailAddress: clerk.Set([]string{"bob@example.com"})})
	acme := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme"})

	invitation, err := organizations.CreateOrganizationInvitation(context.Background(), instance.Client(), acme.ID,
		organizations.CreateOrganizationInvitationParams{EmailAddress: "bob@example.com", Role: "org:member"})
	if err != nil {
		fmt.Println(err)
		return
	}
	membership := instance.AcceptInvitation(invitation.ID, bob.ID)
	fmt.Println(membership.Role, *instance.Organization(acme.ID).MembersCount)
	// Output: org:member 1
}
