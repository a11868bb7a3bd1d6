package clerktest

import (
	"cmp"
	"context"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// member is a membership with its user, as lists search and sort it.
type member struct {
	membership *SeedMembership
	user       *api.User
}

// memberOrders are the orders of members: by their time and by the texts of their users.
var memberOrders = func() map[string]func(a, b *member) int {
	orders := map[string]func(a, b *member) int{
		"created_at": resource.By(func(m *member) clerk.Timestamp { return m.membership.CreatedAt }),
	}
	for _, name := range []string{"first_name", "last_name", "username", "phone_number", "email_address"} {
		orders[name] = resource.By(func(m *member) string { return userTexts[name](m.user) })
	}
	return orders
}()

var memberListing = resource.Listing[member]{Orders: memberOrders, ByDefault: "-created_at"}

// showMembership returns a membership as the API shows it.
func (i *Instance) showMembership(m *SeedMembership) *api.OrganizationMembership {
	shown := &api.OrganizationMembership{
		ID: m.ID, Object: m.Object, Role: m.Role, Permissions: []string{}, PublicMetadata: m.PublicMetadata, PrivateMetadata: m.PrivateMetadata,
		CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
	}
	if r := i.rolesByKey.First(m.Role); r != nil {
		shown.RoleName, shown.Permissions = &r.Name, i.permissionKeys(r)
	}
	if o := i.organizations.Get(m.OrganizationID); o != nil {
		shown.Organization = *i.showOrganization(o)
	}
	if u := i.users.Get(m.UserID); u != nil {
		shown.PublicUserData = &api.PublicUserData{
			UserID: u.ID, FirstName: u.FirstName, LastName: u.LastName, ImageURL: u.ImageURL, HasImage: u.HasImage,
			Username: u.Username, Banned: &u.Banned, Identifier: new(identifierOf(u)),
		}
	}
	return shown
}

// identifierOf returns the text that names a user to others.
func identifierOf(u *api.User) string {
	return cmp.Or(clerk.Value(u.PrimaryEmail()).EmailAddress, clerk.Value(u.PrimaryPhone()).PhoneNumber, clerk.Value(u.Username), primaryWallet(u), u.ID)
}

func (i *Instance) listMemberships(_ context.Context, organizationID string, params organizations.ListOrganizationMembershipsParams) (*clerk.List[api.OrganizationMembership], error) {
	filter := users.CountUsersParams{
		EmailAddress: params.EmailAddress, PhoneNumber: params.PhoneNumber, Username: params.Username, Web3Wallet: params.Web3Wallet,
		UserID: params.UserID, Query: params.Query, EmailAddressQuery: params.EmailAddressQuery, PhoneNumberQuery: params.PhoneNumberQuery,
		UsernameQuery: params.UsernameQuery, NameQuery: params.NameQuery, LastActiveAtBefore: params.LastActiveAtBefore,
		LastActiveAtAfter: params.LastActiveAtAfter, CreatedAtBefore: params.CreatedAtBefore, CreatedAtAfter: params.CreatedAtAfter,
	}
	if err := checkFilters(filter); err != nil {
		return nil, err
	}
	if len(params.Role) > maxFilterValues {
		return nil, invalid("form_param_array_size_exceeded", "role", "can have at most %d values", maxFilterValues)
	}
	return read(i, func() (*clerk.List[api.OrganizationMembership], error) {
		if _, err := i.organization(organizationID); err != nil {
			return nil, err
		}
		return i.pageOfMembers(i.membershipsOfOrganization.All(organizationID), params, func(m *member) bool {
			return matchesFilters(m.user, &filter) && (len(params.Role) == 0 || slices.Contains(params.Role, m.membership.Role))
		})
	})
}

func (i *Instance) listEveryMembership(_ context.Context, params organizations.ListInstanceOrganizationMembershipsParams) (*clerk.List[api.OrganizationMembership], error) {
	return read(i, func() (*clerk.List[api.OrganizationMembership], error) {
		if err := i.checkOrganizationsEnabled(); err != nil {
			return nil, err
		}
		return i.pageOfMembers(i.memberships.All(), params, func(*member) bool { return true })
	})
}

func (i *Instance) listMembershipsOfUser(_ context.Context, userID string, params users.ListOrganizationMembershipsParams) (*clerk.List[api.OrganizationMembership], error) {
	return read(i, func() (*clerk.List[api.OrganizationMembership], error) {
		if _, err := i.users.existing(userID); err != nil {
			return nil, err
		}
		return i.pageOfMembers(i.membershipsOfUser.All(userID), params, func(*member) bool { return true })
	})
}

// pageOfMembers returns the page of those memberships that fit, in the course of a read.
func (i *Instance) pageOfMembers(list []*SeedMembership, params any, fits func(m *member) bool) (*clerk.List[api.OrganizationMembership], error) {
	var members []*member
	for _, m := range list {
		if u := i.users.Get(m.UserID); u != nil {
			if v := (&member{m, u}); fits(v) {
				members = append(members, v)
			}
		}
	}
	page, err := pageOf(memberListing, members, params)
	if err != nil {
		return nil, err
	}
	return mapped(page, func(m *member) *api.OrganizationMembership { return i.showMembership(m.membership) }), nil
}
