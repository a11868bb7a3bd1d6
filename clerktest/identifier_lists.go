package clerktest

import (
	"context"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/invitations"
)

// identifierListTables are the identifiers that may sign up and those that may not.
type identifierListTables struct {
	allowed        kind[api.AllowlistIdentifier]
	allowedByValue *store.Index[api.AllowlistIdentifier]
	blocked        kind[api.BlocklistIdentifier]
	blockedByValue *store.Index[api.BlocklistIdentifier]
}

func (t *tables) addIdentifierLists() {
	addSeeded(t, "allowlist_identifiers", &t.allowed, kind[api.AllowlistIdentifier]{
		noun: "identifier", object: "allowlist_identifier", prefix: "alid", component: "AllowlistIdentifier",
		seed: func(s *Seed) *[]api.AllowlistIdentifier { return &s.AllowlistIdentifiers },
		complete: func(i *Instance, v *api.AllowlistIdentifier) (err error) {
			v.InstanceID = i.id
			v.IdentifierType, err = typeOfIdentifier(v.Identifier)
			return err
		},
	}, func(v *api.AllowlistIdentifier) string { return v.ID })
	t.allowedByValue = t.allowed.By(one(func(v *api.AllowlistIdentifier) string { return strings.ToLower(v.Identifier) }))
	addSeeded(t, "blocklist_identifiers", &t.blocked, kind[api.BlocklistIdentifier]{
		noun: "identifier", object: "blocklist_identifier", prefix: "blid", component: "BlocklistIdentifier",
		seed: func(s *Seed) *[]api.BlocklistIdentifier { return &s.BlocklistIdentifiers },
		complete: func(i *Instance, v *api.BlocklistIdentifier) (err error) {
			v.InstanceID = i.id
			v.IdentifierType, err = typeOfIdentifier(v.Identifier)
			return err
		},
	}, func(v *api.BlocklistIdentifier) string { return v.ID })
	t.blockedByValue = t.blocked.By(one(func(v *api.BlocklistIdentifier) string { return strings.ToLower(v.Identifier) }))
}

// typeOfIdentifier recognizes an email address, also one of every user of a domain such as
// *@example.com, a phone number or a wallet.
func typeOfIdentifier(text string) (api.IdentifierType, error) {
	whole := strings.Replace(text, "*@", "any@", 1)
	switch {
	case checkEmail("identifier", whole) == nil:
		return api.IdentifierTypeEmailAddress, nil
	case checkPhone("identifier", text) == nil:
		return api.IdentifierTypePhoneNumber, nil
	case checkWallet("identifier", text) == nil:
		return api.IdentifierTypeWeb3Wallet, nil
	}
	return "", invalid("form_param_format_invalid", "identifier", "must have the form of an email address, of a phone number or of a wallet")
}

// admits returns the error for an identifier that the lists and the restrictions of the
// instance keep from signing up.
func (i *Instance) admits(identifier string) error {
	refused := func(why string) error {
		return failure(http.StatusForbidden, "not_allowed_access", why, "")
	}
	rules, keys := i.settings().Restrictions, []string{strings.ToLower(identifier)}
	name, domain, isEmail := strings.Cut(keys[0], "@")
	if isEmail {
		keys = append(keys, "*@"+domain)
	}
	allowed, blocked := false, false
	for _, key := range keys {
		allowed = allowed || i.allowedByValue.Len(key) > 0
		blocked = blocked || i.blockedByValue.Len(key) > 0
	}
	switch {
	case rules.Blocklist && blocked:
		return refused("the identifier is on the block-list")
	case rules.Allowlist && !allowed:
		return refused("the identifier is not on the allow-list")
	case rules.BlockEmailSubaddresses && isEmail && strings.Contains(name, "+"):
		return refused("addresses with a tag are not allowed")
	}
	return nil
}

func duplicateIdentifier() error {
	return failure(http.StatusBadRequest, "duplicate_record", "the identifier is on the list already", "identifier")
}

func (i *Instance) setIdentifierListHandlers(h *Handlers) {
	h.ListAllowlistIdentifiers = func(_ context.Context, params invitations.ListAllowlistIdentifiersParams) (*clerk.List[api.AllowlistIdentifier], error) {
		return i.allowed.page(i.allowed.Snapshot(), params)
	}
	h.ListBlocklistIdentifiers = func(context.Context) (*clerk.List[api.BlocklistIdentifier], error) {
		all := i.blocked.Snapshot()
		return &clerk.List[api.BlocklistIdentifier]{Data: all, TotalCount: clerk.Set(int64(len(all)))}, nil
	}
	h.CreateAllowlistIdentifier = i.createAllowlistIdentifier
	h.CreateBlocklistIdentifier = i.createBlocklistIdentifier
	h.DeleteAllowlistIdentifier = func(_ context.Context, id string) (*api.DeletedObject, error) {
		return write(i, func() (*api.DeletedObject, error) { return i.allowed.delete(id) })
	}
	h.DeleteBlocklistIdentifier = func(_ context.Context, id string) (*api.DeletedObject, error) {
		return write(i, func() (*api.DeletedObject, error) { return i.blocked.delete(id) })
	}
}

// createAllowlistIdentifier also invites the address if the request says so.
func (i *Instance) createAllowlistIdentifier(_ context.Context, params invitations.CreateAllowlistIdentifierParams) (*api.AllowlistIdentifier, error) {
	return write(i, func() (*api.AllowlistIdentifier, error) {
		return i.allowed.create(i.now(), params, func(v *api.AllowlistIdentifier) (err error) {
			if i.allowedByValue.First(strings.ToLower(v.Identifier)) != nil {
				return duplicateIdentifier()
			}
			v.InstanceID = i.id
			if v.IdentifierType, err = typeOfIdentifier(v.Identifier); err != nil {
				return err
			}
			if params.Notify.Or(false) && v.IdentifierType == api.IdentifierTypeEmailAddress && !strings.HasPrefix(v.Identifier, "*@") {
				invitation, err := i.invite(invitations.NewInvitation{EmailAddress: v.Identifier, IgnoreExisting: clerk.Set(true)})
				if err != nil {
					return err
				}
				v.InvitationID = &invitation.ID
			}
			return nil
		})
	})
}

func (i *Instance) createBlocklistIdentifier(_ context.Context, params invitations.CreateBlocklistIdentifierParams) (*api.BlocklistIdentifier, error) {
	return write(i, func() (*api.BlocklistIdentifier, error) {
		return i.blocked.create(i.now(), params, func(v *api.BlocklistIdentifier) (err error) {
			if i.blockedByValue.First(strings.ToLower(v.Identifier)) != nil {
				return duplicateIdentifier()
			}
			v.InstanceID = i.id
			v.IdentifierType, err = typeOfIdentifier(v.Identifier)
			return err
		})
	})
}
