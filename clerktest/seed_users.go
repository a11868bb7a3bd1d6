package clerktest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// completeUser returns an error for identifiers that are malformed or belong to another
// user. The error begins with the member at fault.
func (i *Instance) completeUser(u *api.User) error {
	u.ImageURL = cmp.Or(u.ImageURL, imageOf(u.ID, i.frontendAPI))
	err := emails.checkSeed(i, u)
	if err == nil {
		err = phones.checkSeed(i, u)
	}
	if err != nil {
		return err
	}
	if err := checkIdentifications(u); err != nil {
		return err
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
	began := time.UnixMilli(int64(u.CreatedAt))
	blank := blankUser(u.ID, i.frontendAPI, began)
	u.Object = blank.Object
	u.BypassClientTrust = cmp.Or(u.BypassClientTrust, blank.BypassClientTrust)
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
	emails.fill(u, began)
	phones.fill(u, began)
	fillAccounts(u, began)
	emptyLists(u)
	setPrimaries(u)
}

// fill sets what a seed leaves out of addresses or numbers.
func (c contacts[T]) fill(u *api.User, began time.Time) {
	list := slices.Clone(*c.of(u))
	for n := range list {
		p := c.parts(&list[n])
		*p.id = cmp.Or(*p.id, derivedID("idn", u.ID, *p.text))
		if *p.verification != nil {
			*p.verification = fillVerification(*p.verification, adminVerified(), c.strategy)
		}
		resource.Date(&list[n], began)
		resource.Plant(&list[n], c.object)
		resource.Fill(&list[n], c.fresh(*p.id, *p.text, *p.reserved, began))
	}
	*c.of(u) = list
}

// checkSeed returns an error for an address or a number that is malformed or belongs to
// another user.
func (c contacts[T]) checkSeed(i *Instance, u *api.User) error {
	for n := range *c.of(u) {
		p := c.parts(&(*c.of(u))[n])
		param := fmt.Sprintf("%s[%d].%s", c.list, n, c.object)
		if err := c.check(param, *p.text); err != nil {
			return errors.New(reasonOf(err))
		}
		if p.held() && c.taken(i, *p.text, u.ID) {
			return fmt.Errorf("%s belongs to another user", param)
		}
		if slices.ContainsFunc((*c.of(u))[:n], func(v T) bool { return strings.EqualFold(*c.parts(&v).text, *p.text) }) {
			return fmt.Errorf("%s is that of another of the %s", param, c.list)
		}
	}
	return nil
}
