package clerktest

import (
	"context"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

func (i *Instance) setEmailHandlers(h *Handlers) {
	h.GetEmailAddress = func(_ context.Context, id string) (*api.EmailAddress, error) { return emails.get(i, id) }
	h.CreateEmailAddress = func(_ context.Context, p users.CreateEmailAddressParams) (*api.EmailAddress, error) {
		return emails.create(i, p.UserID, p.EmailAddress, flags{p.Verified, p.Primary}, nil)
	}
	h.UpdateEmailAddress = func(_ context.Context, id string, p users.UpdateEmailAddressParams) (*api.EmailAddress, error) {
		return emails.change(i, id, flags{p.Verified, p.Primary}, nil)
	}
	h.DeleteEmailAddress = func(_ context.Context, id string) (*api.DeletedObject, error) { return emails.delete(i, id) }
	h.ReplaceUserEmailAddress = func(_ context.Context, id string, p users.ReplaceUserEmailAddressParams) (*api.EmailAddress, error) {
		return emails.replace(i, id, p.EmailAddress, string(p.IdentificationStatus.Or("")))
	}
	h.PrepareEmailAddressVerification = func(_ context.Context, id string) (*api.ContactVerification, error) {
		return prepareVerification(i, emails, "email_code", "", id)
	}
	h.AttemptEmailAddressVerification = func(_ context.Context, id string, p users.AttemptEmailAddressVerificationParams) (*api.ContactVerification, error) {
		return attemptVerification(i, emails, id, p.VerificationID, p.Code)
	}
}

func (i *Instance) setPhoneHandlers(h *Handlers) {
	h.GetPhoneNumber = func(_ context.Context, id string) (*api.PhoneNumber, error) { return phones.get(i, id) }
	h.CreatePhoneNumber = func(_ context.Context, p users.CreatePhoneNumberParams) (*api.PhoneNumber, error) {
		return phones.create(i, p.UserID, p.PhoneNumber, flags{p.Verified, p.Primary}, reserveFor2FA(p.ReservedForSecondFactor, "identification_create_second_factor_unverified"))
	}
	h.UpdatePhoneNumber = func(_ context.Context, id string, p users.UpdatePhoneNumberParams) (*api.PhoneNumber, error) {
		return phones.change(i, id, flags{p.Verified, p.Primary}, reserveFor2FA(p.ReservedForSecondFactor, "identification_update_second_factor_unverified"))
	}
	h.DeletePhoneNumber = func(_ context.Context, id string) (*api.DeletedObject, error) { return phones.delete(i, id) }
	h.ReplaceUserPhoneNumber = func(_ context.Context, id string, p users.ReplaceUserPhoneNumberParams) (*api.PhoneNumber, error) {
		return phones.replace(i, id, p.PhoneNumber, string(p.IdentificationStatus.Or("")))
	}
	h.PreparePhoneNumberVerification = func(_ context.Context, id string) (*api.ContactVerification, error) {
		return prepareVerification(i, phones, "phone_code", "sms", id)
	}
	h.AttemptPhoneNumberVerification = func(_ context.Context, id string, p users.AttemptPhoneNumberVerificationParams) (*api.ContactVerification, error) {
		return attemptVerification(i, phones, id, p.VerificationID, p.Code)
	}
}

// reserveFor2FA returns a function that makes a number a second factor of its user, or no
// longer one. code is that of the refusal of an unverified number.
func reserveFor2FA(reserve clerk.Optional[bool], code string) func(u *api.User, at int, now time.Time) error {
	return func(u *api.User, at int, now time.Time) error {
		p := &u.PhoneNumbers[at]
		wanted, ok := reserve.Get()
		switch {
		case !ok:
			return nil
		case wanted && !isVerified(p.Verification):
			return failure(http.StatusBadRequest, code, "phone number "+p.ID+" is not verified, so it cannot be a second factor", "reserved_for_second_factor")
		}
		p.ReservedForSecondFactor, p.DefaultSecondFactor = wanted, wanted && !hasDefaultSecondFactor(u)
		settleSecondFactors(u, now)
		return nil
	}
}

func hasDefaultSecondFactor(u *api.User) bool {
	for _, p := range u.PhoneNumbers {
		if p.DefaultSecondFactor {
			return true
		}
	}
	return false
}
