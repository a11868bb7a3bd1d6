package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/users"
)

// setAccountHandlers sets the handlers for what users sign in with besides contacts:
// external accounts, wallets and passkeys.
func (i *Instance) setAccountHandlers(h *Handlers) {
	h.ListOAuthAccessTokens = i.listOAuthAccessTokens
	h.DeleteExternalAccount = i.deleteExternalAccount
	h.DeleteWeb3Wallet = func(_ context.Context, userID, id string) (*api.DeletedObject, error) {
		return i.deleteFromUser(userID, "web3_wallet", id, func(u *api.User) bool {
			left, found := drop(u.Web3Wallets, func(w api.Web3Wallet) bool { return w.ID == id })
			if u.Web3Wallets = left; found && clerk.Value(u.PrimaryWeb3WalletID) == id {
				u.PrimaryWeb3WalletID = nil
				setPrimaries(u)
			}
			return found
		})
	}
	h.DeletePasskey = func(_ context.Context, userID, id string) (*api.DeletedObject, error) {
		return i.deleteFromUser(userID, "passkey", id, func(u *api.User) (found bool) {
			u.Passkeys, found = drop(u.Passkeys, func(p api.Passkey) bool { return p.ID == id })
			return found
		})
	}
}

// drop returns a copy of a list without the items that fit, and whether there were any.
func drop[T any](list []T, fits func(T) bool) (left []T, found bool) {
	left = slices.DeleteFunc(slices.Clone(list), fits)
	return notNil(left), len(left) < len(list)
}

// deleteFromUser deletes a part of a user. remove reports whether u had it.
func (i *Instance) deleteFromUser(userID, object, id string, remove func(u *api.User) bool) (*api.DeletedObject, error) {
	_, err := i.changeUser(userID, func(u *api.User, _ time.Time) error {
		if !remove(u) {
			return notFound(strings.ReplaceAll(object, "_", " "), id)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeletedObject{Object: object, ID: id, Deleted: true}, nil
}

// deleteExternalAccount deletes an account with its tokens and its links to email addresses.
func (i *Instance) deleteExternalAccount(_ context.Context, userID, id string) (*api.DeletedObject, error) {
	return i.deleteFromUser(userID, "external_account", id, func(u *api.User) (found bool) {
		var account api.ExternalAccount
		u.ExternalAccounts, found = drop(u.ExternalAccounts, func(a api.ExternalAccount) bool {
			if a.ID != id && a.ExternalAccountID != id {
				return false
			}
			account = a
			return true
		})
		if !found {
			return false
		}
		u.EmailAddresses = slices.Clone(u.EmailAddresses)
		for n := range u.EmailAddresses {
			u.EmailAddresses[n].LinkedTo, _ = drop(u.EmailAddresses[n].LinkedTo, func(l api.IdentificationLink) bool {
				return l.ID == account.IdentificationID || l.ID == account.ID
			})
		}
		kept := i.credentialsOf(userID)
		kept.OAuthAccessTokens, _ = drop(kept.OAuthAccessTokens, func(t api.OAuthAccessToken) bool { return t.ExternalAccountID == idOfAccount(account) })
		i.credentials.Put(kept)
		return true
	})
}

// idOfAccount returns the ID of an external account in its tokens.
func idOfAccount(a api.ExternalAccount) string { return cmp.Or(a.ExternalAccountID, a.ID) }

// providerName returns the name of a provider with the prefix that the API has in accounts.
func providerName(name string) string {
	if strings.HasPrefix(name, "oauth_") {
		return name
	}
	return "oauth_" + name
}

// listOAuthAccessTokens lists the tokens of a user. A provider is enabled if somebody has
// an account with it.
func (i *Instance) listOAuthAccessTokens(_ context.Context, userID, provider string, params users.ListOAuthAccessTokensParams) (*clerk.List[api.OAuthAccessToken], error) {
	provider = providerName(provider)
	return read(i, func() (*clerk.List[api.OAuthAccessToken], error) {
		if _, err := i.users.existing(userID); err != nil {
			return nil, err
		}
		if i.usersByProvider.Len(provider) == 0 {
			return nil, failure(http.StatusNotFound, "oauth_token_provider_not_enabled", "the provider "+provider+" is not enabled", "")
		}
		var list []*api.OAuthAccessToken
		for _, t := range i.credentialsOf(userID).OAuthAccessTokens {
			if t.Provider == provider {
				list = append(list, &t)
			}
		}
		return cut(list, params), nil
	})
}

// completeTokens sets what a seed leaves out of the tokens of the user's accounts.
func (c *SeedCredentials) completeTokens(u *api.User) error {
	c.OAuthAccessTokens = slices.Clone(c.OAuthAccessTokens)
	for n := range c.OAuthAccessTokens {
		t := &c.OAuthAccessTokens[n]
		at := slices.IndexFunc(u.ExternalAccounts, func(a api.ExternalAccount) bool {
			if t.ExternalAccountID == "" {
				return a.Provider == providerName(t.Provider)
			}
			return idOfAccount(a) == t.ExternalAccountID
		})
		if at < 0 {
			return fmt.Errorf("oauth_access_tokens[%d].external_account_id is not the id of an external account of the user", n)
		}
		account := u.ExternalAccounts[at]
		t.Object, t.ExternalAccountID, t.Provider = "oauth_access_token", idOfAccount(account), account.Provider
		t.ProviderUserID = cmp.Or(t.ProviderUserID, account.ProviderUserID)
		t.Label = cmp.Or(t.Label, account.Label)
		t.Token = cmp.Or(t.Token, derivedID("oauth", u.ID, t.ExternalAccountID))
		resource.Complete(t)
	}
	return nil
}
