package emulator

import (
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

var _ = scenario("email addresses", func(t *testing.T, w *world) {
	ctx := t.Context()
	ada := must[*users.User](t)(users.CreateUser(ctx, w.client, users.CreateUserParams{EmailAddress: clerk.Set([]string{"ada@example.com"})}))
	bob := must[*users.User](t)(users.CreateUser(ctx, w.client, users.CreateUserParams{EmailAddress: clerk.Set([]string{"bob@example.com"})}))
	first := ada.EmailAddresses[0].ID

	second := must[*users.EmailAddress](t)(users.CreateEmailAddress(ctx, w.client, users.CreateEmailAddressParams{UserID: ada.ID, EmailAddress: "ada+clerk_test@example.com"}))
	fit(t, second.Verification == nil, "a new address is verified: %+v", second.Verification)
	_, err := users.CreateEmailAddress(ctx, w.client, users.CreateEmailAddressParams{UserID: ada.ID, EmailAddress: "Bob@example.com"})
	refused(t, err, 422, "form_identifier_exists")
	_, err = users.CreateEmailAddress(ctx, w.client, users.CreateEmailAddressParams{UserID: ada.ID, EmailAddress: "nobody"})
	refused(t, err, 422, "form_param_format_invalid")
	_, err = users.CreateEmailAddress(ctx, w.client, users.CreateEmailAddressParams{UserID: "user_nobody", EmailAddress: "x@example.com"})
	refused(t, err, 404, "resource_not_found")

	sent := must[*users.ContactVerification](t)(users.PrepareEmailAddressVerification(ctx, w.client, second.ID))
	tried := must[*users.ContactVerification](t)(users.AttemptEmailAddressVerification(ctx, w.client, second.ID, users.AttemptEmailAddressVerificationParams{VerificationID: sent.ID, Code: "000000"}))
	fit(t, tried.Status == users.VerificationStatusUnverified && *tried.Attempts == 1, "after a wrong code: %+v", tried)
	tried = must[*users.ContactVerification](t)(users.AttemptEmailAddressVerification(ctx, w.client, second.ID, users.AttemptEmailAddressVerificationParams{VerificationID: sent.ID, Code: "424242"}))
	fit(t, tried.Status == users.VerificationStatusVerified && tried.Strategy == "email_code", "after the right code: %+v", tried)
	_, err = users.AttemptEmailAddressVerification(ctx, w.client, second.ID, users.AttemptEmailAddressVerificationParams{VerificationID: sent.ID, Code: "424242"})
	refused(t, err, 400, "verification_already_verified")
	got := must[*users.EmailAddress](t)(users.GetEmailAddress(ctx, w.client, second.ID))
	fit(t, got.Verification != nil && got.Verification.Strategy == "email_code", "the address is not verified: %+v", got)

	must[*users.EmailAddress](t)(users.UpdateEmailAddress(ctx, w.client, second.ID, users.UpdateEmailAddressParams{Primary: clerk.Set(true)}))
	primary := func() string {
		return clerk.Value(must[*users.User](t)(users.GetUser(ctx, w.client, ada.ID)).PrimaryEmailAddressID)
	}
	fit(t, primary() == second.ID, "the primary address is %s", primary())
	must[*users.DeletedObject](t)(users.DeleteEmailAddress(ctx, w.client, second.ID))
	fit(t, primary() == first, "the primary address of which one was deleted is %s", primary())
	_, err = users.GetEmailAddress(ctx, w.client, second.ID)
	refused(t, err, 404, "resource_not_found")

	only := must[*users.EmailAddress](t)(users.ReplaceUserEmailAddress(ctx, w.client, ada.ID, users.ReplaceUserEmailAddressParams{EmailAddress: "new@example.com"}))
	fit(t, primary() == only.ID, "the new address is not primary")
	_, err = users.ReplaceUserEmailAddress(ctx, w.client, ada.ID, users.ReplaceUserEmailAddressParams{EmailAddress: "bob@example.com"})
	refused(t, err, 422, "form_identifier_exists")
	must[*users.EmailAddress](t)(users.CreateEmailAddress(ctx, w.client, users.CreateEmailAddressParams{UserID: bob.ID, EmailAddress: "ada@example.com", Verified: clerk.Set(true)}))
	must[*users.DeletedObject](t)(users.DeleteEmailAddress(ctx, w.client, only.ID))
	fit(t, primary() == "", "a user without addresses has the primary one %s", primary())
})

var _ = scenario("phone numbers", func(t *testing.T, w *world) {
	ctx := t.Context()
	ada := must[*users.User](t)(users.CreateUser(ctx, w.client, users.CreateUserParams{Username: clerk.Set("lovelace")}))
	phone := must[*users.PhoneNumber](t)(users.CreatePhoneNumber(ctx, w.client, users.CreatePhoneNumberParams{UserID: ada.ID, PhoneNumber: "+15555550100"}))
	user := func() *users.User { return must[*users.User](t)(users.GetUser(ctx, w.client, ada.ID)) }
	fit(t, clerk.Value(user().PrimaryPhoneNumberID) == phone.ID, "the first number is not primary")
	_, err := users.UpdatePhoneNumber(ctx, w.client, phone.ID, users.UpdatePhoneNumberParams{ReservedForSecondFactor: clerk.Set(true)})
	refused(t, err, 400, "identification_update_second_factor_unverified")
	_, err = users.CreatePhoneNumber(ctx, w.client, users.CreatePhoneNumberParams{UserID: ada.ID, PhoneNumber: "+15555550101", ReservedForSecondFactor: clerk.Set(true)})
	refused(t, err, 400, "identification_create_second_factor_unverified")

	sent := must[*users.ContactVerification](t)(users.PreparePhoneNumberVerification(ctx, w.client, phone.ID))
	fit(t, clerk.Value(sent.Channel) == "sms" && sent.Status == users.VerificationStatusUnverified, "the code was sent as %+v", sent)
	tried := must[*users.ContactVerification](t)(users.AttemptPhoneNumberVerification(ctx, w.client, phone.ID, users.AttemptPhoneNumberVerificationParams{VerificationID: sent.ID, Code: "424242"}))
	fit(t, tried.Status == users.VerificationStatusVerified, "after the right code: %+v", tried)

	phone = must[*users.PhoneNumber](t)(users.UpdatePhoneNumber(ctx, w.client, phone.ID, users.UpdatePhoneNumberParams{ReservedForSecondFactor: clerk.Set(true)}))
	fit(t, phone.ReservedForSecondFactor && phone.DefaultSecondFactor && user().TwoFactorEnabled, "the number is not a second factor: %+v", phone)
	got := must[*users.PhoneNumber](t)(users.GetPhoneNumber(ctx, w.client, phone.ID))
	fit(t, got.ID == phone.ID && got.Verification != nil, "the number is %+v", got)
	only := must[*users.PhoneNumber](t)(users.ReplaceUserPhoneNumber(ctx, w.client, ada.ID, users.ReplaceUserPhoneNumberParams{PhoneNumber: "+15555550102"}))
	fit(t, !user().TwoFactorEnabled && user().MFADisabledAt != nil, "the replaced number is still a second factor")
	must[*users.DeletedObject](t)(users.DeletePhoneNumber(ctx, w.client, only.ID))
	_, err = users.DeletePhoneNumber(ctx, w.client, only.ID)
	refused(t, err, 404, "resource_not_found")
})
