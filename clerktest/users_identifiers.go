package clerktest

import (
	"cmp"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

var (
	phonePattern  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	walletPattern = regexp.MustCompile(`^0x[0-9a-fA-F]{40}$`)
	namePattern   = regexp.MustCompile(`^[A-Za-z0-9_.-]*$`)
)

const maxUsername = 64

// adminVerified returns the verification of an identifier that was added through the
// Backend API.
func adminVerified() *api.Verification {
	return &api.Verification{Object: "verification_admin", Status: api.VerificationStatusVerified, Strategy: "admin"}
}

func newEmail(id, address string, reserved bool, now time.Time) api.EmailAddress {
	e := api.EmailAddress{
		ID: id, Object: "email_address", EmailAddress: address, Reserved: reserved,
		LinkedTo: []api.IdentificationLink{}, MatchesSSOConnection: new(false),
	}
	if !reserved {
		e.Verification = adminVerified()
	}
	stamp(&e.CreatedAt, now)
	stamp(&e.UpdatedAt, now)
	return e
}

func newPhone(id, number string, reserved bool, now time.Time) api.PhoneNumber {
	p := api.PhoneNumber{
		ID: id, Object: "phone_number", PhoneNumber: number, Reserved: reserved,
		LinkedTo: []api.IdentificationLink{},
	}
	if !reserved {
		p.Verification = adminVerified()
	}
	stamp(&p.CreatedAt, now)
	stamp(&p.UpdatedAt, now)
	return p
}

func newWallet(id, address string, now time.Time) api.Web3Wallet {
	w := api.Web3Wallet{ID: id, Object: "web3_wallet", Web3Wallet: address, Verification: adminVerified()}
	stamp(&w.CreatedAt, now)
	stamp(&w.UpdatedAt, now)
	return w
}

func checkEmail(param, address string) error {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || !strings.Contains(address[strings.LastIndexByte(address, '@')+1:], ".") {
		return invalid("form_param_format_invalid", param, "must be a valid email address")
	}
	return nil
}

func checkPhone(param, number string) error {
	if !phonePattern.MatchString(number) {
		return invalid("form_param_format_invalid", param, "must be an E.164 phone number")
	}
	return nil
}

func checkWallet(param, address string) error {
	if !walletPattern.MatchString(address) {
		return invalid("form_param_format_invalid", param, "must be 0x followed by 40 hexadecimal digits")
	}
	return nil
}

func checkUsername(name string) error {
	switch {
	case len(name) > maxUsername:
		return invalid("form_username_invalid_length", "username", "can have at most %d characters", maxUsername)
	case !namePattern.MatchString(name):
		return invalid("form_username_invalid_character", "username", "can only have letters, digits and the characters _ - .")
	}
	return nil
}

// emailTaken reports whether a user other than except has the email address.
func (i *Instance) emailTaken(address, except string) bool {
	return takenByAnother(i.usersByEmail, strings.ToLower(address), except)
}

func (i *Instance) phoneTaken(number, except string) bool {
	return takenByAnother(i.usersByPhone, number, except)
}

func (i *Instance) walletTaken(address, except string) bool {
	return takenByAnother(i.usersByWallet, strings.ToLower(address), except)
}

func (i *Instance) usernameTaken(name, except string) bool {
	return takenByAnother(i.usersByName, strings.ToLower(name), except)
}

func (i *Instance) externalIDTaken(id, except string) bool {
	return takenByAnother(i.usersByOwnID, id, except)
}

func takenByAnother(index *store.Index[api.User], key, except string) bool {
	return slices.ContainsFunc(index.All(key), func(u *api.User) bool { return u.ID != except })
}

// addIdentifiers adds email addresses, phone numbers and wallets to a new user. The
// first of each becomes the primary one.
func (i *Instance) addIdentifiers(u *api.User, c userChanges, now time.Time) error {
	reserved, err := reservedFlags("email_address_identification_status", c.EmailStatus, len(c.EmailAddress))
	if err != nil {
		return err
	}
	for n, address := range c.EmailAddress {
		param := fmt.Sprintf("email_address[%d]", n)
		if err := checkEmail(param, address); err != nil {
			return err
		}
		if i.emailTaken(address, u.ID) || containsFold(c.EmailAddress[:n], address) {
			return identifierTaken("email_address")
		}
		u.EmailAddresses = append(u.EmailAddresses, newEmail(newID("idn", now), address, reserved[n], now))
	}
	if reserved, err = reservedFlags("phone_number_identification_status", c.PhoneStatus, len(c.PhoneNumber)); err != nil {
		return err
	}
	for n, number := range c.PhoneNumber {
		if err := checkPhone(fmt.Sprintf("phone_number[%d]", n), number); err != nil {
			return err
		}
		if i.phoneTaken(number, u.ID) || slices.Contains(c.PhoneNumber[:n], number) {
			return identifierTaken("phone_number")
		}
		u.PhoneNumbers = append(u.PhoneNumbers, newPhone(newID("idn", now), number, reserved[n], now))
	}
	for n, address := range c.Web3Wallet {
		if err := checkWallet(fmt.Sprintf("web3_wallet[%d]", n), address); err != nil {
			return err
		}
		if i.walletTaken(address, u.ID) || containsFold(c.Web3Wallet[:n], address) {
			return identifierTaken("web3_wallet")
		}
		u.Web3Wallets = append(u.Web3Wallets, newWallet(newID("idn", now), address, now))
	}
	setPrimaries(u)
	return nil
}

// reservedFlags reports for each of n identifiers whether it is only reserved.
func reservedFlags(param string, list []string, n int) ([]bool, error) {
	if len(list) > 0 && len(list) != n {
		return nil, invalid("form_param_value_invalid", param, "must have one item for each identifier")
	}
	reserved := make([]bool, n)
	for i := range list {
		reserved[i] = list[i] == "reserved"
	}
	return reserved, nil
}

func setPrimaries(u *api.User) {
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

// primaryWallet returns the address of the user's primary wallet, or "".
func primaryWallet(u *api.User) string {
	for _, w := range u.Web3Wallets {
		if u.PrimaryWeb3WalletID != nil && w.ID == *u.PrimaryWeb3WalletID {
			return w.Web3Wallet
		}
	}
	return ""
}

// choosePrimary sets the ID of a primary identifier. known reports whether the ID
// belongs to a verified identifier of the user.
func choosePrimary(dst **string, param string, id clerk.Optional[string], known func(string) bool) error {
	wanted, ok := id.Get()
	switch {
	case id.IsNull():
		*dst = nil
	case !ok:
	case !known(wanted):
		return invalid("form_resource_not_found", param, "is not the id of a verified identifier of the user")
	default:
		*dst = &wanted
	}
	return nil
}

func isVerified(v *api.Verification) bool {
	return v != nil && v.Status == api.VerificationStatusVerified
}

// userByEmail returns the user with an email address, whatever its case, or nil.
func (i *Instance) userByEmail(address string) *api.User {
	return i.usersByEmail.First(strings.ToLower(address))
}

// userByIdentifier returns the user with an email address, a phone number, a wallet or a
// username, or nil.
func (i *Instance) userByIdentifier(text string) *api.User {
	folded := strings.ToLower(text)
	return cmp.Or(i.userByEmail(text), i.usersByPhone.First(text), i.usersByWallet.First(folded), i.usersByName.First(folded))
}
