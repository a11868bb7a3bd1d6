package clerktest

import (
	"context"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/users"
)

// createUser adds a user. strict also applies the rules that are settings of the instance.
func (i *Instance) createUser(params users.CreateUserParams, strict bool) (*api.User, error) {
	c, err := changesOf(params)
	if err != nil {
		return nil, err
	}
	return write(i, func() (*api.User, error) {
		now := i.now()
		u := blankUser(newID("user", now), i.frontendAPI, now)
		if strict && !params.SkipUserRequirement.Or(false) {
			if err := i.requireIdentifier(c); err != nil {
				return nil, err
			}
		}
		if err := i.addIdentifiers(u, c, now); err != nil {
			return nil, err
		}
		if err := i.applyChanges(u, c, strict, now); err != nil {
			return nil, err
		}
		if err := putMetadata(u, params.PublicMetadata, params.PrivateMetadata, params.UnsafeMetadata); err != nil {
			return nil, err
		}
		u.Banned = c.Banned.Or(false)
		setLocked(u, c.Locked.Or(false))
		i.users.Put(u)
		return u, nil
	})
}

func (i *Instance) requireIdentifier(c userChanges) error {
	if i.settings().RequireIdentifier && len(c.EmailAddress)+len(c.PhoneNumber)+len(c.Web3Wallet) == 0 && c.Username.Or("") == "" {
		return invalid("form_data_missing", "email_address", "or another identifier of the user is required by the settings of the instance")
	}
	return nil
}

const maxAttempts = 100

// blankUser returns a user with default values.
func blankUser(id, host string, now time.Time) *api.User {
	u := &api.User{
		ID: id, Object: "user",
		ImageURL:       imageOf(id, host),
		PublicMetadata: metadata("{}"), PrivateMetadata: metadata("{}"), UnsafeMetadata: metadata("{}"),
		DeleteSelfEnabled: true, CreateOrganizationEnabled: true, BypassClientTrust: new(false),
	}
	emptyLists(u)
	setLocked(u, false)
	stamp(&u.CreatedAt, now)
	stamp(&u.UpdatedAt, now)
	return u
}

// imageOf returns the address of the picture of a user without one.
func imageOf(id, host string) string { return "https://img." + host + "/" + id }

// emptyLists replaces nil lists of a user, so that they are encoded as [].
func emptyLists(u *api.User) {
	u.EmailAddresses, u.PhoneNumbers = notNil(u.EmailAddresses), notNil(u.PhoneNumbers)
	u.Web3Wallets, u.Passkeys = notNil(u.Web3Wallets), notNil(u.Passkeys)
	u.ExternalAccounts, u.SAMLAccounts = notNil(u.ExternalAccounts), notNil(u.SAMLAccounts)
	u.EnterpriseAccounts = notNil(u.EnterpriseAccounts)
}

func setLocked(u *api.User, locked bool) {
	u.Locked = locked
	attempts := maxAttempts
	if locked {
		attempts = 0
	}
	u.VerificationAttemptsRemaining = &attempts
}

func (i *Instance) getUser(_ context.Context, userID string) (*api.User, error) {
	return read(i, func() (*api.User, error) {
		return i.users.existing(userID)
	})
}

// changeUser changes a copy of a user and stores it unless change fails.
func (i *Instance) changeUser(id string, change func(u *api.User, now time.Time) error) (*api.User, error) {
	return write(i, func() (*api.User, error) {
		return i.changeUserLocked(id, change)
	})
}

func (i *Instance) changeUserLocked(id string, change func(u *api.User, now time.Time) error) (*api.User, error) {
	stored, err := i.users.existing(id)
	if err != nil {
		return nil, err
	}
	changed, now := *stored, i.now()
	if err := change(&changed, now); err != nil {
		return nil, err
	}
	resource.Touch(&changed, now)
	i.users.Put(&changed)
	return &changed, nil
}

func (i *Instance) updateUser(_ context.Context, userID string, params users.UpdateUserParams) (*api.User, error) {
	c, err := changesOf(params)
	if err != nil {
		return nil, err
	}
	return i.changeUser(userID, func(u *api.User, now time.Time) error {
		if err := i.applyChanges(u, c, true, now); err != nil {
			return err
		}
		if c.SignOutOthers.Or(false) {
			i.endSessions(userID, api.SessionStatusRevoked, now)
		}
		return nil
	})
}

func (i *Instance) deleteUser(_ context.Context, userID string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		u, err := i.users.existing(userID)
		if err != nil {
			return nil, err
		}
		for _, s := range i.sessionsOfUser.All(userID) {
			i.sessions.Remove(s.ID)
		}
		for _, ticket := range i.ticketsOfUser.All(userID) {
			i.tickets.Remove(ticket.ID)
		}
		i.credentials.Remove(userID)
		for _, id := range append(emails.ids(u), phones.ids(u)...) {
			i.forgetVerifications(id)
		}
		i.leaveEvery(userID)
		i.dropOwned(userID)
		i.users.Remove(userID)
		i.dropImage(imageIDIn(u.ImageURL))
		return &api.DeletedObject{Object: "user", ID: userID, Deleted: true, ExternalID: u.ExternalID}, nil
	})
}

// setBan bans or unbans a user. A ban revokes the user's sessions.
func (i *Instance) setBan(userID string, banned bool) (*api.User, error) {
	return i.changeUser(userID, func(u *api.User, now time.Time) error { return i.applyBan(u, banned, now) })
}

func (i *Instance) applyBan(u *api.User, banned bool, now time.Time) error {
	u.Banned = banned
	if banned {
		i.endSessions(u.ID, api.SessionStatusRevoked, now)
	}
	return nil
}

// setBans bans or unbans several users. If one of them does not exist, it changes none.
func (i *Instance) setBans(ids []string, banned bool) (*clerk.List[api.User], error) {
	return write(i, func() (*clerk.List[api.User], error) {
		for _, id := range ids {
			if i.users.Get(id) == nil {
				return nil, failure(http.StatusBadRequest, "resource_not_found", "user "+id+" not found", "user_ids")
			}
		}
		list := &clerk.List[api.User]{Data: []*api.User{}}
		for _, id := range ids {
			u, err := i.changeUserLocked(id, func(u *api.User, now time.Time) error { return i.applyBan(u, banned, now) })
			if err != nil {
				return nil, err
			}
			list.Data = append(list.Data, u)
		}
		return list, nil
	})
}

func (i *Instance) setLock(userID string, locked bool) (*api.User, error) {
	return i.changeUser(userID, func(u *api.User, _ time.Time) error {
		setLocked(u, locked)
		return nil
	})
}
