package clerktest

import (
	"context"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/enterprise"
)

// setSCIMDirectoryHandlers sets the handlers for the older name of directories.
func (i *Instance) setSCIMDirectoryHandlers(h *Handlers) {
	h.ListSCIMDirectories = func(_ context.Context, params enterprise.ListSCIMDirectoriesParams) (*clerk.List[api.SCIMDirectory], error) {
		list, err := i.listDirectories(params)
		if err != nil {
			return nil, err
		}
		return mapped(list, scimDirectory), nil
	}
	h.CreateSCIMDirectory = func(_ context.Context, params enterprise.CreateSCIMDirectoryParams) (*api.SCIMDirectory, error) {
		roles := make([]groupRole, 0, len(params.GroupRoleMappings.Or(nil)))
		for _, m := range params.GroupRoleMappings.Or(nil) {
			roles = append(roles, groupRole{m.SCIMGroupID, m.SCIMGroupDisplayName.Or(""), m.RoleID, m.Precedence.Or(0)})
		}
		return asSCIM(i.createDirectory(newDirectory{params, params.EnterpriseConnectionID, roles}))
	}
	h.GetSCIMDirectory = func(_ context.Context, id string) (*api.SCIMDirectory, error) { return asSCIM(i.getDirectory(id)) }
	h.UpdateSCIMDirectory = func(_ context.Context, id string, params enterprise.UpdateSCIMDirectoryParams) (*api.SCIMDirectory, error) {
		return asSCIM(i.updateDirectory(id, params, params.AttributeMapping))
	}
	h.DeleteSCIMDirectory = func(_ context.Context, id string) (*api.DeletedObject, error) {
		return i.deleteDirectory(id, "scim_directory")
	}
	h.RotateSCIMDirectoryAPIKey = func(_ context.Context, id string) (*api.SCIMDirectory, error) {
		return asSCIM(i.rotateDirectoryKey(id))
	}

	h.ListSCIMGroupRoleMappings = func(_ context.Context, directoryID string) (*clerk.List[api.SCIMGroupRoleMapping], error) {
		return asSCIMMappings(i.listGroupMappings(directoryID))
	}
	h.CreateSCIMGroupRoleMapping = func(_ context.Context, directoryID string, params enterprise.CreateSCIMGroupRoleMappingParams) (*api.SCIMGroupRoleMapping, error) {
		m, err := i.createGroupMapping(directoryID, groupRole{group: params.SCIMGroupID, role: params.RoleID, precedence: params.Precedence.Or(0)})
		if err != nil {
			return nil, err
		}
		return scimMapping(m), nil
	}
	h.ReplaceSCIMGroupRoleMappings = func(_ context.Context, directoryID string, params enterprise.ReplaceSCIMGroupRoleMappingsParams) (*clerk.List[api.SCIMGroupRoleMapping], error) {
		roles := make([]groupRole, 0, len(params.Mappings))
		for _, m := range params.Mappings {
			roles = append(roles, groupRole{group: m.SCIMGroupID, role: m.RoleID})
		}
		return asSCIMMappings(i.replaceGroupMappings(directoryID, roles))
	}
	h.DeleteSCIMGroupRoleMapping = func(_ context.Context, directoryID, id string) (*api.DeletedObject, error) {
		return i.deleteGroupMapping(directoryID, id, "scim_group_role_mapping")
	}
}

func asSCIM(d *api.Directory, err error) (*api.SCIMDirectory, error) {
	if err != nil {
		return nil, err
	}
	return scimDirectory(d), nil
}

func scimDirectory(d *api.Directory) *api.SCIMDirectory {
	shown := api.SCIMDirectory(*d)
	shown.Object = "scim_directory"
	return &shown
}

func asSCIMMappings(list *clerk.List[api.DirectoryGroupRoleMapping], err error) (*clerk.List[api.SCIMGroupRoleMapping], error) {
	if err != nil {
		return nil, err
	}
	return mapped(list, scimMapping), nil
}

func scimMapping(m *api.DirectoryGroupRoleMapping) *api.SCIMGroupRoleMapping {
	return &api.SCIMGroupRoleMapping{
		Object: "scim_group_role_mapping", ID: m.ID, DirectoryID: m.DirectoryID, SCIMDirectoryID: m.DirectoryID,
		DirectoryGroupID: m.DirectoryGroupID, SCIMGroupID: m.DirectoryGroupID,
		DirectoryGroupDisplayName: m.DirectoryGroupDisplayName, SCIMGroupDisplayName: m.DirectoryGroupDisplayName,
		Role: m.Role, Precedence: m.Precedence, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
	}
}
