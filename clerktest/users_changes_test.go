package clerktest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/google/go-cmp/cmp"
)

// TestUpdateUser checks that absent, null, empty and other values have different
// effects.
func TestUpdateUser(t *testing.T) {
	t.Parallel()
	c := newClock()
	instance := startInstance(t, clerktest.WithClock(c.now))
	client := instance.Client()
	u := instance.CreateUser(users.CreateUserParams{
		FirstName: clerk.Set("Ada"), LastName: clerk.Set("King"), Username: clerk.Set("lovelace"), ExternalID: clerk.Set("e"), Locale: clerk.Set("en-US"),
	})
	u, err := users.GetUser(t.Context(), client, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.advance(time.Minute)
	must := func(params users.UpdateUserParams) *users.User {
		t.Helper()
		changed, err := users.UpdateUser(t.Context(), client, u.ID, params)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	same := must(users.UpdateUserParams{})
	want := *u
	want.UpdatedAt = same.UpdatedAt
	if diff := cmp.Diff(&want, same); diff != "" {
		t.Errorf("an empty update changes the user (-want +got):\n%s", diff)
	}
	if !same.UpdatedAt.Time().Equal(c.now()) {
		t.Errorf("updated at %v", same.UpdatedAt.Time())
	}
	if got := must(users.UpdateUserParams{FirstName: clerk.Set("Clerk"), LastName: clerk.Set("")}); *got.FirstName != "Clerk" || *got.LastName != "" || *got.Username != "lovelace" {
		t.Errorf("first, last and user name are %v %v %v", *got.FirstName, *got.LastName, *got.Username)
	}
	if got := must(users.UpdateUserParams{LastName: clerk.Null[string](), Locale: clerk.Null[string](), ExternalID: clerk.Null[string]()}); got.LastName != nil || got.Locale != nil || got.ExternalID != nil || *got.FirstName != "Clerk" {
		t.Errorf("null does not clear a field: %+v", got)
	}
	if got := must(users.UpdateUserParams{Username: clerk.Null[string]()}); got.Username != nil {
		t.Errorf("the user name is %v after null", *got.Username)
	}
	must(users.UpdateUserParams{Username: clerk.Set("lovelace")})
	if got := must(users.UpdateUserParams{Username: clerk.Set("")}); got.Username != nil {
		t.Errorf("the user name is %v after an empty one", *got.Username)
	}
}

func TestUpdateUserPrimaries(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	client := instance.Client()
	instance.CreateUser(users.CreateUserParams{Username: clerk.Set("grace")})
	u := instance.CreateUser(users.CreateUserParams{
		EmailAddress:                     clerk.Set([]string{"one@example.com", "two@example.com", "held@example.com"}),
		EmailAddressIdentificationStatus: clerk.Set([]users.IdentificationStatus{"verified", "verified", "reserved"}),
	})
	second, held := u.EmailAddresses[1].ID, u.EmailAddresses[2].ID
	got, err := users.UpdateUser(t.Context(), client, u.ID, users.UpdateUserParams{PrimaryEmailAddressID: clerk.Set(second)})
	if err != nil || *got.PrimaryEmailAddressID != second {
		t.Errorf("the primary email address is %v, %v", got, err)
	}
	before := dump(t, instance)
	for code, params := range map[string]users.UpdateUserParams{
		"form_identifier_exists":         {FirstName: clerk.Set("x"), Username: clerk.Set("grace")},
		"form_resource_not_found":        {FirstName: clerk.Set("x"), PrimaryEmailAddressID: clerk.Set(held)},
		"form_conditional_param_missing": {FirstName: clerk.Set("x"), SignOutOfOtherSessions: clerk.Set(true)},
		"image_not_found":                {FirstName: clerk.Set("x"), ProfileImageID: clerk.Set("img_1")},
	} {
		if _, err := users.UpdateUser(t.Context(), client, u.ID, params); !clerk.HasCode(err, code) {
			t.Errorf("the error is %v, want %s", err, code)
		}
	}
	if dump(t, instance) != before {
		t.Error("a refused update changed something")
	}
	if _, err := users.UpdateUser(t.Context(), client, "user_nobody", users.UpdateUserParams{}); !clerk.HasCode(err, "resource_not_found") {
		t.Errorf("updating a user that does not exist: %v", err)
	}
}

func TestPasswordSignsOut(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	params := users.UpdateUserParams{Password: clerk.Set("correct horse"), SignOutOfOtherSessions: clerk.Set(true)}
	u, err := users.UpdateUser(t.Context(), instance.Client(), "user_1", params)
	if err != nil || !u.PasswordEnabled || u.PasswordLastUpdatedAt == nil {
		t.Fatalf("the password is not set: %+v, %v", u, err)
	}
	if s, err := sessions.GetSession(t.Context(), instance.Client(), "sess_1"); err != nil || s.Status != "revoked" {
		t.Errorf("the session is %+v, %v", s, err)
	}
	if strings.Contains(dump(t, instance), "correct horse") {
		t.Error("the instance stores the password")
	}
}
