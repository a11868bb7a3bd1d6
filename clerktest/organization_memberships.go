package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/organizations"
)

// SeedMembership is the membership of a user in an organization in a seed.
type SeedMembership struct {
	ID              string          `json:"id"`
	Object          string          `json:"object"`
	OrganizationID  string          `json:"organization_id"`
	UserID          string          `json:"user_id"`
	Role            string          `json:"role"` // the key
	PublicMetadata  clerk.Metadata  `json:"public_metadata"`
	PrivateMetadata clerk.Metadata  `json:"private_metadata"`
	CreatedAt       clerk.Timestamp `json:"created_at"`
	UpdatedAt       clerk.Timestamp `json:"updated_at"`
}

type membershipTables struct {
	memberships               kind[SeedMembership]
	membershipsOfUser         *store.Index[SeedMembership]
	membershipsOfOrganization *store.Index[SeedMembership]
	membershipsByBoth         *store.Index[SeedMembership]
}

func (t *tables) addMemberships() {
	addSeeded(t, "organization_memberships", &t.memberships, kind[SeedMembership]{
		noun: "membership", object: "organization_membership", prefix: "orgmem",
		more: append(membersOf(seedText, "id", "object", "organization_id", "user_id", "role"),
			append(membersOf(seedMetadata, "public_metadata", "private_metadata"), membersOf(seedNumber, "created_at", "updated_at")...)...),
		seed:     func(s *Seed) *[]SeedMembership { return &s.OrganizationMemberships },
		complete: (*Instance).completeMembership,
	}, func(m *SeedMembership) string { return m.ID })
	t.membershipsOfUser = t.memberships.By(one(func(m *SeedMembership) string { return m.UserID }))
	t.membershipsOfOrganization = t.memberships.By(one(func(m *SeedMembership) string { return m.OrganizationID }))
	t.membershipsByBoth = t.memberships.By(one(func(m *SeedMembership) string { return m.OrganizationID + " " + m.UserID }))
}

// completeMembership sets what a seed leaves out of a membership. A seed may have more
// members than the organization allows.
func (i *Instance) completeMembership(m *SeedMembership) error {
	o := i.organizations.Get(m.OrganizationID)
	switch {
	case o == nil:
		return fmt.Errorf("organization_id is not the id of an organization")
	case i.users.Get(m.UserID) == nil:
		return fmt.Errorf("user_id is not the id of a user")
	case i.membership(m.OrganizationID, m.UserID) != nil:
		return fmt.Errorf("user_id is a member of the organization already")
	}
	if m.Role == "" {
		set, err := i.roleSet(clerk.Value(o.RoleSetKey))
		if err != nil {
			return err
		}
		m.Role = set.DefaultRole
	}
	m.ID = cmp.Or(m.ID, derivedID("orgmem", m.OrganizationID, m.UserID))
	_, err := i.assignable(o, m.Role)
	return err
}

// membership returns the membership of a user in an organization, or nil.
func (i *Instance) membership(organizationID, userID string) *SeedMembership {
	return i.membershipsByBoth.First(organizationID + " " + userID)
}

// existingMembership returns the membership of a user in an organization or the error
// that there is none.
func (i *Instance) existingMembership(organizationID, userID string) (*SeedMembership, error) {
	if _, err := i.organization(organizationID); err != nil {
		return nil, err
	}
	if m := i.membership(organizationID, userID); m != nil {
		return m, nil
	}
	return nil, notFound("membership of user", userID)
}

// join makes a user a member of an organization.
func (i *Instance) join(organizationID, userID, role string, public, private clerk.Metadata) *SeedMembership {
	m := &SeedMembership{OrganizationID: organizationID, UserID: userID, Role: role, PublicMetadata: public, PrivateMetadata: private}
	resource.Begin(m, newID("orgmem", i.now()), "organization_membership", i.now())
	i.memberships.Put(m)
	return m
}

// leave ends a membership, and its part in sessions.
func (i *Instance) leave(m *SeedMembership) {
	i.memberships.Remove(m.ID)
	i.leaveSessions(m.OrganizationID, m.UserID)
}

// leaveEvery ends the memberships of a user.
func (i *Instance) leaveEvery(userID string) {
	for _, m := range i.membershipsOfUser.All(userID) {
		i.leave(m)
	}
}

// hasElevated reports whether a member other than except has the permissions that one
// member must have.
func (i *Instance) hasElevated(organizationID, except string) bool {
	for _, m := range i.membershipsOfOrganization.All(organizationID) {
		if r := i.rolesByKey.First(m.Role); m.UserID != except && r != nil && i.elevated(r) {
			return true
		}
	}
	return false
}

// checkReplaceable returns an error if a member is the last with the permissions that one
// member must have.
func (i *Instance) checkReplaceable(m *SeedMembership) error {
	if r := i.rolesByKey.First(m.Role); r == nil || !i.elevated(r) || i.hasElevated(m.OrganizationID, m.UserID) {
		return nil
	}
	return failure(http.StatusBadRequest, "organization_minimum_permissions_needed", "an organization needs a member with the permissions of an administrator", "")
}

// checkRoom returns an error if an organization cannot have more members.
func (i *Instance) checkRoom(o *api.Organization, more int) error {
	limit := o.MaxAllowedMemberships
	if limit > 0 && i.membershipsOfOrganization.Len(o.ID)+i.pendingInvitations(o.ID)+more > limit {
		return failure(http.StatusForbidden, "organization_membership_quota_exceeded", fmt.Sprintf("the organization can have at most %d members and pending invitations", limit), "")
	}
	return nil
}

func (i *Instance) setMembershipHandlers(h *Handlers) {
	h.OrganizationsListOrganizationMemberships = i.listMemberships
	h.ListInstanceOrganizationMemberships = i.listEveryMembership
	h.UsersListOrganizationMemberships = i.listMembershipsOfUser
	h.CreateOrganizationMembership = i.createMembership
	h.UpdateOrganizationMembership = i.updateMembership
	h.DeleteOrganizationMembership = i.deleteMembership
	h.MergeOrganizationMembershipMetadata = i.mergeMembershipMetadata
}

func (i *Instance) createMembership(_ context.Context, organizationID string, params organizations.CreateOrganizationMembershipParams) (*api.OrganizationMembership, error) {
	return write(i, func() (*api.OrganizationMembership, error) {
		o, err := i.organization(organizationID)
		if err != nil {
			return nil, err
		}
		if i.users.Get(params.UserID) == nil {
			return nil, failure(http.StatusNotFound, "resource_not_found", "user "+params.UserID+" not found", "user_id")
		}
		if i.membership(o.ID, params.UserID) != nil {
			return nil, alreadyMember("user_id", params.UserID)
		}
		if _, err := i.assignable(o, params.Role); err != nil {
			return nil, err
		}
		if err := i.checkRoom(o, 1); err != nil {
			return nil, err
		}
		m := *i.join(o.ID, params.UserID, params.Role, metadata("{}"), metadata("{}"))
		if err := storeMetadata("public_metadata", &m.PublicMetadata, params.PublicMetadata); err != nil {
			return nil, err
		}
		if err := storeMetadata("private_metadata", &m.PrivateMetadata, params.PrivateMetadata); err != nil {
			return nil, err
		}
		i.memberships.Put(&m)
		return i.showMembership(&m), nil
	})
}

func alreadyMember(param, who string) error {
	return failure(http.StatusBadRequest, "already_a_member_in_organization", who+" is a member of the organization already", param)
}

func (i *Instance) updateMembership(_ context.Context, organizationID, userID string, params organizations.UpdateOrganizationMembershipParams) (*api.OrganizationMembership, error) {
	return i.changeMembership(organizationID, userID, func(m *SeedMembership) error {
		r, err := i.assignable(i.organizations.Get(organizationID), params.Role)
		if err == nil && !i.elevated(r) {
			err = i.checkReplaceable(m)
		}
		m.Role = params.Role
		return err
	})
}

func (i *Instance) changeMembership(organizationID, userID string, change func(m *SeedMembership) error) (*api.OrganizationMembership, error) {
	return write(i, func() (*api.OrganizationMembership, error) {
		m, err := i.existingMembership(organizationID, userID)
		if err == nil {
			m, err = i.memberships.change(m.ID, i.now(), nil, change)
		}
		if err != nil {
			return nil, err
		}
		return i.showMembership(m), nil
	})
}

func (i *Instance) deleteMembership(_ context.Context, organizationID, userID string) (*api.OrganizationMembership, error) {
	return write(i, func() (*api.OrganizationMembership, error) {
		m, err := i.existingMembership(organizationID, userID)
		if err == nil {
			err = i.checkReplaceable(m)
		}
		if err != nil {
			return nil, err
		}
		shown := i.showMembership(m)
		i.leave(m)
		return shown, nil
	})
}

func (i *Instance) mergeMembershipMetadata(_ context.Context, organizationID, userID string, params organizations.MergeOrganizationMembershipMetadataParams) (*api.OrganizationMembership, error) {
	return i.changeMembership(organizationID, userID, func(m *SeedMembership) error {
		if err := storeMetadata("public_metadata", &m.PublicMetadata, merged(m.PublicMetadata, params.PublicMetadata)); err != nil {
			return err
		}
		return storeMetadata("private_metadata", &m.PrivateMetadata, merged(m.PrivateMetadata, params.PrivateMetadata))
	})
}
