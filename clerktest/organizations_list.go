package clerktest

import (
	"context"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
)

// showOrganization returns an organization as the API shows it.
func (i *Instance) showOrganization(o *api.Organization) *api.Organization {
	shown := *o
	shown.PendingInvitationsCount = new(i.pendingInvitations(o.ID))
	shown.ImageURL = i.logoURL(o)
	return &shown
}

// logoURL returns the address of the picture of an organization. That of a logo follows
// the address of the instance.
func (i *Instance) logoURL(o *api.Organization) *string {
	if id := imageIDIn(clerk.Value(o.ImageURL)); i.images.Get(id) != nil {
		return new(i.imageURL(id))
	}
	return o.ImageURL
}

// addCounts sets the members of an organization that a request has to ask for.
func (i *Instance) addCounts(o *api.Organization, members, elevated bool) {
	if members {
		o.MembersCount = new(i.membershipsOfOrganization.Len(o.ID))
	}
	if elevated {
		o.MissingMemberWithElevatedPermissions = new(!i.hasElevated(o.ID, ""))
	}
}

func (i *Instance) publicOrganization(id string) *api.PublicOrganizationData {
	o := i.organizations.Get(id)
	if o == nil {
		return nil
	}
	return &api.PublicOrganizationData{ID: o.ID, Name: o.Name, Slug: o.Slug, ImageURL: i.logoURL(o), HasImage: o.HasImage}
}

func (i *Instance) listOrganizations(_ context.Context, params organizations.ListOrganizationsParams) (*clerk.List[api.Organization], error) {
	for param, values := range map[string][]string{"user_id": params.UserID, "organization_id": params.OrganizationID} {
		if len(values) > maxFilterValues {
			return nil, invalid("form_param_array_size_exceeded", param, "can have at most %d values", maxFilterValues)
		}
	}
	return read(i, func() (*clerk.List[api.Organization], error) {
		if err := i.checkOrganizationsEnabled(); err != nil {
			return nil, err
		}
		counted := params.IncludeMembersCount.Or(false)
		var list []*api.Organization
		for o := range i.organizations.Each() {
			if matchesSignedIDs(params.OrganizationID, o.ID) && (len(params.UserID) == 0 || matchesSignedIDs(params.UserID, i.memberIDs(o.ID)...)) {
				shown := i.showOrganization(o)
				i.addCounts(shown, counted || strings.Contains(params.OrderBy.Or(""), "members_count"), params.IncludeMissingMemberWithElevatedPermissions.Or(false))
				list = append(list, shown)
			}
		}
		page, err := i.organizations.page(list, params)
		if err == nil && !counted {
			for _, o := range page.Data {
				o.MembersCount = nil
			}
		}
		return page, err
	})
}

// memberIDs returns the IDs of the users in an organization.
func (i *Instance) memberIDs(organizationID string) []string {
	var ids []string
	for _, m := range i.membershipsOfOrganization.All(organizationID) {
		ids = append(ids, m.UserID)
	}
	return ids
}

// organizationIDs returns the IDs of the organizations of a user.
func (i *Instance) organizationIDs(userID string) []string {
	var ids []string
	for _, m := range i.membershipsOfUser.All(userID) {
		ids = append(ids, m.OrganizationID)
	}
	return ids
}

// inOrganizations leaves those users in a list that the filter organization_id selects.
func (i *Instance) inOrganizations(list []*api.User, wanted []string) (left []*api.User) {
	if len(wanted) == 0 {
		return list
	}
	i.store.Read(func() {
		left = slices.DeleteFunc(list, func(u *api.User) bool { return !matchesSignedIDs(wanted, i.organizationIDs(u.ID)...) })
	})
	return left
}
