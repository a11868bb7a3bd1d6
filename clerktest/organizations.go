package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/organizations"
)

type organizationTables struct {
	organizations       kind[api.Organization]
	organizationsBySlug *store.Index[api.Organization]

	permissionTables
	roleTables
	roleSetTables
	membershipTables
	organizationInvitationTables
	organizationDomainTables
}

// addOrganizations adds the tables of organizations and of what belongs to them.
func (t *tables) addOrganizations() {
	t.addPermissions()
	t.addRoles()
	t.addRoleSets()
	addSeeded(t, "organizations", &t.organizations, kind[api.Organization]{
		noun: "organization", object: "organization", prefix: "org", component: "Organization",
		seed: func(s *Seed) *[]api.Organization { return &s.Organizations },
		fill: func(i *Instance, o *api.Organization) {
			o.MaxAllowedMemberships = cmp.Or(o.MaxAllowedMemberships, i.settings().Organizations.MaxAllowedMemberships)
		},
		complete: (*Instance).completeOrganization,
		listing: resource.Listing[api.Organization]{
			Search: func(o *api.Organization) []string { return []string{o.Name, o.Slug} },
			Orders: map[string]func(a, b *api.Organization) int{
				"created_at":    resource.By(func(o *api.Organization) clerk.Timestamp { return o.CreatedAt }),
				"name":          resource.By(func(o *api.Organization) string { return o.Name }),
				"members_count": resource.By(func(o *api.Organization) int { return clerk.Value(o.MembersCount) }),
			},
			ByDefault: "-created_at",
		},
	}, func(o *api.Organization) string { return o.ID })
	t.organizationsBySlug = t.organizations.By(one(func(o *api.Organization) string { return o.Slug }))
	t.addMemberships()
	t.addOrganizationInvitations()
	t.addOrganizationDomains()
}

// completeOrganization sets what a seed leaves out of an organization.
func (i *Instance) completeOrganization(o *api.Organization) error {
	o.Name = cmp.Or(o.Name, o.Slug, o.ID)
	if o.Slug == "" {
		o.Slug = i.freeSlug(o.Name)
	}
	if o.RoleSetKey == nil {
		set, err := i.initialRoleSet()
		if err != nil {
			return fmt.Errorf("role_set_key is required without an initial role set")
		}
		o.RoleSetKey = &set.Key
	}
	if _, err := i.roleSet(*o.RoleSetKey); err != nil {
		return fmt.Errorf("role_set_key is not the key of a role set")
	}
	i.setLogo(o)
	o.MembersCount, o.PendingInvitationsCount, o.MissingMemberWithElevatedPermissions = nil, nil, nil
	return i.checkOrganization(o)
}

// setLogo sets the address of the picture of an organization without a logo.
func (i *Instance) setLogo(o *api.Organization) {
	if o.ImageURL == nil {
		o.ImageURL = new("https://img." + i.frontendAPI + "/" + o.ID)
	}
}

const maxOrganizationName = 256

var (
	slugPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	notInSlugs  = regexp.MustCompile(`[^a-z0-9]+`)
	notInNames  = regexp.MustCompile(`(?i)https?://|www\.|<[a-z/!]`)
)

// checkOrganization returns an error for an organization that is malformed, or whose slug
// another has.
func (i *Instance) checkOrganization(o *api.Organization) error {
	switch {
	case strings.TrimSpace(o.Name) == "":
		return invalid("form_param_value_invalid", "name", "must not be empty")
	case utf8.RuneCountInString(o.Name) > maxOrganizationName:
		return invalid("form_param_exceeds_allowed_size", "name", "can have at most %d characters", maxOrganizationName)
	case notInNames.MatchString(o.Name):
		return invalid("form_param_value_invalid", "name", "must not contain URLs or HTML")
	case !slugPattern.MatchString(o.Slug):
		return invalid("form_param_format_invalid", "slug", "must be lower-case letters, digits and single dashes")
	case o.MaxAllowedMemberships < 0:
		return invalid("form_param_value_invalid", "max_allowed_memberships", "must not be negative")
	}
	if other := i.organizationsBySlug.First(o.Slug); other != nil && other.ID != o.ID {
		return identifierTaken("slug")
	}
	if err := checkMetadata("public_metadata", o.PublicMetadata); err != nil {
		return err
	}
	return checkMetadata("private_metadata", o.PrivateMetadata)
}

func (i *Instance) checkSlugsEnabled(slug clerk.Optional[string]) error {
	if _, given := slug.Get(); given && clerk.Value(i.settings().Organizations.SlugDisabled) {
		return failure(http.StatusForbidden, "feature_not_enabled", "slugs of organizations are not enabled for this instance", "slug")
	}
	return nil
}

// freeSlug returns the slug for a name, with a number if it is taken.
func (i *Instance) freeSlug(name string) string {
	slug := cmp.Or(strings.Trim(notInSlugs.ReplaceAllString(strings.ToLower(name), "-"), "-"), "organization")
	free := slug
	for n := 2; i.organizationsBySlug.First(free) != nil; n++ {
		free = fmt.Sprint(slug, "-", n)
	}
	return free
}

// organization returns the organization with this ID or the error that there is none, or
// that the instance has organizations switched off.
func (i *Instance) organization(id string) (*api.Organization, error) {
	if err := i.checkOrganizationsEnabled(); err != nil {
		return nil, err
	}
	return i.organizations.existing(id)
}

// organizationNamed is organization for an ID or a slug.
func (i *Instance) organizationNamed(idOrSlug string) (*api.Organization, error) {
	if o := i.organizationsBySlug.First(idOrSlug); o != nil {
		idOrSlug = o.ID
	}
	return i.organization(idOrSlug)
}

func (i *Instance) checkOrganizationsEnabled() error {
	if !i.settings().Organizations.Enabled {
		return failure(http.StatusForbidden, "organization_not_enabled_in_instance", "organizations are not enabled for this instance", "")
	}
	return nil
}

func (i *Instance) setOrganizationHandlers(h *Handlers) {
	h.ListOrganizations = i.listOrganizations
	h.CreateOrganization = i.createOrganization
	h.GetOrganization = i.getOrganization
	h.UpdateOrganization = i.updateOrganization
	h.DeleteOrganization = i.deleteOrganization
	i.setOrganizationMetadataHandlers(h)
	i.setOrganizationLogoHandlers(h)
	i.setPermissionHandlers(h)
	i.setRoleHandlers(h)
	i.setRoleSetHandlers(h)
	i.setMembershipHandlers(h)
	i.setOrganizationInvitationHandlers(h)
	i.setOrganizationDomainHandlers(h)
}

func (i *Instance) createOrganization(_ context.Context, params organizations.CreateOrganizationParams) (*api.Organization, error) {
	return write(i, func() (*api.Organization, error) {
		if err := i.checkOrganizationsEnabled(); err != nil {
			return nil, err
		}
		set, err := i.initialRoleSet()
		if key, ok := params.RoleSetKey.Get(); ok {
			set, err = i.roleSet(key)
		}
		if err != nil {
			return nil, err
		}
		creator, created := params.CreatedBy.Get()
		if created && i.users.Get(creator) == nil {
			return nil, failure(http.StatusBadRequest, "organization_creator_not_found", "user "+creator+" not found", "created_by")
		}
		settings := i.settings().Organizations
		o, err := i.organizations.create(i.now(), params, func(o *api.Organization) error {
			if err := i.checkSlugsEnabled(params.Slug); err != nil {
				return err
			}
			if _, given := params.Slug.Get(); !given {
				o.Slug = i.freeSlug(o.Name)
			}
			o.RoleSetKey, o.AdminDeleteEnabled = &set.Key, settings.AdminDeleteEnabled
			o.MaxAllowedMemberships = params.MaxAllowedMemberships.Or(settings.MaxAllowedMemberships)
			i.setLogo(o)
			return i.checkOrganization(o)
		})
		if err != nil {
			return nil, err
		}
		if created {
			i.join(o.ID, creator, set.CreatorRole, metadata("{}"), metadata("{}"))
		}
		return i.showOrganization(o), nil
	})
}

func (i *Instance) getOrganization(_ context.Context, idOrSlug string, params organizations.GetOrganizationParams) (*api.Organization, error) {
	return read(i, func() (*api.Organization, error) {
		o, err := i.organizationNamed(idOrSlug)
		if err != nil {
			return nil, err
		}
		shown := i.showOrganization(o)
		i.addCounts(shown, params.IncludeMembersCount.Or(false), params.IncludeMissingMemberWithElevatedPermissions.Or(false))
		return shown, nil
	})
}

func (i *Instance) updateOrganization(_ context.Context, id string, params organizations.UpdateOrganizationParams) (*api.Organization, error) {
	return i.changeOrganization(id, params, func(o *api.Organization) error {
		if err := i.checkSlugsEnabled(params.Slug); err != nil {
			return err
		}
		if params.MaxAllowedMemberships.IsNull() {
			o.MaxAllowedMemberships = i.settings().Organizations.MaxAllowedMemberships
		}
		set, err := i.roleSet(clerk.Value(o.RoleSetKey))
		if err != nil {
			return err
		}
		o.RoleSetKey = &set.Key
		for _, m := range i.membershipsOfOrganization.All(id) {
			if _, err := i.assignable(o, m.Role); err != nil {
				return invalid("form_param_value_invalid", "role_set_key", "does not have %s, the role of a member", m.Role)
			}
		}
		for _, v := range i.organizationInvitationsByOrganization.All(id) {
			if _, err := i.assignable(o, v.Role); err != nil && v.at(i.now()).Status == api.InvitationStatusPending {
				return invalid("form_param_value_invalid", "role_set_key", "does not have %s, the role in a pending invitation", v.Role)
			}
		}
		return nil
	})
}

// changeOrganization changes an organization by parameters and then by change.
func (i *Instance) changeOrganization(id string, params any, change func(o *api.Organization) error) (*api.Organization, error) {
	return write(i, func() (*api.Organization, error) {
		if _, err := i.organization(id); err != nil {
			return nil, err
		}
		o, err := i.organizations.change(id, i.now(), params, func(o *api.Organization) error {
			if err := change(o); err != nil {
				return err
			}
			return i.checkOrganization(o)
		})
		if err != nil {
			return nil, err
		}
		return i.showOrganization(o), nil
	})
}

// deleteOrganization also ends what belongs to the organization.
func (i *Instance) deleteOrganization(_ context.Context, id string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		o, err := i.organization(id)
		if err != nil {
			return nil, err
		}
		i.dropImage(imageIDIn(clerk.Value(o.ImageURL)))
		for _, m := range i.membershipsOfOrganization.All(id) {
			i.leave(m)
		}
		for _, v := range i.organizationInvitationsByOrganization.All(id) {
			i.organizationInvitations.Remove(v.ID)
		}
		for _, d := range i.organizationDomainsOfOrganization.All(id) {
			i.organizationDomains.Remove(d.ID)
		}
		i.dropEnterpriseOf(id)
		i.leaveSessions(id, "")
		i.dropOwned(id)
		return i.organizations.delete(id)
	})
}
