package clerktest

import (
	"cmp"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
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
		w.Verification = cmp.Or(w.Verification, blank.Verification)
		w.CreatedAt = cmp.Or(w.CreatedAt, blank.CreatedAt)
		w.UpdatedAt = cmp.Or(w.UpdatedAt, w.CreatedAt)
	}
	for n := range u.Passkeys {
		p := &u.Passkeys[n]
		p.ID, p.Object = cmp.Or(p.ID, derivedID("idn", u.ID, "passkey", p.Name)), "passkey"
		p.LastUsedAt = cmp.Or(p.LastUsedAt, clerk.At(began))
		p.Verification = cmp.Or(p.Verification, &api.Verification{Object: "verification_passkey", Status: api.VerificationStatusVerified, Strategy: "passkey"})
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
	a.Verification = cmp.Or(a.Verification, &api.Verification{Object: "verification_oauth", Status: api.VerificationStatusVerified, Strategy: a.Provider, ExpireAt: new(clerk.At(began.Add(verificationLife)))})
	a.CreatedAt = cmp.Or(a.CreatedAt, clerk.At(began))
	a.UpdatedAt = cmp.Or(a.UpdatedAt, a.CreatedAt)
	resource.Complete(a)
}
