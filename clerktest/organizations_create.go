package clerktest

import (
	"context"
	"fmt"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/organizations"
)

// CreateOrganization adds an organization, as [organizations.CreateOrganization] does. If
// the parameters are refused, it fails the test, or panics outside of a test.
func (i *Instance) CreateOrganization(params organizations.CreateOrganizationParams) *api.Organization {
	i.helper()
	o, err := i.createOrganization(context.Background(), params)
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: create organization: %w", err))
	}
	return o
}

// Organization returns the current state of an organization with the number of its
// members, or nil if the instance does not have the organization.
func (i *Instance) Organization(organizationID string) (o *api.Organization) {
	i.store.Read(func() {
		if stored := i.organizations.Get(organizationID); stored != nil {
			o = i.showOrganization(stored)
			i.addCounts(o, true, true)
		}
	})
	return o
}

// AcceptInvitation accepts an invitation to an organization for a user who has the invited
// email address, and returns the membership. If the instance refuses it, AcceptInvitation
// fails the test, or panics outside of a test.
func (i *Instance) AcceptInvitation(invitationID, userID string) *api.OrganizationMembership {
	i.helper()
	m, err := write(i, func() (*api.OrganizationMembership, error) {
		v, err := i.organizationInvitations.existing(invitationID)
		if err != nil {
			return nil, err
		}
		u, err := i.users.existing(userID)
		if err != nil {
			return nil, err
		}
		m, err := i.acceptOrganizationInvitation(v, u)
		if err != nil {
			return nil, err
		}
		return i.showMembership(m), nil
	})
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: accept invitation: %w", err))
	}
	return m
}

// AddMember makes a user a member of an organization. The role is a key such as
// "org:member". If the instance refuses it, AddMember fails the test, or panics outside of a
// test.
func (i *Instance) AddMember(organizationID, userID, role string) *api.OrganizationMembership {
	i.helper()
	m, err := i.createMembership(context.Background(), organizationID, organizations.CreateOrganizationMembershipParams{UserID: userID, Role: role})
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: add member: %w", err))
	}
	return m
}
