package clerktest

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
)

// replaceRole puts another role in the place of one, in a list of its own.
func (s *SeedRoleSet) replaceRole(from, to string) {
	s.Roles = without(s.Roles, to)
	if at := slices.Index(s.Roles, from); at >= 0 {
		s.Roles[at] = to
	}
	if s.DefaultRole == from {
		s.DefaultRole = to
	}
	if s.CreatorRole == from {
		s.CreatorRole = to
	}
}

// showRoleSet returns a role set as the API shows it.
func (i *Instance) showRoleSet(s *SeedRoleSet) *api.RoleSet {
	shown := &api.RoleSet{
		ID: s.ID, Object: s.Object, Key: s.Key, Name: s.Name, Description: s.Description, Type: s.Type,
		Roles: []api.RoleSetItem{}, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
	for _, key := range s.Roles {
		r := i.rolesByKey.First(key)
		if r == nil {
			continue
		}
		item := api.RoleSetItem{ID: r.ID, Object: "role_set_item", Name: r.Name, Key: r.Key, Description: r.Description, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt}
		members := i.countRole(s.Key, key)
		item.MembersCount, item.HasMembers = &members, new(members > 0)
		shown.Roles = append(shown.Roles, item)
		if key == s.DefaultRole {
			shown.DefaultRole = &item
		}
		if key == s.CreatorRole {
			shown.CreatorRole = &item
		}
	}
	return shown
}

// countRole returns the number of members with a role in the organizations with a set.
func (i *Instance) countRole(setKey, role string) (members int) {
	for m := range i.memberships.Each() {
		if m.Role == role && i.usesSet(m.OrganizationID, setKey) {
			members++
		}
	}
	return members
}

func (i *Instance) usesSet(organizationID, setKey string) bool {
	o := i.organizations.Get(organizationID)
	return o != nil && clerk.Value(o.RoleSetKey) == setKey
}

func (i *Instance) setRoleSetHandlers(h *Handlers) {
	h.ListRoleSets = func(_ context.Context, params organizations.ListRoleSetsParams) (*clerk.List[api.RoleSet], error) {
		return read(i, func() (*clerk.List[api.RoleSet], error) {
			page, err := i.roleSets.page(i.roleSets.All(), params)
			if err != nil {
				return nil, err
			}
			return mapped(page, i.showRoleSet), nil
		})
	}
	h.GetRoleSet = func(_ context.Context, keyOrID string) (*api.RoleSet, error) {
		return read(i, func() (*api.RoleSet, error) {
			s, err := i.roleSet(keyOrID)
			if err != nil {
				return nil, err
			}
			return i.showRoleSet(s), nil
		})
	}
	h.CreateRoleSet = i.createRoleSet
	h.UpdateRoleSet = i.updateRoleSet
	h.ReplaceRoleSet = i.replaceRoleSet
	h.AddRolesToRoleSet = func(_ context.Context, keyOrID string, params organizations.AddRolesToRoleSetParams) (*api.RoleSet, error) {
		return i.changeRoleSet(keyOrID, func(s *SeedRoleSet) error {
			s.Roles = append(slices.Clone(s.Roles), params.RoleKeys...)
			assign(&s.DefaultRole, params.DefaultRoleKey)
			assign(&s.CreatorRole, params.CreatorRoleKey)
			return nil
		})
	}
	h.ReplaceRoleInRoleSet = i.replaceRoleInRoleSet
}

func (i *Instance) createRoleSet(_ context.Context, params organizations.CreateRoleSetParams) (*api.RoleSet, error) {
	return write(i, func() (*api.RoleSet, error) {
		if limit := clerk.Value(i.settings().Organizations.MaxRoleSetsAllowed); limit > 0 && i.roleSets.Len() >= limit {
			return nil, failure(http.StatusPaymentRequired, "unsupported_subscription_plan_features", "the plan of the instance does not include more role sets", "")
		}
		s, err := i.roleSets.create(i.now(), params, func(s *SeedRoleSet) error {
			if s.Key == "" {
				s.Key = "role_set:" + strings.Trim(notInSlugs.ReplaceAllString(strings.ToLower(s.Name), "_"), "_")
			}
			s.Type = params.Type.Or(api.RoleSetTypeCustom)
			return i.checkRoleSet(s)
		})
		if err != nil {
			return nil, err
		}
		if s.Type == api.RoleSetTypeInitial {
			i.makeInitial(s)
		}
		return i.showRoleSet(s), nil
	})
}

// makeInitial makes a set that of new organizations, and the others custom ones.
func (i *Instance) makeInitial(s *SeedRoleSet) {
	for _, other := range i.roleSets.All() {
		kind := api.RoleSetTypeCustom
		if other.ID == s.ID {
			kind = api.RoleSetTypeInitial
		}
		if other.Type != kind {
			changed := *other
			changed.Type = kind
			i.roleSets.Put(&changed)
		}
	}
	changed := settings{settingsID, i.settings()}
	changed.Organizations.InitialRoleSetKey, changed.Organizations.CreatorRole = &s.Key, s.CreatorRole
	i.settingsKind.Put(&changed)
}

// changeRoleSet changes a role set. The organizations that have it follow a new key.
func (i *Instance) changeRoleSet(keyOrID string, change func(s *SeedRoleSet) error) (*api.RoleSet, error) {
	return write(i, func() (*api.RoleSet, error) {
		before, err := i.roleSet(keyOrID)
		if err != nil {
			return nil, err
		}
		s, err := i.roleSets.change(before.ID, i.now(), nil, func(s *SeedRoleSet) error {
			if err := change(s); err != nil {
				return err
			}
			return i.checkRoleSet(s)
		})
		if err != nil {
			return nil, err
		}
		i.moveOrganizations(before.Key, s.Key)
		if s.Type == api.RoleSetTypeInitial {
			i.makeInitial(s)
		}
		return i.showRoleSet(i.roleSets.Get(s.ID)), nil
	})
}

// moveOrganizations replaces the role set of organizations.
func (i *Instance) moveOrganizations(from, to string) {
	if from == to {
		return
	}
	for _, o := range i.organizations.All() {
		if clerk.Value(o.RoleSetKey) == from {
			changed := *o
			changed.RoleSetKey = &to
			i.organizations.Put(&changed)
		}
	}
}

func (i *Instance) updateRoleSet(_ context.Context, keyOrID string, params organizations.UpdateRoleSetParams) (*api.RoleSet, error) {
	return i.changeRoleSet(keyOrID, func(s *SeedRoleSet) error {
		if params.Type.Or(api.RoleSetTypeInitial) != api.RoleSetTypeInitial {
			return invalid("form_param_value_invalid", "type", "can only be set to initial")
		}
		assign(&s.Name, params.Name)
		assign(&s.Key, params.Key)
		assign(&s.Type, params.Type)
		assign(&s.DefaultRole, params.DefaultRoleKey)
		assign(&s.CreatorRole, params.CreatorRoleKey)
		assignPointer(&s.Description, params.Description)
		return nil
	})
}

// replaceRoleSet removes a role set and moves its organizations to another.
func (i *Instance) replaceRoleSet(_ context.Context, keyOrID string, params organizations.ReplaceRoleSetParams) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		from, err := i.roleSet(keyOrID)
		if err != nil {
			return nil, err
		}
		to, err := i.roleSet(params.DestRoleSetKey)
		if err != nil {
			return nil, err
		}
		if from.ID == to.ID {
			return nil, invalid("form_param_value_invalid", "dest_role_set_key", "is the role set itself")
		}
		mappings := params.ReassignmentMappings.Or(nil)
		ofSet := func(id string) bool { return i.usesSet(id, from.Key) }
		moves := map[string]string{}
		for _, role := range from.Roles {
			moved, given := mappings[role]
			switch {
			case given && !slices.Contains(to.Roles, moved):
				return nil, invalid("form_param_value_invalid", "reassignment_mappings", "maps %s to %s, which is not in %s", role, moved, to.Key)
			case given:
				moves[role] = moved
			case !slices.Contains(to.Roles, role) && i.roleInUse(role, ofSet):
				return nil, invalid("form_param_value_invalid", "reassignment_mappings", "must map %s, the role of a member or an invitation", role)
			}
		}
		i.reassignAll(moves, ofSet)
		i.moveOrganizations(from.Key, to.Key)
		if from.Type == api.RoleSetTypeInitial {
			i.makeInitial(to)
		}
		return i.roleSets.delete(from.ID)
	})
}

// roleInUse reports whether a member or a pending invitation of some organizations has a
// role.
func (i *Instance) roleInUse(role string, organization func(id string) bool) bool {
	return i.memberships.Find(func(m *SeedMembership) bool { return m.Role == role && organization(m.OrganizationID) }) != nil ||
		i.organizationInvitations.Find(func(v *SeedOrganizationInvitation) bool {
			return v.Role == role && organization(v.OrganizationID) && v.at(i.now()).Status == api.InvitationStatusPending
		}) != nil
}

// replaceRoleInRoleSet removes a role from a set, whose members get another one of it.
func (i *Instance) replaceRoleInRoleSet(_ context.Context, keyOrID string, params organizations.ReplaceRoleInRoleSetParams) (*api.RoleSet, error) {
	return i.changeRoleSet(keyOrID, func(s *SeedRoleSet) error {
		for param, key := range map[string]string{"role_key": params.RoleKey, "to_role_key": params.ToRoleKey} {
			if _, err := i.roleWithKey(param, key); err != nil {
				return err
			}
		}
		switch {
		case !slices.Contains(s.Roles, params.RoleKey):
			return invalid("form_param_value_invalid", "role_key", "must be one of the roles in the set")
		case params.ToRoleKey == params.RoleKey || !slices.Contains(s.Roles, params.ToRoleKey):
			return invalid("form_param_value_invalid", "to_role_key", "must be another of the roles in the set")
		}
		i.reassignAll(map[string]string{params.RoleKey: params.ToRoleKey}, func(id string) bool { return i.usesSet(id, s.Key) })
		s.replaceRole(params.RoleKey, params.ToRoleKey)
		return nil
	})
}
