package clerktest

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

func (i *Instance) setOrganizationInvitationHandlers(h *Handlers) {
	h.OrganizationsListOrganizationInvitations = func(_ context.Context, organizationID string, params organizations.ListOrganizationInvitationsParams) (*clerk.List[api.OrganizationInvitation], error) {
		return i.listOrganizationInvitations(organizationID, params, func(v *SeedOrganizationInvitation) bool {
			return (len(params.Status) == 0 || slices.Contains(params.Status, v.Status)) && strings.EqualFold(params.EmailAddress.Or(v.EmailAddress), v.EmailAddress)
		})
	}
	h.ListPendingOrganizationInvitations = func(_ context.Context, organizationID string, params organizations.ListPendingOrganizationInvitationsParams) (*clerk.List[api.OrganizationInvitation], error) {
		return i.listOrganizationInvitations(organizationID, params, func(v *SeedOrganizationInvitation) bool { return v.Status == api.InvitationStatusPending })
	}
	h.ListInstanceOrganizationInvitations = i.listEveryOrganizationInvitation
	h.UsersListOrganizationInvitations = i.listOrganizationInvitationsOfUser
	h.GetOrganizationInvitation = func(_ context.Context, organizationID, id string) (*api.OrganizationInvitation, error) {
		return read(i, func() (*api.OrganizationInvitation, error) {
			v, err := i.existingOrganizationInvitation(organizationID, id)
			if err != nil {
				return nil, err
			}
			return i.showOrganizationInvitation(v), nil
		})
	}
	h.CreateOrganizationInvitation = func(_ context.Context, organizationID string, params organizations.CreateOrganizationInvitationParams) (*api.OrganizationInvitation, error) {
		return write(i, func() (*api.OrganizationInvitation, error) {
			return i.inviteToOrganization(organizationID, organizations.NewOrganizationInvitation(params))
		})
	}
	h.CreateOrganizationInvitationBulk = func(_ context.Context, organizationID string, params organizations.CreateOrganizationInvitationBulkParams) (*clerk.List[api.OrganizationInvitation], error) {
		return write(i, func() (*clerk.List[api.OrganizationInvitation], error) {
			return bulk(params, maxBulkInvitations, func(one organizations.NewOrganizationInvitation) (*api.OrganizationInvitation, error) {
				return i.inviteToOrganization(organizationID, one)
			})
		})
	}
	h.RevokeOrganizationInvitation = i.revokeOrganizationInvitation
}

// existingOrganizationInvitation returns an invitation to an organization as it is now, or
// the error that there is none.
func (i *Instance) existingOrganizationInvitation(organizationID, id string) (*SeedOrganizationInvitation, error) {
	if _, err := i.organization(organizationID); err != nil {
		return nil, err
	}
	v, err := i.organizationInvitations.existing(id)
	if err == nil && v.OrganizationID != organizationID {
		err = notFound("organization invitation", id)
	}
	if err != nil {
		return nil, err
	}
	return v.at(i.now()), nil
}

// showOrganizationInvitation returns an invitation as the API shows it: with its link while
// it works.
func (i *Instance) showOrganizationInvitation(v *SeedOrganizationInvitation) *api.OrganizationInvitation {
	shown := v.OrganizationInvitation
	if r := i.rolesByKey.First(v.Role); r != nil {
		shown.RoleName = r.Name
	}
	if u := i.users.Get(clerk.Value(v.InviterID)); u != nil {
		shown.PublicInviterData = &api.PublicInviterData{
			UserID: u.ID, FirstName: u.FirstName, LastName: u.LastName, ImageURL: u.ImageURL, HasImage: u.HasImage, Identifier: identifierOf(u),
		}
	}
	if v.Status == api.InvitationStatusPending {
		shown.URL = new(i.ticketURL("/sign-in", v.RedirectURL, v.Ticket))
	}
	return &shown
}

func (i *Instance) showWithOrganization(v *SeedOrganizationInvitation) *api.OrganizationInvitationWithOrganization {
	return &api.OrganizationInvitationWithOrganization{
		OrganizationInvitation: *i.showOrganizationInvitation(v), PublicOrganizationData: i.publicOrganization(v.OrganizationID),
	}
}

// inviteToOrganization makes an invitation in the course of a write.
func (i *Instance) inviteToOrganization(organizationID string, params organizations.NewOrganizationInvitation) (*api.OrganizationInvitation, error) {
	o, err := i.organization(organizationID)
	if err != nil {
		return nil, err
	}
	if err := i.checkInvitation(o, params); err != nil {
		return nil, err
	}
	now := i.now()
	v, err := i.organizationInvitations.create(now, params, func(v *SeedOrganizationInvitation) error {
		v.OrganizationID, v.Status, v.Ticket = o.ID, api.InvitationStatusPending, randomHex(20)
		v.ExpiresAt = new(clerk.At(now.AddDate(0, 0, params.ExpiresInDays.Or(invitationLife))))
		if inviter, ok := params.InviterUserID.Get(); ok {
			v.InviterID = &inviter
		}
		if err := checkMetadata("public_metadata", v.PublicMetadata); err != nil {
			return err
		}
		return checkMetadata("private_metadata", v.PrivateMetadata)
	})
	if err != nil {
		return nil, err
	}
	shown := i.showOrganizationInvitation(v)
	if params.Notify.Or(true) {
		i.outbox("organization_invitation", v.EmailAddress, Message{Link: *shown.URL})
	}
	return shown, nil
}

// checkInvitation returns an error for an invitation that an organization cannot send.
func (i *Instance) checkInvitation(o *api.Organization, params organizations.NewOrganizationInvitation) error {
	if err := checkEmail("email_address", params.EmailAddress); err != nil {
		return err
	}
	if err := checkRedirectURL(params.RedirectURL.Or("")); err != nil {
		return err
	}
	if _, err := i.assignable(o, params.Role); err != nil {
		return err
	}
	if inviter, ok := params.InviterUserID.Get(); ok {
		if err := i.checkManager(o.ID, inviter, "inviter_user_id"); err != nil {
			return err
		}
	}
	email := strings.ToLower(params.EmailAddress)
	if u := i.userByEmail(email); u != nil && i.membership(o.ID, u.ID) != nil {
		return alreadyMember("email_address", params.EmailAddress)
	}
	for _, other := range i.organizationInvitationsByEmail.All(email) {
		if other.OrganizationID == o.ID && other.at(i.now()).Status == api.InvitationStatusPending {
			return failure(http.StatusBadRequest, "organization_invitation_not_unique", "the address has a pending invitation to the organization", "email_address")
		}
	}
	return i.checkRoom(o, 1)
}

// checkManager returns an error if a user may not manage the members of an organization.
func (i *Instance) checkManager(organizationID, userID, param string) error {
	m := i.membership(organizationID, userID)
	if m == nil {
		return failure(http.StatusForbidden, "not_a_member_in_organization", userID+" is not a member of the organization", param)
	}
	if r := i.rolesByKey.First(m.Role); r == nil || !slices.Contains(i.permissionKeys(r), "org:sys_memberships:manage") {
		return failure(http.StatusForbidden, "missing_organization_permission", userID+" lacks the permission org:sys_memberships:manage", param)
	}
	return nil
}

func (i *Instance) revokeOrganizationInvitation(_ context.Context, organizationID, id string, params organizations.RevokeOrganizationInvitationParams) (*api.OrganizationInvitation, error) {
	return write(i, func() (*api.OrganizationInvitation, error) {
		v, err := i.existingOrganizationInvitation(organizationID, id)
		if err != nil {
			return nil, err
		}
		if manager, ok := params.RequestingUserID.Get(); ok {
			if err := i.checkManager(organizationID, manager, "requesting_user_id"); err != nil {
				return nil, err
			}
		}
		switch v.Status {
		case api.InvitationStatusRevoked:
			return nil, failure(http.StatusBadRequest, "invitation_already_revoked", "the invitation is revoked already", "")
		case api.InvitationStatusAccepted:
			return nil, failure(http.StatusBadRequest, "invitation_already_accepted", "the invitation was accepted", "")
		}
		return i.showOrganizationInvitation(i.endInvitation(v, api.InvitationStatusRevoked)), nil
	})
}

func (i *Instance) endInvitation(v *SeedOrganizationInvitation, status api.InvitationStatus) *SeedOrganizationInvitation {
	ended := *v
	ended.Status = status
	resource.Touch(&ended, i.now())
	i.organizationInvitations.Put(&ended)
	return &ended
}

// acceptOrganizationInvitation makes a user who has the invited address a member.
func (i *Instance) acceptOrganizationInvitation(v *SeedOrganizationInvitation, u *api.User) (*SeedMembership, error) {
	v = v.at(i.now())
	emails, _, _ := identifierTexts(u)
	switch {
	case v.Status != api.InvitationStatusPending:
		return nil, failure(http.StatusBadRequest, "organization_invitation_not_pending", "the invitation is "+string(v.Status), "")
	case !containsFold(emails, v.EmailAddress):
		return nil, failure(http.StatusForbidden, "organization_invitation_identification_not_exist", "the invitation is for another email address", "")
	case i.membership(v.OrganizationID, u.ID) != nil:
		return nil, alreadyMember("", u.ID)
	}
	if _, err := i.organization(v.OrganizationID); err != nil {
		return nil, err
	}
	i.endInvitation(v, api.InvitationStatusAccepted)
	return i.join(v.OrganizationID, u.ID, v.Role, v.PublicMetadata, v.PrivateMetadata), nil
}

// listOrganizationInvitations returns the page of those invitations to an organization that
// fit.
func (i *Instance) listOrganizationInvitations(organizationID string, params any, fits func(v *SeedOrganizationInvitation) bool) (*clerk.List[api.OrganizationInvitation], error) {
	return read(i, func() (*clerk.List[api.OrganizationInvitation], error) {
		if _, err := i.organization(organizationID); err != nil {
			return nil, err
		}
		page, err := i.pageOfInvitations(i.organizationInvitationsByOrganization.All(organizationID), params, fits)
		if err != nil {
			return nil, err
		}
		return mapped(page, i.showOrganizationInvitation), nil
	})
}

func (i *Instance) listEveryOrganizationInvitation(_ context.Context, params organizations.ListInstanceOrganizationInvitationsParams) (*clerk.List[api.OrganizationInvitationWithOrganization], error) {
	return read(i, func() (*clerk.List[api.OrganizationInvitationWithOrganization], error) {
		if err := i.checkOrganizationsEnabled(); err != nil {
			return nil, err
		}
		page, err := i.pageOfInvitations(i.organizationInvitations.All(), params, nil)
		if err != nil {
			return nil, err
		}
		return mapped(page, i.showWithOrganization), nil
	})
}

func (i *Instance) listOrganizationInvitationsOfUser(_ context.Context, userID string, params users.ListOrganizationInvitationsParams) (*clerk.List[api.OrganizationInvitationWithOrganization], error) {
	return read(i, func() (*clerk.List[api.OrganizationInvitationWithOrganization], error) {
		u, err := i.users.existing(userID)
		if err != nil {
			return nil, err
		}
		var list []*SeedOrganizationInvitation
		emails, _, _ := identifierTexts(u)
		for _, email := range lowered(emails) {
			list = append(list, i.organizationInvitationsByEmail.All(email)...)
		}
		page, err := i.pageOfInvitations(list, params, nil)
		if err != nil {
			return nil, err
		}
		return mapped(page, i.showWithOrganization), nil
	})
}

// pageOfInvitations returns the page of those invitations, as they are now, that fit; nil
// stands for all.
func (i *Instance) pageOfInvitations(list []*SeedOrganizationInvitation, params any, fits func(v *SeedOrganizationInvitation) bool) (*clerk.List[SeedOrganizationInvitation], error) {
	now := i.now()
	var left []*SeedOrganizationInvitation
	for _, v := range list {
		if v = v.at(now); fits == nil || fits(v) {
			left = append(left, v)
		}
	}
	return i.organizationInvitations.page(left, params)
}
