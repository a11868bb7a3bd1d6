package clerktest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// identify gives a new user its email addresses, phone numbers and wallets.
// The first of each becomes the primary one.
func (i *Instance) identify(u *api.User, c userChanges, now time.Time) error {
	reserved, err := statuses("email_address_identification_status", c.EmailStatus, len(c.EmailAddress))
	if err != nil {
		return err
	}
	for n, address := range c.EmailAddress {
		param := fmt.Sprintf("email_address[%d]", n)
		if err := checkEmail(param, address); err != nil {
			return err
		}
		if i.emailTaken(address, u.ID) || containsFold(c.EmailAddress[:n], address) {
			return taken("email_address")
		}
		u.EmailAddresses = append(u.EmailAddresses, newEmail(newID("idn", now), address, reserved[n], now))
	}
	if reserved, err = statuses("phone_number_identification_status", c.PhoneStatus, len(c.PhoneNumber)); err != nil {
		return err
	}
	for n, number := range c.PhoneNumber {
		if err := checkPhone(fmt.Sprintf("phone_number[%d]", n), number); err != nil {
			return err
		}
		if i.phoneTaken(number, u.ID) || slices.Contains(c.PhoneNumber[:n], number) {
			return taken("phone_number")
		}
		u.PhoneNumbers = append(u.PhoneNumbers, newPhone(newID("idn", now), number, reserved[n], now))
	}
	for n, address := range c.Web3Wallet {
		if err := checkWallet(fmt.Sprintf("web3_wallet[%d]", n), address); err != nil {
			return err
		}
		if i.walletTaken(address, u.ID) || containsFold(c.Web3Wallet[:n], address) {
			return taken("web3_wallet")
		}
		u.Web3Wallets = append(u.Web3Wallets, newWallet(newID("idn", now), address, now))
	}
	primaries(u)
	return nil
}

// statuses says for each of n identifiers whether it is only reserved.
func statuses(param string, list []string, n int) ([]bool, error) {
	if len(list) > 0 && len(list) != n {
		return nil, invalid("form_param_value_invalid", param, "must have one item for each identifier")
	}
	reserved := make([]bool, n)
	for i := range list {
		reserved[i] = list[i] == "reserved"
	}
	return reserved, nil
}

func primaries(u *api.User) {
	if len(u.EmailAddresses) > 0 && u.PrimaryEmailAddressID == nil {
		u.PrimaryEmailAddressID = new(u.EmailAddresses[0].ID)
	}
	if len(u.PhoneNumbers) > 0 && u.PrimaryPhoneNumberID == nil {
		u.PrimaryPhoneNumberID = new(u.PhoneNumbers[0].ID)
	}
	if len(u.Web3Wallets) > 0 && u.PrimaryWeb3WalletID == nil {
		u.PrimaryWeb3WalletID = new(u.Web3Wallets[0].ID)
	}
}

func containsFold(list []string, text string) bool {
	return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, text) })
}

// primaryEmail returns the user's primary email address, or nil.
func primaryEmail(u *api.User) *api.EmailAddress {
	for n := range u.EmailAddresses {
		if e := &u.EmailAddresses[n]; u.PrimaryEmailAddressID != nil && e.ID == *u.PrimaryEmailAddressID {
			return e
		}
	}
	return nil
}

// primaryPhone returns the user's primary phone number, or nil.
func primaryPhone(u *api.User) *api.PhoneNumber {
	for n := range u.PhoneNumbers {
		if p := &u.PhoneNumbers[n]; u.PrimaryPhoneNumberID != nil && p.ID == *u.PrimaryPhoneNumberID {
			return p
		}
	}
	return nil
}

// primaryWallet returns the address of the user's primary wallet, or "".
func primaryWallet(u *api.User) string {
	for _, w := range u.Web3Wallets {
		if u.PrimaryWeb3WalletID != nil && w.ID == *u.PrimaryWeb3WalletID {
			return w.Web3Wallet
		}
	}
	return ""
}

// choosePrimary makes one of the user's identifiers the primary one. known
// tells whether the ID is a verified one of the user's.
func choosePrimary(dst **string, param string, id clerk.Optional[string], known func(string) bool) error {
	wanted, ok := id.Get()
	switch {
	case id.IsNull():
		*dst = nil
	case !ok:
	case !known(wanted):
		return invalid("form_resource_not_found", param, "names no verified identifier of the user")
	default:
		*dst = &wanted
	}
	return nil
}

func verified(v *api.Verification) bool {
	return v != nil && v.Status == api.VerificationStatusVerified
}
