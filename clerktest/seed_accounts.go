package clerktest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// fillAccounts sets what a seed leaves out of a user's wallets, passkeys and external
// accounts.
func fillAccounts(u *api.User, began time.Time) {
	u.Web3Wallets, u.Passkeys, u.ExternalAccounts = slices.Clone(u.Web3Wallets), slices.Clone(u.Passkeys), slices.Clone(u.ExternalAccounts)
	for n := range u.Web3Wallets {
		w := &u.Web3Wallets[n]
		blank := newWallet(cmp.Or(w.ID, derivedID("idn", u.ID, w.Web3Wallet)), w.Web3Wallet, began)
		w.ID, w.Object = blank.ID, blank.Object
		w.Verification = fillVerification(w.Verification, blank.Verification, "web3_metamask_signature")
		w.CreatedAt = cmp.Or(w.CreatedAt, blank.CreatedAt)
		w.UpdatedAt = cmp.Or(w.UpdatedAt, w.CreatedAt)
	}
	for n := range u.Passkeys {
		p := &u.Passkeys[n]
		p.ID, p.Object = cmp.Or(p.ID, derivedID("idn", u.ID, "passkey", p.Name)), "passkey"
		p.LastUsedAt = cmp.Or(p.LastUsedAt, clerk.At(began))
		p.Verification = fillVerification(p.Verification, &api.Verification{Object: "verification_passkey", Status: api.VerificationStatusVerified, Strategy: "passkey"}, "passkey")
	}
	for n := range u.ExternalAccounts {
		fillExternalAccount(u.ID, &u.ExternalAccounts[n], began)
	}
}

func fillExternalAccount(userID string, a *api.ExternalAccount, began time.Time) {
	a.Provider = providerName(a.Provider)
	a.ID = cmp.Or(a.ID, derivedID("eac", userID, a.Provider, a.ProviderUserID))
	a.IdentificationID = cmp.Or(a.IdentificationID, derivedID("idn", userID, a.Provider, a.ProviderUserID))
	a.Object = cmp.Or(a.Object, api.ExternalAccountObjectExternalAccount)
	a.Verification = fillVerification(a.Verification, &api.Verification{
		Object: "verification_oauth", Status: api.VerificationStatusVerified, Strategy: a.Provider, ExpireAt: new(clerk.At(began.Add(verificationLife))),
	}, a.Provider)
	a.CreatedAt = cmp.Or(a.CreatedAt, clerk.At(began))
	a.UpdatedAt = cmp.Or(a.UpdatedAt, a.CreatedAt)
	resource.Complete(a)
}

// fillVerification returns a verification with what a seed leaves out of it. verified is the
// one that a seed leaves out altogether, and attempted the strategy of one that did not
// succeed.
func fillVerification(v, verified *api.Verification, attempted string) *api.Verification {
	if v == nil {
		return verified
	}
	filled := *v
	filled.Status = cmp.Or(v.Status, verified.Status)
	if filled.Strategy == "" {
		filled.Strategy = attempted
		if isVerified(&filled) {
			filled.Strategy = verified.Strategy
		}
	}
	if filled.Strategy == verified.Strategy {
		filled.Object = cmp.Or(v.Object, verified.Object)
		filled.ExpireAt = cmp.Or(v.ExpireAt, verified.ExpireAt)
	}
	return &filled
}

// identification is what identifies a user, at a place of one of the user's lists.
type identification struct {
	list         string
	place        int
	id           string
	verification *api.Verification
}

func (n identification) String() string { return fmt.Sprintf("%s[%d]", n.list, n.place) }

func identificationsOf(u *api.User) (all []identification) {
	for n, e := range u.EmailAddresses {
		all = append(all, identification{"email_addresses", n, e.ID, e.Verification})
	}
	for n, p := range u.PhoneNumbers {
		all = append(all, identification{"phone_numbers", n, p.ID, p.Verification})
	}
	for n, w := range u.Web3Wallets {
		all = append(all, identification{"web3_wallets", n, w.ID, w.Verification})
	}
	for n, p := range u.Passkeys {
		all = append(all, identification{"passkeys", n, p.ID, p.Verification})
	}
	for n, a := range u.ExternalAccounts {
		all = append(all, identification{"external_accounts", n, a.ID, a.Verification})
	}
	return all
}

// identificationID is the form of the IDs of identifications.
var identificationID = regexp.MustCompile(`^[a-z]+_[A-Za-z0-9_]+$`)

// checkIdentifications returns an error for an ID that is malformed or occurs twice, also
// because two of a list are the same and got their IDs from what they are, and for a
// verification that the API would not show.
func checkIdentifications(u *api.User) error {
	seen := map[string]bool{}
	for _, n := range identificationsOf(u) {
		switch {
		case !identificationID.MatchString(n.id):
			return fmt.Errorf("%v.id must be idn_ or the like, and letters or digits", n)
		case seen[n.id]:
			return fmt.Errorf("%v is the same as another, or has its id", n)
		}
		seen[n.id] = true
		if err := n.checkVerification(); err != nil {
			return err
		}
	}
	return nil
}

// verificationForm is what decides whether the API would show a verification. Thousands of
// users have the same one.
type verificationForm struct {
	list, object, strategy string
	status                 api.VerificationStatus
	expires, attempted     bool
}

// goodVerifications has the forms that were checked.
var goodVerifications sync.Map

// checkVerification returns an error for a verification that the API would not show.
func (n identification) checkVerification() error {
	v := n.verification
	if v == nil {
		return nil
	}
	form := verificationForm{n.list, v.Object, v.Strategy, v.Status, v.ExpireAt != nil, v.Attempts != nil}
	plain := v.Channel == nil && v.VerifiedAtClient == nil && v.Error == nil && v.ExternalVerificationRedirectURL == nil && v.Nonce == nil && v.Message == nil
	if _, good := goodVerifications.Load(form); good && plain {
		return nil
	}
	described := description.Named("User").Member(n.list).Schema.Items.Member("verification").Schema
	text, err := json.Marshal(v)
	if err == nil && description.Check(described, text) != nil {
		err = fmt.Errorf("%v.verification has a status, a strategy or an expire_at that it cannot have", n)
	}
	if err == nil && plain {
		goodVerifications.Store(form, true)
	}
	return err
}
