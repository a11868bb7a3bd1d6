package clerktest

import (
	"net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
)

var (
	phonePattern  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	walletPattern = regexp.MustCompile(`^0x[0-9a-fA-F]{40}$`)
	namePattern   = regexp.MustCompile(`^[A-Za-z0-9_.-]*$`)
)

const maxUsername = 64

// adminVerified is the verification of an identifier that the Backend API made.
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
		ReservedForSecondFactor: new(false), DefaultSecondFactor: new(false), LinkedTo: []api.IdentificationLink{},
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
		return invalid("form_param_format_invalid", param, "must be a phone number in the form of E.164")
	}
	return nil
}

func checkWallet(param, address string) error {
	if !walletPattern.MatchString(address) {
		return invalid("form_param_format_invalid", param, "must be 0x and 40 hexadecimal digits")
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

// emailTaken and its like tell whether a user other than except has the identifier.
func (i *Instance) emailTaken(address, except string) bool {
	return i.anotherUser(except, func(u *api.User) bool {
		for _, e := range u.EmailAddresses {
			if strings.EqualFold(e.EmailAddress, address) {
				return true
			}
		}
		return false
	})
}

func (i *Instance) phoneTaken(number, except string) bool {
	return i.anotherUser(except, func(u *api.User) bool {
		for _, p := range u.PhoneNumbers {
			if p.PhoneNumber == number {
				return true
			}
		}
		return false
	})
}

func (i *Instance) walletTaken(address, except string) bool {
	return i.anotherUser(except, func(u *api.User) bool {
		for _, w := range u.Web3Wallets {
			if strings.EqualFold(w.Web3Wallet, address) {
				return true
			}
		}
		return false
	})
}

func (i *Instance) anotherUser(except string, fits func(*api.User) bool) bool {
	return i.users.find(func(u *api.User) bool { return u.ID != except && fits(u) }) != nil
}
