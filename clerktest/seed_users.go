package clerktest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// checkSeedUser returns an error for identifiers that are malformed or belong to
// another user. The error begins with the member at fault.
func (i *Instance) checkSeedUser(u *api.User) error {
	for n, e := range u.EmailAddresses {
		param := fmt.Sprintf("email_addresses[%d].email_address", n)
		if checkEmail(param, e.EmailAddress) != nil {
			return fmt.Errorf("%s is not a valid email address", param)
		}
		if emails.parts(&e).held() && i.emailTaken(e.EmailAddress, u.ID) {
			return fmt.Errorf("%s belongs to another user", param)
		}
	}
	for n, p := range u.PhoneNumbers {
		param := fmt.Sprintf("phone_numbers[%d].phone_number", n)
		if checkPhone(param, p.PhoneNumber) != nil {
			return fmt.Errorf("%s is not an E.164 phone number", param)
		}
		if phones.parts(&p).held() && i.phoneTaken(p.PhoneNumber, u.ID) {
			return fmt.Errorf("%s belongs to another user", param)
		}
	}
	for _, id := range append(emails.ids(u), phones.ids(u)...) {
		if i.usersByIdentification.First(id) != nil {
			return fmt.Errorf("email_addresses or phone_numbers have the id %s, which belongs to another user", id)
		}
	}
	for n, w := range u.Web3Wallets {
		param := fmt.Sprintf("web3_wallets[%d].web3_wallet", n)
		if checkWallet(param, w.Web3Wallet) != nil {
			return fmt.Errorf("%s is not 0x followed by 40 hexadecimal digits", param)
		}
		if i.walletTaken(w.Web3Wallet, u.ID) {
			return fmt.Errorf("%s belongs to another user", param)
		}
	}
	switch {
	case checkUsername(clerk.Value(u.Username)) != nil:
		return fmt.Errorf("username is not valid")
	case i.usernameTaken(clerk.Value(u.Username), u.ID):
		return fmt.Errorf("username belongs to another user")
	case i.externalIDTaken(clerk.Value(u.ExternalID), u.ID):
		return fmt.Errorf("external_id belongs to another user")
	case u.PrimaryEmailAddressID != nil && u.PrimaryEmail() == nil:
		return fmt.Errorf("primary_email_address_id is not the id of one of the email_addresses")
	case u.PrimaryPhoneNumberID != nil && u.PrimaryPhone() == nil:
		return fmt.Errorf("primary_phone_number_id is not the id of one of the phone_numbers")
	}
	return nil
}

// fillUser sets what a seed leaves out of a user. It derives IDs from what they
// identify, so that they are the same after a restart.
func (i *Instance) fillUser(u *api.User) {
	began := seedBegin
	if u.CreatedAt != 0 {
		began = time.UnixMilli(int64(u.CreatedAt))
	}
	blank := blankUser(u.ID, i.frontendAPI, began)
	u.Object = blank.Object
	u.ImageURL = cmp.Or(u.ImageURL, blank.ImageURL)
	u.BypassClientTrust = cmp.Or(u.BypassClientTrust, blank.BypassClientTrust)
	u.CreatedAt = blank.CreatedAt
	u.UpdatedAt = cmp.Or(u.UpdatedAt, u.CreatedAt)
	if u.VerificationAttemptsRemaining == nil {
		setLocked(u, u.Locked)
	}
	if u.PublicMetadata.IsZero() {
		u.PublicMetadata = blank.PublicMetadata
	}
	if u.PrivateMetadata.IsZero() {
		u.PrivateMetadata = blank.PrivateMetadata
	}
	if u.UnsafeMetadata.IsZero() {
		u.UnsafeMetadata = blank.UnsafeMetadata
	}
	u.EmailAddresses, u.PhoneNumbers = slices.Clone(u.EmailAddresses), slices.Clone(u.PhoneNumbers)
	for n := range u.EmailAddresses {
		fillEmail(u.ID, &u.EmailAddresses[n], began)
	}
	for n := range u.PhoneNumbers {
		fillPhone(u.ID, &u.PhoneNumbers[n], began)
	}
	fillAccounts(u, began)
	emptyLists(u)
	setPrimaries(u)
}

func fillEmail(userID string, e *api.EmailAddress, began time.Time) {
	id := cmp.Or(e.ID, derivedID("idn", userID, e.EmailAddress))
	blank := newEmail(id, e.EmailAddress, e.Reserved, began)
	e.ID, e.Object = blank.ID, blank.Object
	e.Verification = cmp.Or(e.Verification, blank.Verification)
	e.MatchesSSOConnection = cmp.Or(e.MatchesSSOConnection, blank.MatchesSSOConnection)
	e.LinkedTo = notNil(e.LinkedTo)
	e.CreatedAt = cmp.Or(e.CreatedAt, blank.CreatedAt)
	e.UpdatedAt = cmp.Or(e.UpdatedAt, e.CreatedAt)
}

func fillPhone(userID string, p *api.PhoneNumber, began time.Time) {
	id := cmp.Or(p.ID, derivedID("idn", userID, p.PhoneNumber))
	blank := newPhone(id, p.PhoneNumber, p.Reserved, began)
	p.ID, p.Object = blank.ID, blank.Object
	p.Verification = cmp.Or(p.Verification, blank.Verification)
	p.ReservedForSecondFactor = cmp.Or(p.ReservedForSecondFactor, blank.ReservedForSecondFactor)
	p.DefaultSecondFactor = cmp.Or(p.DefaultSecondFactor, blank.DefaultSecondFactor)
	p.LinkedTo = notNil(p.LinkedTo)
	p.CreatedAt = cmp.Or(p.CreatedAt, blank.CreatedAt)
	p.UpdatedAt = cmp.Or(p.UpdatedAt, p.CreatedAt)
}
