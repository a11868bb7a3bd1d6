package clients

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"mime/multipart"
	"net/http"

	sdk "github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/emailaddress"
	"github.com/clerk/clerk-sdk-go/v2/phonenumber"
	"github.com/clerk/clerk-sdk-go/v2/session"
	"github.com/clerk/clerk-sdk-go/v2/user"
)

const goodPassword = "correct-horse-battery-7"

func goUsers(p *program) {
	ctx := p.ctx
	text, yes, no := sdk.String, new(true), new(false)
	before := got(p, "user.Count", func(c *user.TotalCount) bool { return c.TotalCount > 0 })(user.Count(ctx, &user.ListParams{}))
	mary := got(p, "user.Create", func(u *sdk.User) bool {
		return u.EmailAddresses[0].EmailAddress == "mary@example.com" && u.PasswordEnabled && u.TOTPEnabled && u.BackupCodeEnabled && len(u.Web3Wallets) == 1 && *u.ExternalID == "crm_mary"
	})(user.Create(ctx, &user.CreateParams{
		EmailAddresses: &[]string{"mary@example.com"}, PhoneNumbers: &[]string{"+15555550120"}, Web3Wallets: &[]string{"0x52908400098527886E0F7030069857D2E4169EE7"},
		Username: text("mary_s"), FirstName: text("Mary"), LastName: text("Shelley"), ExternalID: text("crm_mary"), Password: text(goodPassword),
		TOTPSecret: text("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), BackupCodes: &[]string{"code-number-one"},
		PublicMetadata: raw(`{"plan":"free"}`), PrivateMetadata: raw(`{"cost":3}`),
	}))
	fails[sdk.User](p, "user.Create", http.StatusUnprocessableEntity, "form_identifier_exists")(user.Create(ctx, &user.CreateParams{EmailAddresses: &[]string{"MARY@example.com"}, Password: text(goodPassword)}))
	got(p, "user.Get", func(u *sdk.User) bool { return u.ID == mary.ID && *u.FirstName == "Mary" })(user.Get(ctx, mary.ID))
	alone := func(l *sdk.UserList) bool { return l.TotalCount == 1 && len(l.Users) == 1 && l.Users[0].ID == mary.ID }
	got(p, "user.List", alone)(user.List(ctx, &user.ListParams{EmailAddresses: []string{"mary@example.com"}}))
	got(p, "user.List", alone)(user.List(ctx, &user.ListParams{PhoneNumbers: []string{"+15555550120"}}))
	got(p, "user.List", alone)(user.List(ctx, &user.ListParams{Web3Wallets: []string{"0x52908400098527886E0F7030069857D2E4169EE7"}}))
	got(p, "user.List", alone)(user.List(ctx, &user.ListParams{Usernames: []string{"mary_s"}, ExternalIDs: []string{"crm_mary"}}))
	got(p, "user.List", alone)(user.List(ctx, &user.ListParams{UserIDs: []string{mary.ID}}))
	got(p, "user.List", alone)(user.List(ctx, &user.ListParams{NameQuery: text("shelley"), EmailAddressQuery: text("mary@"), UsernameQuery: text("mary"), PhoneNumberQuery: text("0120")}))
	got(p, "user.List", func(l *sdk.UserList) bool {
		return len(l.Users) == 1 && l.Users[0].ID == mary.ID && l.TotalCount == before.TotalCount+1
	})(user.List(ctx, &user.ListParams{ListParams: sdk.ListParams{Limit: sdk.Int64(1), Offset: sdk.Int64(0)}, OrderBy: text("-created_at")}))
	got(p, "user.Count", func(c *user.TotalCount) bool { return c.TotalCount == 1 })(user.Count(ctx, &user.ListParams{Query: text("shelley")}))
	got(p, "user.Update", func(u *sdk.User) bool { return *u.FirstName == "Mary W." && *u.LastName == "Shelley" })(user.Update(ctx, mary.ID, &user.UpdateParams{FirstName: text("Mary W.")}))
	got(p, "user.UpdateMetadata", func(u *sdk.User) bool { return string(compact(u.PublicMetadata)) == `{"plan":"free","seats":2}` })(user.UpdateMetadata(ctx, mary.ID, &user.UpdateMetadataParams{PublicMetadata: raw(`{"seats":2}`)}))
	got(p, "user.UpdateProfileImage", func(u *sdk.User) bool { return u.HasImage })(user.UpdateProfileImage(ctx, mary.ID, &user.UpdateProfileImageParams{File: picture()}))
	got(p, "user.DeleteProfileImage", func(u *sdk.User) bool { return !u.HasImage })(user.DeleteProfileImage(ctx, mary.ID))

	got(p, "user.VerifyPassword", func(v *user.VerifyPasswordResponse) bool { return v.Verified })(user.VerifyPassword(ctx, &user.VerifyPasswordParams{UserID: mary.ID, Password: goodPassword}))
	fails[user.VerifyPasswordResponse](p, "user.VerifyPassword", http.StatusUnprocessableEntity, "incorrect_password")(user.VerifyPassword(ctx, &user.VerifyPasswordParams{UserID: mary.ID, Password: "wrong-password-7"}))
	// CreateTOTP sends nothing.
	//lint:ignore SA1019 the SDK has it
	got(p, "user.CreateTOTP", func(v *sdk.TOTP) bool { return v.Object == "totp" })(user.CreateTOTP(ctx, mary.ID))
	ofMary := func(m *user.MultifactorAuthentication) bool { return m.UserID == mary.ID }
	got(p, "user.DeleteBackupCode", ofMary)(user.DeleteBackupCode(ctx, mary.ID))
	got(p, "user.DeleteTOTP", ofMary)(user.DeleteTOTP(ctx, mary.ID))
	got(p, "user.Get", func(u *sdk.User) bool { return !u.TOTPEnabled && !u.BackupCodeEnabled && !u.TwoFactorEnabled })(user.Get(ctx, mary.ID))
	got(p, "user.Update", func(u *sdk.User) bool { return u.TOTPEnabled })(user.Update(ctx, mary.ID, &user.UpdateParams{TOTPSecret: text("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")}))
	got(p, "user.DeleteMFA", ofMary)(user.DeleteMFA(ctx, &user.DeleteMFAParams{ID: mary.ID}))
	got(p, "user.Get", func(u *sdk.User) bool { return !u.TwoFactorEnabled })(user.Get(ctx, mary.ID))

	work := got(p, "emailaddress.Create", func(e *sdk.EmailAddress) bool { return e.Verification.Status == "verified" })(emailaddress.Create(ctx, &emailaddress.CreateParams{UserID: &mary.ID, EmailAddress: text("mary@work.example"), Verified: yes, Primary: no}))
	got(p, "emailaddress.Get", func(e *sdk.EmailAddress) bool { return e.EmailAddress == "mary@work.example" })(emailaddress.Get(ctx, work.ID))
	got(p, "emailaddress.Update", func(e *sdk.EmailAddress) bool { return e.ID == work.ID })(emailaddress.Update(ctx, work.ID, &emailaddress.UpdateParams{Primary: yes}))
	changed := got(p, "user.Get", func(u *sdk.User) bool { return *u.PrimaryEmailAddressID == work.ID && len(u.EmailAddresses) == 2 })(user.Get(ctx, mary.ID))
	for _, e := range changed.EmailAddresses {
		if e.ID != work.ID {
			got(p, "emailaddress.Delete", deleted(e.ID))(emailaddress.Delete(ctx, e.ID))
		}
	}
	if len(changed.EmailAddresses) == 0 {
		got(p, "emailaddress.Delete", deleted("idn_none"))(emailaddress.Delete(ctx, "idn_none"))
	}
	got(p, "user.List", func(l *sdk.UserList) bool { return l.TotalCount == 0 })(user.List(ctx, &user.ListParams{EmailAddresses: []string{"mary@example.com"}}))
	mobile := got(p, "phonenumber.Create", func(n *sdk.PhoneNumber) bool { return n.PhoneNumber == "+15555550121" })(phonenumber.Create(ctx, &phonenumber.CreateParams{UserID: &mary.ID, PhoneNumber: text("+15555550121"), Verified: yes}))
	got(p, "phonenumber.Get", func(n *sdk.PhoneNumber) bool { return n.Verification.Status == "verified" })(phonenumber.Get(ctx, mobile.ID))
	got(p, "phonenumber.Update", func(n *sdk.PhoneNumber) bool { return n.ReservedForSecondFactor })(phonenumber.Update(ctx, mobile.ID, &phonenumber.UpdateParams{ReservedForSecondFactor: yes}))
	got(p, "phonenumber.Delete", deleted(mobile.ID))(phonenumber.Delete(ctx, mobile.ID))
	fails[sdk.PhoneNumber](p, "phonenumber.Get", http.StatusNotFound, "resource_not_found")(phonenumber.Get(ctx, mobile.ID))

	wallet := ""
	if len(mary.Web3Wallets) > 0 {
		wallet = mary.Web3Wallets[0].ID
	}
	got(p, "user.DeleteWeb3Wallet", deleted(wallet))(user.DeleteWeb3Wallet(ctx, mary.ID, wallet))
	got(p, "user.ListOAuthAccessTokens", func(l *sdk.OAuthAccessTokenList) bool {
		return l.TotalCount == 1 && l.OAuthAccessTokens[0].Token != ""
	})(user.ListOAuthAccessTokens(ctx, &user.ListOAuthAccessTokensParams{ID: seedUser, Provider: "oauth_google"}))
	got(p, "user.DeleteExternalAccount", deleted(seedExternalAccount))(user.DeleteExternalAccount(ctx, &user.DeleteExternalAccountParams{UserID: seedUser, ID: seedExternalAccount}))
	got(p, "user.DeletePasskey", deleted(seedPasskey))(user.DeletePasskey(ctx, seedUser, seedPasskey))
	got(p, "user.Get", func(u *sdk.User) bool { return len(u.ExternalAccounts) == 0 })(user.Get(ctx, seedUser))

	signedIn := got(p, "session.Create", func(s *sdk.Session) bool { return s.Status == "active" })(session.Create(ctx, &session.CreateParams{UserID: mary.ID}))
	got(p, "user.Ban", func(u *sdk.User) bool { return u.Banned })(user.Ban(ctx, mary.ID))
	got(p, "session.Get", func(s *sdk.Session) bool { return s.Status != "active" })(session.Get(ctx, signedIn.ID))
	fails[sdk.Session](p, "session.Create", http.StatusForbidden, "user_banned")(session.Create(ctx, &session.CreateParams{UserID: mary.ID}))
	got(p, "user.List", alone)(user.List(ctx, &user.ListParams{Banned: yes}))
	got(p, "user.Unban", func(u *sdk.User) bool { return !u.Banned })(user.Unban(ctx, mary.ID))
	got(p, "user.Lock", func(u *sdk.User) bool { return u.Locked })(user.Lock(ctx, mary.ID))
	got(p, "user.Unlock", func(u *sdk.User) bool { return !u.Locked })(user.Unlock(ctx, mary.ID))
	got(p, "user.Delete", deleted(mary.ID))(user.Delete(ctx, mary.ID))
	fails[sdk.User](p, "user.Get", http.StatusNotFound, "resource_not_found")(user.Get(ctx, mary.ID))
	got(p, "user.Count", func(c *user.TotalCount) bool { return c.TotalCount == before.TotalCount })(user.Count(ctx, &user.ListParams{}))
}

func deleted(id string) func(*sdk.DeletedResource) bool {
	return func(d *sdk.DeletedResource) bool { return d.Deleted && d.ID == id }
}

func raw(text string) *json.RawMessage { return new(json.RawMessage(text)) }

// compact returns JSON without spaces and with the members of objects in order.
func compact(data []byte) []byte {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return data
	}
	data, _ = json.Marshal(v)
	return data
}

// file is a file in memory, as forms have them.
type file struct{ *bytes.Reader }

func (file) Close() error { return nil }

// picture returns a GIF of one pixel.
func picture() multipart.File {
	data, _ := base64.StdEncoding.DecodeString("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
	return file{bytes.NewReader(data)}
}
