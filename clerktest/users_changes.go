package clerktest

import (
	"encoding/json"
	"regexp"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// userChanges holds the parameters that creating and updating a user share.
type userChanges struct {
	ExternalID       clerk.Optional[string] `json:"external_id"`
	FirstName        clerk.Optional[string] `json:"first_name"`
	LastName         clerk.Optional[string] `json:"last_name"`
	Locale           clerk.Optional[string] `json:"locale"`
	Username         clerk.Optional[string] `json:"username"`
	EmailAddress     []string               `json:"email_address"`
	EmailStatus      []string               `json:"email_address_identification_status"`
	PhoneNumber      []string               `json:"phone_number"`
	PhoneStatus      []string               `json:"phone_number_identification_status"`
	Web3Wallet       []string               `json:"web3_wallet"`
	PrimaryEmail     clerk.Optional[string] `json:"primary_email_address_id"`
	PrimaryPhone     clerk.Optional[string] `json:"primary_phone_number_id"`
	PrimaryWallet    clerk.Optional[string] `json:"primary_web3_wallet_id"`
	ProfileImage     clerk.Optional[string] `json:"profile_image_id"`
	Password         clerk.Optional[string] `json:"password"`
	PasswordDigest   clerk.Optional[string] `json:"password_digest"`
	PasswordHasher   clerk.Optional[string] `json:"password_hasher"`
	SkipChecks       clerk.Optional[bool]   `json:"skip_password_checks"`
	SignOutOthers    clerk.Optional[bool]   `json:"sign_out_of_other_sessions"`
	TOTPSecret       clerk.Optional[string] `json:"totp_secret"`
	BackupCodes      []string               `json:"backup_codes"`
	DeleteSelf       clerk.Optional[bool]   `json:"delete_self_enabled"`
	CreateOrgs       clerk.Optional[bool]   `json:"create_organization_enabled"`
	OrganizationsMax clerk.Optional[int]    `json:"create_organizations_limit"`
	LegalAcceptedAt  clerk.Optional[string] `json:"legal_accepted_at"`
	CreatedAt        clerk.Optional[string] `json:"created_at"`
	BypassTrust      clerk.Optional[bool]   `json:"bypass_client_trust"`
	Banned           clerk.Optional[bool]   `json:"banned"`
	Locked           clerk.Optional[bool]   `json:"locked"`
}

// changesOf converts the parameters of CreateUser or UpdateUser, which have the same
// JSON names.
func changesOf(params any) (userChanges, error) {
	var c userChanges
	raw, err := json.Marshal(params)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	return c, err
}

// applyChanges changes u, which is a copy of the stored user.
// strict also applies the rules that are settings of the instance.
func (i *Instance) applyChanges(u *api.User, c userChanges, strict bool, now time.Time) error {
	for _, step := range []func() error{
		func() error { return i.applyNames(u, c, strict) },
		func() error { return applyPrimaries(u, c) },
		func() error { return i.applyPassword(u, c, strict, now) },
		func() error { return i.applySecondFactors(u, c, now) },
		func() error { return applyTimes(u, c) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	assign(&u.DeleteSelfEnabled, c.DeleteSelf)
	assign(&u.CreateOrganizationEnabled, c.CreateOrgs)
	assignPointer(&u.CreateOrganizationsLimit, c.OrganizationsMax)
	if bypass, ok := c.BypassTrust.Get(); ok {
		u.BypassClientTrust = &bypass
	}
	return nil
}

var localePattern = regexp.MustCompile(`^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$`)

func (i *Instance) applyNames(u *api.User, c userChanges, strict bool) error {
	if name, ok := c.Username.Get(); ok || c.Username.IsNull() {
		if err := checkUsername(name); err != nil {
			return err
		}
		if least := i.settings().MinUsernameLength; strict && name != "" && len(name) < least {
			return invalid("form_username_invalid_length", "username", "needs at least %d characters", least)
		}
		if i.usernameTaken(name, u.ID) {
			return identifierTaken("username")
		}
		u.Username = nil
		if name != "" {
			u.Username = &name
		}
	}
	if id, ok := c.ExternalID.Get(); ok || c.ExternalID.IsNull() {
		if i.externalIDTaken(id, u.ID) {
			return identifierTaken("external_id")
		}
		u.ExternalID = nil
		if id != "" {
			u.ExternalID = &id
		}
	}
	if locale, ok := c.Locale.Get(); ok && !localePattern.MatchString(locale) {
		return invalid("form_param_format_invalid", "locale", "must be a language tag like en-US")
	}
	if id, ok := c.ProfileImage.Get(); ok {
		if err := i.setImage(u, id); err != nil {
			return err
		}
	}
	assignPointer(&u.FirstName, c.FirstName)
	assignPointer(&u.LastName, c.LastName)
	assignPointer(&u.Locale, c.Locale)
	return nil
}

func applyPrimaries(u *api.User, c userChanges) error {
	err := choosePrimary(&u.PrimaryEmailAddressID, "primary_email_address_id", c.PrimaryEmail, func(id string) bool {
		for _, e := range u.EmailAddresses {
			if e.ID == id {
				return isVerified(e.Verification)
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	err = choosePrimary(&u.PrimaryPhoneNumberID, "primary_phone_number_id", c.PrimaryPhone, func(id string) bool {
		for _, p := range u.PhoneNumbers {
			if p.ID == id {
				return isVerified(p.Verification)
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	return choosePrimary(&u.PrimaryWeb3WalletID, "primary_web3_wallet_id", c.PrimaryWallet, func(id string) bool {
		for _, w := range u.Web3Wallets {
			if w.ID == id {
				return isVerified(w.Verification)
			}
		}
		return false
	})
}

func applyTimes(u *api.User, c userChanges) error {
	if text, ok := c.CreatedAt.Get(); ok {
		t, err := parseTime("created_at", text)
		if err != nil {
			return err
		}
		stamp(&u.CreatedAt, t)
	}
	if c.LegalAcceptedAt.IsNull() {
		u.LegalAcceptedAt = nil
	}
	if text, ok := c.LegalAcceptedAt.Get(); ok {
		t, err := parseTime("legal_accepted_at", text)
		if err != nil {
			return err
		}
		stampPointer(&u.LegalAcceptedAt, t)
	}
	return nil
}
