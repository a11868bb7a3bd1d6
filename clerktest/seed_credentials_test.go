package clerktest_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/google/go-cmp/cmp"
)

// TestSeedsOfUsersWithCredentials checks that a user of a seed file can have credentials,
// that they are verified, and that an exported seed has the same ones, without a plain
// password or backup code.
func TestSeedsOfUsersWithCredentials(t *testing.T) {
	t.Parallel()
	now := time.Unix(1111111109, 0)
	seed := parseSeed(t, `{"users": [{
		"id": "user_1", "password": "correct horse", "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "backup_codes": ["spare one", "spare two"],
		"external_accounts": [{"provider": "google", "provider_user_id": "17"}], "oauth_access_tokens": [{"provider": "google", "token": "at google"}],
		"trusted_devices": [{"name": "phone"}]}]}`)
	instance := startInstance(t, clerktest.WithSeed(seed), clerktest.WithClock(func() time.Time { return now }))
	u := instance.User("user_1")
	if !u.PasswordEnabled || !u.TOTPEnabled || !u.BackupCodeEnabled || !u.TwoFactorEnabled || u.ExternalAccounts[0].Provider != "oauth_google" {
		t.Errorf("the user is %+v", u)
	}
	use := func(instance *clerktest.Instance, code string) bool {
		return errorOf(users.VerifyTOTP(t.Context(), instance.Client(), "user_1", users.VerifyTOTPParams{Code: code})) == nil
	}
	if !use(instance, "081804") || !use(instance, "spare one") {
		t.Error("a code is not right")
	}
	exported, err := json.Marshal(instance.Seed())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"correct horse", "spare one", "spare two"} {
		if strings.Contains(string(exported), secret) {
			t.Errorf("the exported seed has %q", secret)
		}
	}
	again := startInstance(t, clerktest.WithSeed(parseSeed(t, string(exported))), clerktest.WithClock(func() time.Time { return now }))
	if diff := cmp.Diff(dump(t, instance), dump(t, again)); diff != "" {
		t.Errorf("the seed of a seed (-first +second):\n%s", diff)
	}
	if use(again, "081804") || use(again, "spare one") || !use(again, "spare two") {
		t.Error("a used code is right again, or one that was not used is wrong")
	}
	password := users.VerifyPasswordParams{Password: "correct horse"}
	if _, err := users.VerifyPassword(t.Context(), again.Client(), "user_1", password); err != nil {
		t.Error(err)
	}
	if _, err := users.DeleteUser(t.Context(), again.Client(), "user_1"); err != nil || len(again.Seed().Credentials) != 0 {
		t.Errorf("a deleted user has credentials: %v", err)
	}
}

func TestRefusedSeedsOfCredentials(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"users":[{"id":"user_1","password":"x","password_digest":"y"}]}`:                    "credentials[0].password_digest cannot be given with a password",
		`{"users":[{"id":"user_1","password_digest":"nonsense","password_hasher":"bcrypt"}]}`: "credentials[0].password_digest does not have the form of bcrypt",
		`{"users":[{"id":"user_1","password_digest":"nonsense","password_hasher":"rot13"}]}`:  "credentials[0].password_hasher is not a known hasher",
		`{"users":[{"id":"user_1","totp_secret":"1"}]}`:                                       `credentials[0].totp_secret is not base32 (user "user_1")`,
		`{"users":[{"id":"user_1","backup_codes":[""]}]}`:                                     "credentials[0].backup_codes have an empty one",
		`{"users":[{"id":"user_1","oauth_access_tokens":[{"provider":"google"}]}]}`:           "credentials[0].oauth_access_tokens[0].external_account_id",
		`{"credentials":[{"user_id":"user_2"}]}`:                                              "credentials[0].user_id is not the id of a user",
		`{"verifications":[{"id":"ver_1","identification_id":"idn_1","code":"1"}]}`:           "verifications[0].identification_id is not the id of",
		`{"images":[{"id":"img_1","data":"PGh0bWw+"}]}`:                                       "images[0].file must be one of image/png",
		`{"users":[{"id":"user_1","web3_wallets":[{"web3_wallet":"0x12"}]}]}`:                 "users[0].web3_wallets[0].web3_wallet is not 0x",
		`{"users":[{"id":"user_1","email_addresses":[{"id":"idn_1","email_address":"a@b.c"}]},{"id":"user_2","email_addresses":[{"id":"idn_1","email_address":"d@b.c"}]}]}`: "users[1].email_addresses or phone_numbers have the id idn_1",
	} {
		if _, err := clerktest.NewInstance(parseSeed(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestCredentialsAreNotPrinted(t *testing.T) {
	t.Parallel()
	secrets := []any{
		clerktest.SeedCredentials{UserID: "user_1", Password: "s3cret", PasswordDigest: "s3cret", TOTPSecret: "s3cret", BackupCodes: []string{"s3cret"}},
		clerktest.SeedVerification{ID: "ver_1", Code: "s3cret"},
	}
	for _, v := range secrets {
		var logged strings.Builder
		slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "v", v)
		if text := fmt.Sprintf("%v %+v %#v", v, v, v) + logged.String(); strings.Contains(text, "s3cret") {
			t.Errorf("a credential is shown: %s", text)
		}
	}
}

// TestVerificationsEnd checks that a code is good for ten minutes and for five attempts,
// and that an address has a limited number of codes.
func TestVerificationsEnd(t *testing.T) {
	t.Parallel()
	c := newClock()
	instance := startInstance(t, clerktest.WithClock(c.now), clerktest.WithSeed(parseSeed(t, `{"settings": {"test_mode": true}, "users": [{"id": "user_1",
		"phone_numbers": [{"id": "idn_1", "phone_number": "+15555550100"}], "email_addresses": [{"id": "idn_2", "email_address": "ada@example.com"}]}]}`)))
	client := instance.Client()
	prepare := func() string {
		v, err := users.PreparePhoneNumberVerification(t.Context(), client, "idn_1")
		if err != nil {
			t.Fatal(err)
		}
		return v.ID
	}
	attempt := func(id, code string) string {
		v, err := users.AttemptPhoneNumberVerification(t.Context(), client, "idn_1", users.AttemptPhoneNumberVerificationParams{VerificationID: id, Code: code})
		if err != nil {
			return err.(*clerk.Error).Problems[0].Code
		}
		return fmt.Sprint(v.Status, *v.Attempts)
	}
	id := prepare()
	for n := 1; n <= 4; n++ {
		if got, want := attempt(id, "000000"), fmt.Sprint("unverified", n); got != want {
			t.Errorf("wrong attempt %d: %s, want %s", n, got, want)
		}
	}
	if got := attempt(id, "000000"); got != "failed5" {
		t.Errorf("the fifth wrong attempt: %s", got)
	}
	if got := attempt(id, "424242"); got != "failed6" {
		t.Errorf("the right code after five wrong ones: %s", got)
	}
	id = prepare()
	c.advance(10 * time.Minute)
	if got := attempt(id, "424242"); got != "expired1" {
		t.Errorf("the right code after ten minutes: %s", got)
	}
	id = prepare()
	for range 5 {
		prepare()
	}
	if got := attempt(id, "424242"); got != "resource_not_found" {
		t.Errorf("the code before the last five: %s", got)
	}
	sent, err := users.PrepareEmailAddressVerification(t.Context(), client, "idn_2")
	if err != nil {
		t.Fatal(err)
	}
	messages := instance.Messages()
	if len(messages) != 1 || messages[0].To != "ada@example.com" || len(messages[0].Code) != 6 {
		t.Fatalf("%d messages were sent; those to numbers of tests are not sent", len(messages))
	}
	verified, err := users.AttemptEmailAddressVerification(t.Context(), client, "idn_2", users.AttemptEmailAddressVerificationParams{VerificationID: sent.ID, Code: messages[0].Code})
	if err != nil || verified.Status != "verified" {
		t.Errorf("the code that was sent: %+v, %v", verified, err)
	}
}
