package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/enterprise"
)

// SeedGroupRoleMapping is the role of the members of a directory's group in a seed.
type SeedGroupRoleMapping struct {
	ID          string          `json:"id"`
	DirectoryID string          `json:"directory_id"`
	GroupID     string          `json:"directory_group_id"`
	GroupName   string          `json:"directory_group_display_name,omitempty"`
	RoleID      string          `json:"role_id"`
	Precedence  int             `json:"precedence"`
	CreatedAt   clerk.Timestamp `json:"created_at"`
	UpdatedAt   clerk.Timestamp `json:"updated_at"`
}

func (t *tables) addGroupMappings() {
	addSeeded(t, "directory_group_role_mappings", &t.groupMappings, kind[SeedGroupRoleMapping]{
		noun: "group role mapping", object: "directory_group_role_mapping", prefix: "dirgrm",
		more: append(membersOf(seedText, "id", "directory_id", "directory_group_id", "directory_group_display_name", "role_id"),
			membersOf(seedNumber, "precedence", "created_at", "updated_at")...),
		seed: func(s *Seed) *[]SeedGroupRoleMapping { return &s.DirectoryGroupRoleMappings },
		fill: func(i *Instance, m *SeedGroupRoleMapping) {
			m.Precedence = cmp.Or(m.Precedence, i.lastPrecedence(m.DirectoryID)+1)
		},
		complete: func(i *Instance, m *SeedGroupRoleMapping) error {
			if i.directories.Get(m.DirectoryID) == nil {
				return fmt.Errorf("directory_id is not the id of a directory")
			}
			if i.roles.Get(m.RoleID) == nil {
				return fmt.Errorf("role_id is not the id of a role")
			}
			m.ID = cmp.Or(m.ID, derivedID("dirgrm", m.DirectoryID, m.GroupID))
			return i.checkGroupMapping(m)
		},
	}, func(m *SeedGroupRoleMapping) string { return m.ID })
	t.groupMappingsOf = t.groupMappings.By(one(func(m *SeedGroupRoleMapping) string { return m.DirectoryID }))
}

// groupRole is the role of a group in the parameters of a request.
type groupRole struct {
	group, name, role string
	precedence        int // 0 for the place after all others
}

// newGroupRole returns the role of a group whose ID has one of two names.
func newGroupRole(group, older clerk.Optional[string], role string) (groupRole, error) {
	id, err := eitherName(group.Or(""), older.Or(""), "directory_group_id", "scim_group_id")
	return groupRole{group: id, role: role}, err
}

// mapGroups adds mappings to a directory.
func (i *Instance) mapGroups(directoryID string, roles []groupRole) error {
	for _, role := range roles {
		if _, err := i.mapGroup(directoryID, role); err != nil {
			return err
		}
	}
	return nil
}

func (i *Instance) mapGroup(directoryID string, role groupRole) (*SeedGroupRoleMapping, error) {
	return i.groupMappings.create(i.now(), nil, func(m *SeedGroupRoleMapping) error {
		m.DirectoryID, m.GroupID, m.GroupName, m.RoleID = directoryID, role.group, cmp.Or(role.name, role.group), role.role
		m.Precedence = cmp.Or(role.precedence, i.lastPrecedence(directoryID)+1)
		return i.checkGroupMapping(m)
	})
}

// lastPrecedence returns the highest number among the mappings of a directory.
func (i *Instance) lastPrecedence(directoryID string) (last int) {
	for _, m := range i.groupMappingsOf.All(directoryID) {
		last = max(last, m.Precedence)
	}
	return last
}

// checkGroupMapping returns an error for a mapping that is malformed, or whose group or
// precedence another has.
func (i *Instance) checkGroupMapping(m *SeedGroupRoleMapping) error {
	switch {
	case m.GroupID == "":
		return invalid("form_param_missing", "directory_group_id", "is required")
	case m.Precedence < 1:
		return invalid("form_param_value_invalid", "precedence", "must be at least 1")
	case i.roles.Get(m.RoleID) == nil:
		return missingReference("role", m.RoleID, "role_id")
	}
	for _, other := range i.groupMappingsOf.All(m.DirectoryID) {
		switch {
		case other.ID == m.ID:
		case other.GroupID == m.GroupID:
			return invalid("form_identifier_exists", "directory_group_id", "is mapped to a role already")
		case other.Precedence == m.Precedence:
			return invalid("form_param_value_invalid", "precedence", "belongs to another mapping of the directory")
		}
	}
	return nil
}

// dropMappingsOfRole deletes the mappings of groups to a role.
func (i *Instance) dropMappingsOfRole(roleID string) {
	for _, m := range i.groupMappings.All() {
		if m.RoleID == roleID {
			i.groupMappings.Remove(m.ID)
		}
	}
}

// mappingDirectory returns an error for a directory that is not there or does not map groups.
func (i *Instance) mappingDirectory(id string) error {
	d, err := i.directories.existing(id)
	if err == nil && !d.GroupRoleMappingEnabled {
		err = failure(http.StatusForbidden, "feature_not_enabled", "the mapping of groups to roles is not enabled for the directory "+id, "")
	}
	return err
}

func (i *Instance) showGroupMapping(m *SeedGroupRoleMapping) *api.DirectoryGroupRoleMapping {
	shown := &api.DirectoryGroupRoleMapping{
		Object: "directory_group_role_mapping", ID: m.ID, DirectoryID: m.DirectoryID, SCIMDirectoryID: m.DirectoryID,
		DirectoryGroupID: m.GroupID, SCIMGroupID: m.GroupID, DirectoryGroupDisplayName: m.GroupName, SCIMGroupDisplayName: m.GroupName,
		Precedence: m.Precedence, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
	}
	if r := i.roles.Get(m.RoleID); r != nil {
		shown.Role = i.showRole(r)
	}
	return shown
}

// shownMappings returns the mappings of a directory in order of precedence.
func (i *Instance) shownMappings(directoryID string) *clerk.List[api.DirectoryGroupRoleMapping] {
	list := i.groupMappingsOf.All(directoryID)
	slices.SortFunc(list, func(a, b *SeedGroupRoleMapping) int { return cmp.Compare(a.Precedence, b.Precedence) })
	whole := &clerk.List[SeedGroupRoleMapping]{Data: list, TotalCount: clerk.Set(int64(len(list)))}
	return mapped(whole, i.showGroupMapping)
}

func (i *Instance) listGroupMappings(directoryID string) (*clerk.List[api.DirectoryGroupRoleMapping], error) {
	return read(i, func() (*clerk.List[api.DirectoryGroupRoleMapping], error) {
		if _, err := i.directories.existing(directoryID); err != nil {
			return nil, err
		}
		return i.shownMappings(directoryID), nil
	})
}

func (i *Instance) createGroupMapping(directoryID string, role groupRole) (*api.DirectoryGroupRoleMapping, error) {
	return write(i, func() (*api.DirectoryGroupRoleMapping, error) {
		if err := i.mappingDirectory(directoryID); err != nil {
			return nil, err
		}
		m, err := i.mapGroup(directoryID, role)
		if err != nil {
			return nil, err
		}
		return i.showGroupMapping(m), nil
	})
}

func (i *Instance) replaceGroupMappings(directoryID string, roles []groupRole) (*clerk.List[api.DirectoryGroupRoleMapping], error) {
	return write(i, func() (*clerk.List[api.DirectoryGroupRoleMapping], error) {
		if err := i.mappingDirectory(directoryID); err != nil {
			return nil, err
		}
		names := map[string]string{}
		for _, m := range i.groupMappingsOf.All(directoryID) {
			names[m.GroupID] = m.GroupName
			i.groupMappings.Remove(m.ID)
		}
		for n := range roles {
			roles[n].name = names[roles[n].group]
		}
		if err := i.mapGroups(directoryID, roles); err != nil {
			return nil, err
		}
		return i.shownMappings(directoryID), nil
	})
}

func (i *Instance) deleteGroupMapping(directoryID, id, object string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		if err := i.mappingDirectory(directoryID); err != nil {
			return nil, err
		}
		if m := i.groupMappings.Get(id); m == nil || m.DirectoryID != directoryID {
			return nil, notFound("group role mapping", id)
		}
		i.groupMappings.Remove(id)
		return &api.DeletedObject{Object: object, ID: id, Deleted: true}, nil
	})
}

func (i *Instance) setDirectoryMappingHandlers(h *Handlers) {
	h.ListDirectoryGroupRoleMappings = func(_ context.Context, directoryID string) (*clerk.List[api.DirectoryGroupRoleMapping], error) {
		return i.listGroupMappings(directoryID)
	}
	h.CreateDirectoryGroupRoleMapping = func(_ context.Context, directoryID string, params enterprise.CreateDirectoryGroupRoleMappingParams) (*api.DirectoryGroupRoleMapping, error) {
		role, err := newGroupRole(params.DirectoryGroupID, params.SCIMGroupID, params.RoleID)
		if err != nil {
			return nil, err
		}
		role.precedence = params.Precedence.Or(0)
		return i.createGroupMapping(directoryID, role)
	}
	h.ReplaceDirectoryGroupRoleMappings = func(_ context.Context, directoryID string, params enterprise.ReplaceDirectoryGroupRoleMappingsParams) (*clerk.List[api.DirectoryGroupRoleMapping], error) {
		roles := make([]groupRole, 0, len(params.Mappings))
		for _, m := range params.Mappings {
			role, err := newGroupRole(m.DirectoryGroupID, m.SCIMGroupID, m.RoleID)
			if err != nil {
				return nil, err
			}
			roles = append(roles, role)
		}
		return i.replaceGroupMappings(directoryID, roles)
	}
	h.DeleteDirectoryGroupRoleMapping = func(_ context.Context, directoryID, id string) (*api.DeletedObject, error) {
		return i.deleteGroupMapping(directoryID, id, "directory_group_role_mapping")
	}
}
