package emulator

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

const (
	totpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // of RFC 6238, appendix B
	totpCode   = "081804"                           // at totpTime
)

var totpTime = time.Unix(1111111109, 0)

var _ = scenario("passwords and second factors", func(t *testing.T, w *world) {
	w = w.another(t, clerktest.WithClock(func() time.Time { return totpTime }))
	ctx := t.Context()
	ada := must[*users.User](t)(users.CreateUser(ctx, w.client, users.CreateUserParams{
		Username: clerk.Set("lovelace"), Password: clerk.Set("correct horse"), TOTPSecret: clerk.Set(totpSecret), BackupCodes: clerk.Set([]string{"spare"}),
	}))
	verified := must[*users.PasswordVerification](t)(users.VerifyPassword(ctx, w.client, ada.ID, users.VerifyPasswordParams{Password: "correct horse"}))
	fit(t, verified.Verified, "the password is not right")
	_, err := users.VerifyPassword(ctx, w.client, ada.ID, users.VerifyPasswordParams{Password: "wrong horse"})
	refused(t, err, 422, "incorrect_password")
	_, err = users.UpdateUser(ctx, w.client, ada.ID, users.UpdateUserParams{Password: clerk.Set("password123")})
	refused(t, err, 422, "form_password_pwned")
	_, err = users.UpdateUser(ctx, w.client, ada.ID, users.UpdateUserParams{PasswordDigest: clerk.Set("nonsense"), PasswordHasher: clerk.Set(users.PasswordHasherBcrypt)})
	refused(t, err, 422, "form_password_digest_invalid_code")
	must[*users.User](t)(users.SetPasswordCompromised(ctx, w.client, ada.ID, users.SetPasswordCompromisedParams{}))
	must[*users.User](t)(users.UnsetPasswordCompromised(ctx, w.client, ada.ID))
	changed := must[*users.User](t)(users.RemovePassword(ctx, w.client, ada.ID, users.RemovePasswordParams{}))
	fit(t, !changed.PasswordEnabled, "the password is still enabled")
	_, err = users.VerifyPassword(ctx, w.client, ada.ID, users.VerifyPasswordParams{Password: "correct horse"})
	refused(t, err, 400, "no_password_set")
	_, err = users.SetPasswordCompromised(ctx, w.client, ada.ID, users.SetPasswordCompromisedParams{})
	refused(t, err, 400, "no_password_set")

	for _, c := range []struct {
		code string
		kind users.TOTPVerificationCodeType
	}{{totpCode, users.TOTPVerificationCodeTypeTOTP}, {"spare", users.TOTPVerificationCodeTypeBackupCode}} {
		got := must[*users.TOTPVerification](t)(users.VerifyTOTP(ctx, w.client, ada.ID, users.VerifyTOTPParams{Code: c.code}))
		fit(t, got.Verified && got.CodeType == c.kind, "the code %s is %+v", c.code, got)
		_, err = users.VerifyTOTP(ctx, w.client, ada.ID, users.VerifyTOTPParams{Code: c.code})
		fit(t, err != nil, "the code %s is right again", c.code)
	}
	_, err = users.VerifyTOTP(ctx, w.client, ada.ID, users.VerifyTOTPParams{Code: "000000"})
	refused(t, err, 422, "totp_incorrect_code")
	_, err = users.VerifyTOTP(ctx, w.client, ada.ID, users.VerifyTOTPParams{Code: "0"})
	refused(t, err, 422, "totp_invalid_length")
	must[*users.AffectedUser](t)(users.DeleteBackupCodes(ctx, w.client, ada.ID))
	must[*users.AffectedUser](t)(users.DeleteTOTP(ctx, w.client, ada.ID))
	_, err = users.VerifyTOTP(ctx, w.client, ada.ID, users.VerifyTOTPParams{Code: totpCode})
	refused(t, err, 400, "totp_disabled")
	fit(t, !w.User(ada.ID).TwoFactorEnabled, "the user still has a second factor")
	must[*users.User](t)(users.UpdateUser(ctx, w.client, ada.ID, users.UpdateUserParams{TOTPSecret: clerk.Set(totpSecret), BackupCodes: clerk.Set([]string{"spare"})}))
	affected := must[*users.AffectedUser](t)(users.DisableMFA(ctx, w.client, ada.ID))
	fit(t, affected.UserID == ada.ID && !w.User(ada.ID).TwoFactorEnabled && !w.User(ada.ID).BackupCodeEnabled, "the user still has a second factor")
})

var _ = scenario("accounts of a user", func(t *testing.T, w *world) {
	w = w.another(t, clerktest.WithSeed(clerktest.Seed{
		Users: []api.User{{
			ID: "user_1", EmailAddresses: []api.EmailAddress{{EmailAddress: "ada@example.com", LinkedTo: []api.IdentificationLink{{Type: "oauth_google", ID: "idn_google"}}}},
			ExternalAccounts: []api.ExternalAccount{{ID: "eac_1", Provider: "oauth_google", ProviderUserID: "17", IdentificationID: "idn_google"}},
			Passkeys:         []api.Passkey{{ID: "idn_passkey", Name: "laptop"}},
			Web3Wallets:      []api.Web3Wallet{{ID: "idn_wallet", Web3Wallet: "0x0123456789abcdef0123456789abcdef01234567"}},
		}, {ID: "user_2"}},
		Credentials: []clerktest.SeedCredentials{{
			UserID: "user_1", TrustedDevices: []api.TrustedDevice{{ID: "td_1"}},
			OAuthAccessTokens: []api.OAuthAccessToken{{Provider: "oauth_google", Token: "at google", Scopes: []string{"email"}}},
		}},
	}))
	ctx := t.Context()
	found := must[*clerk.List[users.User]](t)(users.ListUsers(ctx, w.client, users.ListUsersParams{Provider: clerk.Set("oauth_google"), ProviderUserID: []string{"17"}}))
	fit(t, len(found.Data) == 1 && found.Data[0].ID == "user_1", "the users with the account are %v", found.Data)
	tokens := must[*clerk.List[users.OAuthAccessToken]](t)(users.ListOAuthAccessTokens(ctx, w.client, "user_1", "oauth_google", users.ListOAuthAccessTokensParams{}))
	fit(t, len(tokens.Data) == 1 && tokens.Data[0].Token == "at google", "there are %d tokens", len(tokens.Data))
	tokens = must[*clerk.List[users.OAuthAccessToken]](t)(users.ListOAuthAccessTokens(ctx, w.client, "user_2", "oauth_google", users.ListOAuthAccessTokensParams{}))
	fit(t, len(tokens.Data) == 0, "there are %d tokens of another user", len(tokens.Data))
	_, err := users.ListOAuthAccessTokens(ctx, w.client, "user_1", "oauth_github", users.ListOAuthAccessTokensParams{})
	refused(t, err, 404, "oauth_token_provider_not_enabled")
	email := w.User("user_1").EmailAddresses[0].ID
	_, err = users.DeleteEmailAddress(ctx, w.client, email)
	refused(t, err, 400, "delete_linked_identification_disallowed")
	must[*users.DeletedObject](t)(users.DeleteExternalAccount(ctx, w.client, "user_1", "eac_1"))
	_, err = users.DeleteExternalAccount(ctx, w.client, "user_1", "eac_1")
	refused(t, err, 404, "resource_not_found")
	must[*users.DeletedObject](t)(users.DeleteEmailAddress(ctx, w.client, email))
	must[*users.DeletedObject](t)(users.DeletePasskey(ctx, w.client, "user_1", "idn_passkey"))
	must[*users.DeletedObject](t)(users.DeleteWeb3Wallet(ctx, w.client, "user_1", "idn_wallet"))
	fit(t, w.User("user_1").PrimaryWeb3WalletID == nil && len(w.User("user_1").Passkeys) == 0, "the user is %+v", w.User("user_1"))

	devices := must[*clerk.List[users.TrustedDevice]](t)(users.ListTrustedDevices(ctx, w.client, "user_1"))
	fit(t, len(devices.Data) == 1, "there are %d devices", len(devices.Data))
	revoked := must[*users.TrustedDevice](t)(users.RevokeTrustedDevice(ctx, w.client, "user_1", "td_1"))
	fit(t, revoked.Status == users.TrustedDeviceStatusRevoked && revoked.RevokedAt != nil, "the device is %+v", revoked)
	_, err = users.RevokeTrustedDevice(ctx, w.client, "user_1", "td_1")
	refused(t, err, 404, "resource_not_found")
})

var _ = scenario("profile images", func(t *testing.T, w *world) {
	w = w.another(t, clerktest.WithSeed(clerktest.Seed{Users: []api.User{{ID: "user_1"}}}))
	ctx := t.Context()
	image := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 64)...)
	u := must[*users.User](t)(users.SetProfileImage(ctx, w.client, "user_1", users.SetProfileImageParams{File: clerk.File{Name: "a.txt", Content: bytes.NewReader(image)}}))
	fit(t, u.HasImage, "the user has no image")
	resp, err := http.Get(u.ImageURL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	fit(t, err == nil && bytes.Equal(got, image) && resp.Header.Get("Content-Type") == "image/png", "the image is %d bytes of %s", len(got), resp.Header.Get("Content-Type"))
	_, err = users.SetProfileImage(ctx, w.client, "user_1", users.SetProfileImageParams{File: clerk.File{Name: "a.png", Content: bytes.NewReader([]byte("<html>"))}})
	refused(t, err, 400, "request_body_invalid")
	after := must[*users.User](t)(users.DeleteProfileImage(ctx, w.client, "user_1"))
	fit(t, !after.HasImage && after.ImageURL != u.ImageURL, "the user still has the image")
	gone, err := http.Get(u.ImageURL)
	if err != nil {
		t.Fatal(err)
	}
	defer gone.Body.Close()
	fit(t, gone.StatusCode == http.StatusNotFound, "the deleted image answers %d", gone.StatusCode)
})
