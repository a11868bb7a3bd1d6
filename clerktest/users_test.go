package clerktest_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/google/go-cmp/cmp"
)

func TestCreateUser(t *testing.T) {
	t.Parallel()
	c := newClock()
	instance := startInstance(t, clerktest.WithClock(c.now))
	client := instance.Client()
	u, err := users.CreateUser(t.Context(), client, users.CreateUserParams{
		ExternalID:      clerk.Set("ext-1"),
		FirstName:       clerk.Set("Ada"),
		LastName:        clerk.Set(""),
		Username:        clerk.Set("lovelace"),
		EmailAddress:    clerk.Set([]string{"ada@example.com", "ada@example.org"}),
		PhoneNumber:     clerk.Set([]string{"+15555550100"}),
		Password:        clerk.Set("correct horse"),
		PublicMetadata:  clerk.SetMetadata(map[string]any{"big": json.Number("9007199254740993")}),
		PrivateMetadata: clerk.SetMetadata(map[string]any{"plan": "pro"}),
		CreatedAt:       clerk.Set(time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(u.ID, "user_") || len(u.ID) != len("user_")+27 {
		t.Errorf("the user has ID %q", u.ID)
	}
	if *u.ExternalID != "ext-1" || *u.FirstName != "Ada" || u.LastName == nil || *u.LastName != "" || *u.Username != "lovelace" {
		t.Errorf("the names differ from the parameters: %+v", u)
	}
	if len(u.EmailAddresses) != 2 || *u.PrimaryEmailAddressID != u.EmailAddresses[0].ID || !strings.HasPrefix(u.EmailAddresses[0].ID, "idn_") {
		t.Errorf("the email addresses are %+v", u.EmailAddresses)
	}
	if v := u.EmailAddresses[1].Verification; v == nil || v.Status != "verified" || v.Strategy != "admin" || v.Object != "verification_admin" {
		t.Errorf("the verification is %+v", v)
	}
	if len(u.PhoneNumbers) != 1 || *u.PrimaryPhoneNumberID != u.PhoneNumbers[0].ID {
		t.Errorf("the phone numbers are %+v", u.PhoneNumbers)
	}
	if want := `{"big":9007199254740993}`; u.PublicMetadata.String() != want {
		t.Errorf("the public metadata is %s, want %s", u.PublicMetadata, want)
	}
	if !u.PasswordEnabled || u.Banned || u.Locked {
		t.Errorf("the flags are not those of a new user: %+v", u)
	}
	if u.CreatedAt.Time().Year() != 2020 || !u.UpdatedAt.Time().Equal(c.now()) {
		t.Errorf("created at %v, updated at %v", u.CreatedAt, u.UpdatedAt)
	}
	again, err := users.GetUser(t.Context(), client, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(u, again); diff != "" {
		t.Errorf("GetUser returns a different user (-created +got):\n%s", diff)
	}
}

func TestCreateUserRefusals(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	instance.CreateUser(users.CreateUserParams{
		Username: clerk.Set("lovelace"), ExternalID: clerk.Set("ext-1"),
		EmailAddress: clerk.Set([]string{"ada@example.com"}), PhoneNumber: clerk.Set([]string{"+15555550100"}),
		Web3Wallet: clerk.Set([]string{"0x0123456789abcdef0123456789abcdef01234567"}),
	})
	before := dump(t, instance)
	for _, tc := range []struct{ body, want string }{
		{`{"email_address":["Ada@Example.com"]}`, "form_identifier_exists email_address"},
		{`{"email_address":["b@example.com","b@example.com"]}`, "form_identifier_exists email_address"},
		{`{"phone_number":["+15555550100"]}`, "form_identifier_exists phone_number"},
		{`{"web3_wallet":["0x0123456789ABCDEF0123456789abcdef01234567"]}`, "form_identifier_exists web3_wallet"},
		{`{"username":"Lovelace"}`, "form_identifier_exists username"},
		{`{"username":"ada"}`, "form_username_invalid_length username"},
		{`{}`, "form_data_missing email_address"},
		{`{"first_name":"Ada","username":""}`, "form_data_missing email_address"},
		{`{"username":"augusta","password":"Password123"}`, "form_password_pwned password"},
		{`{"username":"augusta","password_digest":"nonsense","password_hasher":"bcrypt"}`, "form_password_digest_invalid_code password_digest"},
		{`{"username":"augusta","external_id":"ext-1"}`, "form_identifier_exists external_id"},
		{`{"email_address":["nobody"]}`, "form_param_format_invalid email_address[0]"},
		{`{"email_address":["Ada <a@example.com>"]}`, "form_param_format_invalid email_address[0]"},
		{`{"phone_number":["5555550100"]}`, "form_param_format_invalid phone_number[0]"},
		{`{"web3_wallet":["0x12"]}`, "form_param_format_invalid web3_wallet[0]"},
		{`{"username":"a b"}`, "form_username_invalid_character username"},
		{`{"username":"` + strings.Repeat("a", 65) + `"}`, "form_username_invalid_length username"},
		{`{"username":"augusta","locale":"no language"}`, "form_param_format_invalid locale"},
		{`{"username":"augusta","password":"short"}`, "form_password_length_too_short password"},
		{`{"username":"augusta","password":"` + strings.Repeat("a", 73) + `"}`, "form_password_size_in_bytes_exceeded password"},
		{`{"username":"augusta","password":"long enough","password_digest":"x","password_hasher":"bcrypt"}`, "form_conditional_param_disallowed password_digest"},
		{`{"username":"augusta","password_digest":"x"}`, "form_conditional_param_missing password_hasher"},
		{`{"username":"augusta","totp_secret":"1!"}`, "invalid_totp_secret_code totp_secret"},
		{`{"username":"augusta","created_at":"yesterday"}`, "form_param_invalid_time created_at"},
		{`{"username":"augusta","legal_accepted_at":"2026-01-01"}`, "form_param_invalid_time legal_accepted_at"},
		{`{"email_address":["c@example.com"],"email_address_identification_status":["verified","verified"]}`, "form_param_value_invalid email_address_identification_status"},
		{`{"username":"augusta","unsafe_metadata":{"a":"` + strings.Repeat("a", 9000) + `"}}`, "form_param_exceeds_allowed_size unsafe_metadata"},
	} {
		got := send(t, instance, "POST", "/users", tc.body)
		if problems := got.problemLines(t); got.status != 422 || problems[0] != tc.want {
			t.Errorf("%s: %d %v, want %s", tc.body, got.status, problems, tc.want)
		}
	}
	if after := dump(t, instance); after != before {
		t.Error("a refused request changed something")
	}
	if got := send(t, instance, "POST", "/users", `{"skip_user_requirement":true,"password":"short","skip_password_checks":true}`); got.status != 200 {
		t.Errorf("a short password without checks is refused: %s", got.body)
	}
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	client := instance.Client()
	deleted, err := users.DeleteUser(t.Context(), client, "user_1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&api.DeletedObject{Object: "user", ID: "user_1", Deleted: true}, deleted); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	for name, err := range map[string]error{
		"get":     errorOf(users.GetUser(t.Context(), client, "user_1")),
		"delete":  errorOf(users.DeleteUser(t.Context(), client, "user_1")),
		"session": errorOf(sessions.GetSession(t.Context(), client, "sess_1")),
		"token":   errorOf(sessions.CreateSessionToken(t.Context(), client, "sess_1", sessions.CreateSessionTokenParams{})),
		"begin":   errorOf(sessions.CreateSession(t.Context(), client, sessions.CreateSessionParams{UserID: "user_1"})),
	} {
		if !clerk.HasCode(err, "resource_not_found") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if instance.User("user_1") != nil {
		t.Error("the instance still has the user")
	}
	instance.CreateUser(users.CreateUserParams{EmailAddress: clerk.Set([]string{"one@example.com"})})
}

func TestBansAndLocks(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	client := instance.Client()
	two := instance.CreateUser(users.CreateUserParams{Banned: clerk.Set(true), Locked: clerk.Set(true)})
	if !two.Banned || !two.Locked {
		t.Errorf("a user created as banned and locked is: %+v", two)
	}
	begin := sessions.CreateSessionParams{UserID: "user_1"}
	if u, err := users.BanUser(t.Context(), client, "user_1"); err != nil || !u.Banned {
		t.Fatalf("the ban: %+v, %v", u, err)
	}
	if s, err := sessions.GetSession(t.Context(), client, "sess_1"); err != nil || s.Status != "revoked" {
		t.Errorf("the session of a banned user is %+v, %v", s, err)
	}
	if _, err := sessions.CreateSession(t.Context(), client, begin); !clerk.HasCode(err, "user_banned") {
		t.Errorf("a banned user signs in: %v", err)
	}
	if u, err := users.UnbanUser(t.Context(), client, "user_1"); err != nil || u.Banned {
		t.Errorf("the ban is not lifted: %+v, %v", u, err)
	}
	if u, err := users.LockUser(t.Context(), client, "user_1"); err != nil || !u.Locked || *u.VerificationAttemptsRemaining != 0 {
		t.Errorf("the lock: %+v, %v", u, err)
	}
	if _, err := sessions.CreateSession(t.Context(), client, begin); !clerk.HasCode(err, "user_locked") {
		t.Errorf("a locked user signs in: %v", err)
	}
	if u, err := users.UnlockUser(t.Context(), client, "user_1"); err != nil || u.Locked {
		t.Errorf("the user is still locked: %+v, %v", u, err)
	}
	if _, err := sessions.CreateSession(t.Context(), client, begin); err != nil {
		t.Errorf("a user who is neither banned nor locked cannot sign in: %v", err)
	}
	both := users.BanUsersParams{UserIDs: []string{"user_1", two.ID}}
	if list, err := users.BanUsers(t.Context(), client, both); err != nil || len(list.Data) != 2 || !list.Data[0].Banned {
		t.Errorf("banning two: %+v, %v", list, err)
	}
	if list, err := users.UnbanUsers(t.Context(), client, users.UnbanUsersParams(both)); err != nil || len(list.Data) != 2 || list.Data[1].Banned {
		t.Errorf("unbanning two: %+v, %v", list, err)
	}
	if _, err := users.BanUsers(t.Context(), client, users.BanUsersParams{UserIDs: []string{"user_1", "user_nobody"}}); !clerk.HasCode(err, "resource_not_found") {
		t.Errorf("banning a user that does not exist: %v", err)
	}
	if instance.User("user_1").Banned {
		t.Error("a refused request banned one user")
	}
}
