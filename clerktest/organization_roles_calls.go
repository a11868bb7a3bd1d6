package clerktest

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
)

func (i *Instance) setRoleHandlers(h *Handlers) {
	h.ListOrganizationRoles = func(_ context.Context, params organizations.ListOrganizationRolesParams) (*clerk.List[api.Role], error) {
		return read(i, func() (*clerk.List[api.Role], error) {
			page, err := i.roles.page(i.roles.All(), params)
			if err != nil {
				return nil, err
			}
			return mapped(page, i.showRole), nil
		})
	}
	h.GetOrganizationRole = func(_ context.Context, id string) (*api.Role, error) {
		return read(i, func() (*api.Role, error) {
			r, err := i.roles.existing(id)
			if err != nil {
				return nil, err
			}
			return i.showRole(r), nil
		})
	}
	h.CreateOrganizationRole = i.createRole
	h.UpdateOrganizationRole = func(_ context.Context, id string, params organizations.UpdateOrganizationRoleParams) (*api.Role, error) {
		return i.changeRole(id, params, func(*SeedRole) error { return nil })
	}
	h.DeleteOrganizationRole = i.deleteRole
	h.AssignPermissionToOrganizationRole = i.assignPermission
	h.RemovePermissionFromOrganizationRole = func(_ context.Context, id, permissionID string) (*api.Role, error) {
		return i.changeRole(id, nil, func(r *SeedRole) error {
			if !slices.Contains(r.Permissions, permissionID) {
				return notFound("permission of the role", permissionID)
			}
			r.Permissions = without(r.Permissions, permissionID)
			return nil
		})
	}
}

func (i *Instance) createRole(_ context.Context, params organizations.CreateOrganizationRoleParams) (*api.Role, error) {
	return write(i, func() (*api.Role, error) {
		if limit := i.settings().Organizations.MaxAllowedRoles; limit > 0 && i.roles.Len() >= limit {
			return nil, failure(http.StatusForbidden, "organization_instance_roles_quota_exceeded", fmt.Sprintf("the instance can have at most %d roles", limit), "")
		}
		r, err := i.roles.create(i.now(), params, i.checkRole)
		if err != nil {
			return nil, err
		}
		if params.IncludeInInitialRoleSet.Or(false) {
			set, err := i.initialRoleSet()
			if err == nil {
				_, err = i.roleSets.change(set.ID, i.now(), nil, func(s *SeedRoleSet) error {
					s.Roles = append(slices.Clone(s.Roles), r.Key)
					return i.checkRoleSet(s)
				})
			}
			if err != nil {
				return nil, err
			}
		}
		return i.showRole(r), nil
	})
}

// changeRole changes a role by parameters and then by change. Whatever names the role by
// its key follows a new one.
func (i *Instance) changeRole(id string, params any, change func(r *SeedRole) error) (*api.Role, error) {
	return write(i, func() (*api.Role, error) {
		before, err := i.roles.existing(id)
		if err != nil {
			return nil, err
		}
		r, err := i.roles.change(id, i.now(), params, func(r *SeedRole) error {
			if err := change(r); err != nil {
				return err
			}
			if err := i.checkRole(r); err != nil {
				return err
			}
			if i.creates(before.Key) && !i.elevated(r) {
				return creatorNeeds("permissions")
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if r.Key != before.Key {
			i.renameRole(before.Key, r.Key)
		}
		return i.showRole(r), nil
	})
}

// creates reports whether a role is that of the creators of organizations.
func (i *Instance) creates(key string) bool {
	return i.settings().Organizations.CreatorRole == key || i.roleSets.Find(func(s *SeedRoleSet) bool { return s.CreatorRole == key }) != nil
}

// renameRole replaces the key of a role where it is named.
func (i *Instance) renameRole(from, to string) {
	i.reassignAll(map[string]string{from: to}, func(string) bool { return true })
	for _, s := range i.roleSets.All() {
		if slices.Contains(s.Roles, from) {
			changed := *s
			changed.replaceRole(from, to)
			i.roleSets.Put(&changed)
		}
	}
	s := settings{settingsID, i.settings()}
	for _, key := range []*string{&s.Organizations.CreatorRole, &s.Organizations.DomainsDefaultRole} {
		if *key == from {
			*key = to
		}
	}
	i.settingsKind.Put(&s)
}

// reassignAll replaces the roles of the members of some organizations, and of their
// invitations, each role by the one that moves has for it.
func (i *Instance) reassignAll(moves map[string]string, organization func(id string) bool) {
	for _, m := range i.memberships.All() {
		if to, moved := moves[m.Role]; moved && organization(m.OrganizationID) {
			changed := *m
			changed.Role = to
			i.memberships.Put(&changed)
		}
	}
	for _, v := range i.organizationInvitations.All() {
		if to, moved := moves[v.Role]; moved && organization(v.OrganizationID) {
			changed := *v
			changed.Role = to
			i.organizationInvitations.Put(&changed)
		}
	}
}

func (i *Instance) assignPermission(_ context.Context, id, permissionID string) (*api.Role, error) {
	return i.changeRole(id, nil, func(r *SeedRole) error {
		if _, err := i.permissions.existing(permissionID); err != nil {
			return err
		}
		if slices.Contains(r.Permissions, permissionID) {
			return failure(http.StatusConflict, "organization_role_permission_association_exists", "the role has the permission "+permissionID+" already", "")
		}
		r.Permissions = append(slices.Clone(r.Permissions), permissionID)
		return nil
	})
}

// deleteRole deletes a role that nothing needs, also from the role sets.
func (i *Instance) deleteRole(_ context.Context, id string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		r, err := i.roles.existing(id)
		if err == nil {
			err = i.checkUnused(r)
		}
		if err != nil {
			return nil, err
		}
		for _, s := range i.roleSets.All() {
			if slices.Contains(s.Roles, r.Key) {
				changed := *s
				changed.Roles = without(s.Roles, r.Key)
				i.roleSets.Put(&changed)
			}
		}
		i.dropMappingsOfRole(id)
		return i.roles.delete(id)
	})
}

// checkUnused returns an error for a role that something needs.
func (i *Instance) checkUnused(r *SeedRole) error {
	pending := func(v *SeedOrganizationInvitation) bool {
		return v.Role == r.Key && v.at(i.now()).Status == api.InvitationStatusPending
	}
	used := func(code, by string) error {
		return failure(http.StatusUnprocessableEntity, code, "the role "+r.Key+" is "+by, "")
	}
	switch {
	case i.creates(r.Key):
		return used("organization_role_default_creator_role", "that of creators")
	case i.settings().Organizations.DomainsDefaultRole == r.Key || i.roleSets.Find(func(s *SeedRoleSet) bool { return s.DefaultRole == r.Key }) != nil:
		return used("organization_role_domain_default_role", "the default role")
	case i.memberships.Find(func(m *SeedMembership) bool { return m.Role == r.Key }) != nil:
		return used("organization_role_assigned_members", "that of a member")
	case i.organizationInvitations.Find(pending) != nil:
		return used("organization_role_exists_in_invitations", "that of a pending invitation")
	}
	return nil
}
