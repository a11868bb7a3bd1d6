package emulator

import (
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/enterprise"
	"github.com/backend-sdk/clerk-go/organizations"
)

// connected creates an enterprise connection and two roles.
func connected(t *testing.T, w *world) (connectionID, admin, member string) {
	t.Helper()
	ctx := t.Context()
	connection := must[*enterprise.EnterpriseConnection](t)(enterprise.CreateEnterpriseConnection(ctx, w.client, enterprise.CreateEnterpriseConnectionParams{
		Name: "Acme", Provider: enterprise.ProviderSAMLOkta, Domains: []string{"acme.example"},
	}))
	roles := must[*clerk.List[api.Role]](t)(organizations.ListOrganizationRoles(ctx, w.client, organizations.ListOrganizationRolesParams{OrderBy: clerk.Set("key")}))
	return connection.ID, roles.Data[0].ID, roles.Data[1].ID
}

var _ = scenario("directories", func(t *testing.T, w *world) {
	ctx := t.Context()
	connection, admin, member := connected(t, w)
	made := must[*enterprise.Directory](t)(enterprise.CreateDirectory(ctx, w.client, enterprise.CreateDirectoryParams{
		EnterpriseConnectionID: connection, Provider: "okta", Name: clerk.Set("Staff"),
		GroupRoleMappings: clerk.Set([]enterprise.NewDirectoryGroupRoleMapping{{SCIMGroupID: clerk.Set("g1"), SCIMGroupDisplayName: clerk.Set("Leads"), RoleID: admin}}),
	}))
	fit(t, made.APIKey != "" && made.GroupRoleMappingEnabled && made.EndpointURL != "", "the directory is %+v", made)
	_, err := enterprise.CreateDirectory(ctx, w.client, enterprise.CreateDirectoryParams{EnterpriseConnectionID: "entconn_none", Provider: "okta"})
	refused(t, err, 404, "resource_not_found")
	got := must[*enterprise.Directory](t)(enterprise.GetDirectory(ctx, w.client, made.ID))
	fit(t, got.APIKey == "" && got.Name == "Staff", "the directory is %+v", got)
	rotated := must[*enterprise.Directory](t)(enterprise.RotateDirectoryAPIKey(ctx, w.client, made.ID))
	fit(t, rotated.APIKey != "" && rotated.APIKey != made.APIKey, "the key is the same")
	list, err := enterprise.ListDirectories(ctx, w.client, enterprise.ListDirectoriesParams{})
	fit(t, err == nil && len(list.Data) == 1 && list.Data[0].APIKey == "", "the list is %v, %v", list, err)

	second := enterprise.CreateDirectoryGroupRoleMappingParams{DirectoryGroupID: clerk.Set("g2"), RoleID: member}
	mapping := must[*enterprise.DirectoryGroupRoleMapping](t)(enterprise.CreateDirectoryGroupRoleMapping(ctx, w.client, made.ID, second))
	fit(t, mapping.Precedence == 2 && mapping.Role.ID == member && mapping.SCIMGroupID == "g2", "the mapping is %+v", mapping)
	_, err = enterprise.CreateDirectoryGroupRoleMapping(ctx, w.client, made.ID, second)
	refused(t, err, 422, "form_identifier_exists")
	_, err = enterprise.CreateDirectoryGroupRoleMapping(ctx, w.client, made.ID, enterprise.CreateDirectoryGroupRoleMappingParams{DirectoryGroupID: clerk.Set("g3"), RoleID: "role_none"})
	refused(t, err, 404, "resource_not_found")
	replaced, err := enterprise.ReplaceDirectoryGroupRoleMappings(ctx, w.client, made.ID, enterprise.ReplaceDirectoryGroupRoleMappingsParams{
		Mappings: []enterprise.DirectoryGroupRole{{DirectoryGroupID: clerk.Set("g2"), RoleID: admin}, {DirectoryGroupID: clerk.Set("g1"), RoleID: member}},
	})
	fit(t, err == nil && len(replaced.Data) == 2 && replaced.Data[0].DirectoryGroupID == "g2" && replaced.Data[1].DirectoryGroupDisplayName == "Leads", "the mappings are %v, %v", replaced, err)
	_, err = enterprise.ReplaceDirectoryGroupRoleMappings(ctx, w.client, made.ID, enterprise.ReplaceDirectoryGroupRoleMappingsParams{
		Mappings: []enterprise.DirectoryGroupRole{{DirectoryGroupID: clerk.Set("g9"), RoleID: "role_none"}},
	})
	refused(t, err, 404, "resource_not_found")
	mappings, err := enterprise.ListDirectoryGroupRoleMappings(ctx, w.client, made.ID)
	fit(t, err == nil && len(mappings.Data) == 2 && mappings.Data[0].Role.ID == admin, "a refused call changed the mappings to %v, %v", mappings, err)
	must[*enterprise.DeletedObject](t)(enterprise.DeleteDirectoryGroupRoleMapping(ctx, w.client, made.ID, mappings.Data[0].ID))

	updated := must[*enterprise.Directory](t)(enterprise.UpdateDirectory(ctx, w.client, made.ID, enterprise.UpdateDirectoryParams{
		GroupRoleMappingEnabled: clerk.Set(false), AttributeMapping: clerk.Set(map[string]*string{"first_name": new("name.givenName")}),
	}))
	fit(t, !updated.GroupRoleMappingEnabled && updated.AttributeMapping["first_name"] == "name.givenName", "the directory is %+v", updated)
	updated = must[*enterprise.Directory](t)(enterprise.UpdateDirectory(ctx, w.client, made.ID, enterprise.UpdateDirectoryParams{AttributeMapping: clerk.Set(map[string]*string{"first_name": nil, "last_name": new("name")})}))
	fit(t, len(updated.AttributeMapping) == 1, "the mapping is %v", updated.AttributeMapping)
	_, err = enterprise.DeleteDirectoryGroupRoleMapping(ctx, w.client, made.ID, mappings.Data[1].ID)
	refused(t, err, 403, "feature_not_enabled")
	must[*enterprise.DeletedObject](t)(enterprise.DeleteDirectory(ctx, w.client, made.ID))
	_, err = enterprise.ListDirectoryGroupRoleMappings(ctx, w.client, made.ID)
	refused(t, err, 404, "resource_not_found")
})

var _ = scenario("SCIM directories", func(t *testing.T, w *world) {
	ctx := t.Context()
	connection, admin, member := connected(t, w)
	made := must[*enterprise.SCIMDirectory](t)(enterprise.CreateSCIMDirectory(ctx, w.client, enterprise.CreateSCIMDirectoryParams{
		EnterpriseConnectionID: connection, Provider: "okta",
		GroupRoleMappings: clerk.Set([]enterprise.NewSCIMGroupRoleMapping{{SCIMGroupID: "g1", RoleID: admin, Precedence: clerk.Set(3)}}),
	}))
	same := must[*enterprise.Directory](t)(enterprise.GetDirectory(ctx, w.client, made.ID))
	fit(t, made.APIKey != "" && same.APIKey == "" && same.CreatedAt == made.CreatedAt, "the directories are %+v and %+v", made, same)
	must[*enterprise.SCIMDirectory](t)(enterprise.GetSCIMDirectory(ctx, w.client, made.ID))
	list, err := enterprise.ListSCIMDirectories(ctx, w.client, enterprise.ListSCIMDirectoriesParams{})
	fit(t, err == nil && len(list.Data) == 1, "the list is %v, %v", list, err)
	rotated := must[*enterprise.SCIMDirectory](t)(enterprise.RotateSCIMDirectoryAPIKey(ctx, w.client, made.ID))
	fit(t, rotated.APIKey != made.APIKey, "the key is the same")
	updated := must[*enterprise.SCIMDirectory](t)(enterprise.UpdateSCIMDirectory(ctx, w.client, made.ID, enterprise.UpdateSCIMDirectoryParams{Enabled: clerk.Set(false)}))
	fit(t, !updated.Enabled && updated.GroupRoleMappingEnabled, "the directory is %+v", updated)
	mapping := must[*enterprise.SCIMGroupRoleMapping](t)(enterprise.CreateSCIMGroupRoleMapping(ctx, w.client, made.ID, enterprise.CreateSCIMGroupRoleMappingParams{SCIMGroupID: "g2", RoleID: member}))
	fit(t, mapping.Precedence == 4, "the mapping is %+v", mapping)
	_, err = enterprise.CreateSCIMGroupRoleMapping(ctx, w.client, made.ID, enterprise.CreateSCIMGroupRoleMappingParams{SCIMGroupID: "g3", RoleID: member, Precedence: clerk.Set(3)})
	refused(t, err, 422, "form_param_value_invalid")
	replaced, err := enterprise.ReplaceSCIMGroupRoleMappings(ctx, w.client, made.ID, enterprise.ReplaceSCIMGroupRoleMappingsParams{Mappings: []enterprise.SCIMGroupRole{{SCIMGroupID: "g2", RoleID: admin}}})
	fit(t, err == nil && len(replaced.Data) == 1 && replaced.Data[0].Precedence == 1, "the mappings are %v, %v", replaced, err)
	mappings, err := enterprise.ListSCIMGroupRoleMappings(ctx, w.client, made.ID)
	fit(t, err == nil && len(mappings.Data) == 1, "the mappings are %v, %v", mappings, err)
	must[*enterprise.DeletedObject](t)(enterprise.DeleteSCIMGroupRoleMapping(ctx, w.client, made.ID, mappings.Data[0].ID))
	must[*enterprise.DeletedObject](t)(enterprise.DeleteSCIMDirectory(ctx, w.client, made.ID))
	_, err = enterprise.GetDirectory(ctx, w.client, made.ID)
	refused(t, err, 404, "resource_not_found")

	another := must[*enterprise.SCIMDirectory](t)(enterprise.CreateSCIMDirectory(ctx, w.client, enterprise.CreateSCIMDirectoryParams{EnterpriseConnectionID: connection, Provider: "okta"}))
	must[*enterprise.DeletedObject](t)(enterprise.DeleteEnterpriseConnection(ctx, w.client, connection))
	_, err = enterprise.GetSCIMDirectory(ctx, w.client, another.ID)
	refused(t, err, 404, "resource_not_found")
})
