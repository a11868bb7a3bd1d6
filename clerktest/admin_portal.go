package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/enterprise"
)

// adminPortalLife is how long a token of a link is valid by default, in seconds.
const adminPortalLife = 3600

type adminPortalTables struct {
	adminPortalTokens               kind[api.AdminPortalLinkToken]
	adminPortalTokensOfOrganization *store.Index[api.AdminPortalLinkToken]
}

func (t *tables) addAdminPortalLinkTokens() {
	addSeeded(t, "admin_portal_link_tokens", &t.adminPortalTokens, kind[api.AdminPortalLinkToken]{
		noun: "admin portal link token", object: "admin_portal_link_token", prefix: "aplt",
		more: append(append(membersOf(seedText, "object", "id", "admin_portal_link_id", "instance_id", "organization_id", "it_contact_id", "token", "revocation_reason"),
			membersOf(seedTexts, "scopes")...), append(membersOf(seedTruth, "revoked", "expired"), membersOf(seedNumber, "expiration", "created_at", "updated_at")...)...),
		seed: func(s *Seed) *[]api.AdminPortalLinkToken { return &s.AdminPortalLinkTokens },
		complete: func(i *Instance, t *api.AdminPortalLinkToken) error {
			t.ID = cmp.Or(t.ID, derivedTokenID("aplt", t.Token))
			t.Token = cmp.Or(t.Token, derivedID("aplt", i.secretKey, t.ID))
			t.AdminPortalLinkID = cmp.Or(t.AdminPortalLinkID, derivedID("apl", t.ID))
			if id := t.OrganizationID; id != nil && i.organizations.Get(*id) == nil {
				return fmt.Errorf("organization_id is not the id of an organization")
			}
			return i.completeAdminPortalToken(t)
		},
	}, func(t *api.AdminPortalLinkToken) string { return t.ID })
	t.adminPortalTokensOfOrganization = t.adminPortalTokens.By(one(func(t *api.AdminPortalLinkToken) string { return clerk.Value(t.OrganizationID) }))
}

func (i *Instance) completeAdminPortalToken(t *api.AdminPortalLinkToken) error {
	if id := t.OrganizationID; id != nil && i.organizations.Get(*id) == nil {
		return missingReference("organization", *id, "organization_id")
	}
	t.InstanceID = i.id
	return nil
}

func (i *Instance) setAdminPortalHandlers(h *Handlers) {
	h.CreateAdminPortalLinkToken = i.createAdminPortalLinkToken
	h.RevokeAdminPortalLinkToken = i.revokeAdminPortalLinkToken
}

func (i *Instance) createAdminPortalLinkToken(_ context.Context, params enterprise.CreateAdminPortalLinkTokenParams) (*api.AdminPortalLinkToken, error) {
	return write(i, func() (*api.AdminPortalLinkToken, error) {
		now := i.now()
		return i.adminPortalTokens.create(now, params, func(t *api.AdminPortalLinkToken) error {
			t.ID, t.AdminPortalLinkID, t.Token = "aplt_"+randomHex(16), newID("apl", now), "aplt_"+randomHex(32)
			life := time.Duration(params.SecondsUntilExpiration.Or(adminPortalLife)) * time.Second
			t.Expiration = new(clerk.At(now.Add(life)))
			return i.completeAdminPortalToken(t)
		})
	})
}

// revokeAdminPortalLinkToken revokes a token. A token that is revoked stays as it is.
func (i *Instance) revokeAdminPortalLinkToken(_ context.Context, id string, params enterprise.RevokeAdminPortalLinkTokenParams) (*api.AdminPortalLinkToken, error) {
	return write(i, func() (*api.AdminPortalLinkToken, error) {
		t, err := i.adminPortalTokens.existing(id)
		if err == nil && !t.Revoked {
			t, err = i.adminPortalTokens.change(id, i.now(), params, func(t *api.AdminPortalLinkToken) error {
				t.Revoked = true
				return nil
			})
		}
		if err != nil {
			return nil, err
		}
		shown := *t
		shown.Token, shown.Expired = "", isOver(t.Expiration, i.now())
		return &shown, nil
	})
}
