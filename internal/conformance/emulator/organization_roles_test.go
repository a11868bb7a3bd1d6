package emulator

import (
	"slices"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
)

var _ = scenario("organization permissions and roles", func(t *testing.T, w *world) {
	ctx := t.Context()
	list, err := organizations.ListOrganizationPermissions(ctx, w.client, organizations.ListOrganizationPermissionsParams{OrderBy: clerk.Set("key")})
	fit(t, err == nil && len(list.Data) == 10 && list.Data[0].Type == "system", "the permissions are %v, %v", list, err)
	system := list.Data[0].ID
	made := must[*api.Permission](t)(organizations.CreateOrganizationPermission(ctx, w.client, organizations.CreateOrganizationPermissionParams{Name: "Read invoices", Key: "org:invoices:read"}))
	for code, key := range map[string]string{"form_identifier_exists": "org:invoices:read", "form_param_format_invalid": "invoices:read", "form_param_value_invalid": "org:sys_invoices:read"} {
		_, err := organizations.CreateOrganizationPermission(ctx, w.client, organizations.CreateOrganizationPermissionParams{Name: "Other", Key: key})
		refused(t, err, 422, code)
	}
	must[*api.Permission](t)(organizations.UpdateOrganizationPermission(ctx, w.client, made.ID, organizations.UpdateOrganizationPermissionParams{Description: clerk.Set("for the office")}))
	_, err = organizations.UpdateOrganizationPermission(ctx, w.client, system, organizations.UpdateOrganizationPermissionParams{Name: clerk.Set("Other")})
	refused(t, err, 403, "organization_system_permission_not_modifiable")
	_, err = organizations.DeleteOrganizationPermission(ctx, w.client, system)
	refused(t, err, 403, "organization_system_permission_not_modifiable")
	got := must[*api.Permission](t)(organizations.GetOrganizationPermission(ctx, w.client, made.ID))
	fit(t, got.Description == "for the office" && got.Type != "system", "the permission is %+v", got)

	role := must[*api.Role](t)(organizations.CreateOrganizationRole(ctx, w.client, organizations.CreateOrganizationRoleParams{
		Name: "Office", Key: "org:office", Permissions: clerk.Set([]string{made.ID}), IncludeInInitialRoleSet: clerk.Set(true),
	}))
	fit(t, len(role.Permissions) == 1 && role.Permissions[0].Key == "org:invoices:read" && !role.IsCreatorEligible, "the role is %+v", role)
	for _, c := range []struct {
		params organizations.CreateOrganizationRoleParams
		status int
		code   string
	}{
		{organizations.CreateOrganizationRoleParams{Name: "Other", Key: "org:office"}, 422, "form_identifier_exists"},
		{organizations.CreateOrganizationRoleParams{Name: "Other", Key: "office"}, 422, "form_param_format_invalid"},
		{organizations.CreateOrganizationRoleParams{Name: "Other", Key: "org:other", Permissions: clerk.Set([]string{"perm_none"})}, 404, "resource_not_found"},
	} {
		_, err := organizations.CreateOrganizationRole(ctx, w.client, c.params)
		refused(t, err, c.status, c.code)
	}
	must[*api.Role](t)(organizations.AssignPermissionToOrganizationRole(ctx, w.client, role.ID, system))
	_, err = organizations.AssignPermissionToOrganizationRole(ctx, w.client, role.ID, system)
	refused(t, err, 409, "organization_role_permission_association_exists")
	role = must[*api.Role](t)(organizations.RemovePermissionFromOrganizationRole(ctx, w.client, role.ID, system))
	fit(t, len(role.Permissions) == 1, "the role is %+v", role)
	_, err = organizations.RemovePermissionFromOrganizationRole(ctx, w.client, role.ID, system)
	refused(t, err, 404, "resource_not_found")

	ada, bob := w.person(t, "ada@example.com"), w.person(t, "bob@example.com")
	org := w.organization(t, "Acme", ada).ID
	w.AddMember(org, bob, "org:office")
	_, err = organizations.DeleteOrganizationRole(ctx, w.client, role.ID)
	refused(t, err, 422, "organization_role_assigned_members")
	renamed := must[*api.Role](t)(organizations.UpdateOrganizationRole(ctx, w.client, role.ID, organizations.UpdateOrganizationRoleParams{Key: clerk.Set("org:desk"), Name: clerk.Set("Desk")}))
	members, err := organizations.ListOrganizationMemberships(ctx, w.client, org, organizations.ListOrganizationMembershipsParams{Role: []string{"org:desk"}})
	fit(t, err == nil && len(members.Data) == 1 && clerk.Value(members.Data[0].RoleName) == "Desk", "after the new key the members are %v, %v", members, err)
	initial := must[*api.RoleSet](t)(organizations.GetRoleSet(ctx, w.client, "role_set:default"))
	fit(t, slices.ContainsFunc(initial.Roles, func(r api.RoleSetItem) bool { return r.Key == "org:desk" && clerk.Value(r.MembersCount) == 1 }), "the role set is %+v", initial)

	roles, err := organizations.ListOrganizationRoles(ctx, w.client, organizations.ListOrganizationRolesParams{Query: clerk.Set("org:ADMIN")})
	fit(t, err == nil && len(roles.Data) == 1 && roles.Data[0].IsCreatorEligible, "the roles are %v, %v", roles, err)
	_, err = organizations.DeleteOrganizationRole(ctx, w.client, roles.Data[0].ID)
	refused(t, err, 422, "organization_role_default_creator_role")
	_, err = organizations.UpdateOrganizationRole(ctx, w.client, roles.Data[0].ID, organizations.UpdateOrganizationRoleParams{Permissions: clerk.Set([]string{made.ID})})
	refused(t, err, 422, "organization_missing_creator_role_permissions")
	must[*api.DeletedObject](t)(organizations.DeleteOrganizationPermission(ctx, w.client, made.ID))
	got2 := must[*api.Role](t)(organizations.GetOrganizationRole(ctx, w.client, renamed.ID))
	fit(t, len(got2.Permissions) == 0, "the role keeps a deleted permission: %+v", got2)
	must[*api.OrganizationMembership](t)(organizations.DeleteOrganizationMembership(ctx, w.client, org, bob))
	must[*api.OrganizationInvitation](t)(organizations.CreateOrganizationInvitation(ctx, w.client, org, organizations.CreateOrganizationInvitationParams{EmailAddress: "bob@example.com", Role: "org:desk"}))
	_, err = organizations.DeleteOrganizationRole(ctx, w.client, role.ID)
	refused(t, err, 422, "organization_role_exists_in_invitations")
	must[*api.DeletedObject](t)(organizations.DeleteOrganization(ctx, w.client, org))
	must[*api.DeletedObject](t)(organizations.DeleteOrganizationRole(ctx, w.client, role.ID))
})

var _ = scenario("role sets", func(t *testing.T, w *world) {
	ctx := t.Context()
	for _, key := range []string{"org:office", "org:desk"} {
		must[*api.Role](t)(organizations.CreateOrganizationRole(ctx, w.client, organizations.CreateOrganizationRoleParams{Name: key, Key: key}))
	}
	made := must[*api.RoleSet](t)(organizations.CreateRoleSet(ctx, w.client, organizations.CreateRoleSetParams{
		Name: "Big customers", Roles: []string{"org:admin", "org:office"}, DefaultRoleKey: "org:office", CreatorRoleKey: "org:admin",
	}))
	fit(t, made.Key == "role_set:big_customers" && made.Type == api.RoleSetTypeCustom && made.DefaultRole.Key == "org:office", "the role set is %+v", made)
	for _, c := range []struct {
		params organizations.CreateRoleSetParams
		status int
		code   string
	}{
		{organizations.CreateRoleSetParams{Name: "Big customers", Roles: []string{"org:admin"}, DefaultRoleKey: "org:admin", CreatorRoleKey: "org:admin"}, 422, "form_identifier_exists"},
		{organizations.CreateRoleSetParams{Name: "Other", Roles: []string{"org:admin"}, DefaultRoleKey: "org:office", CreatorRoleKey: "org:admin"}, 422, "form_param_value_invalid"},
		{organizations.CreateRoleSetParams{Name: "Other", Roles: []string{"org:office"}, DefaultRoleKey: "org:office", CreatorRoleKey: "org:office"}, 422, "organization_missing_creator_role_permissions"},
		{organizations.CreateRoleSetParams{Name: "Other", Roles: []string{"org:none"}, DefaultRoleKey: "org:none", CreatorRoleKey: "org:none"}, 404, "resource_not_found"},
	} {
		_, err := organizations.CreateRoleSet(ctx, w.client, c.params)
		refused(t, err, c.status, c.code)
	}
	ada, bob := w.person(t, "ada@example.com"), w.person(t, "bob@example.com")
	org := must[*api.Organization](t)(organizations.CreateOrganization(ctx, w.client, organizations.CreateOrganizationParams{Name: "Acme", CreatedBy: clerk.Set(ada), RoleSetKey: clerk.Set(made.Key)})).ID
	_, err := organizations.CreateOrganizationMembership(ctx, w.client, org, organizations.CreateOrganizationMembershipParams{UserID: bob, Role: "org:member"})
	refused(t, err, 422, "form_param_value_invalid")
	w.AddMember(org, bob, "org:office")
	_, err = organizations.UpdateOrganization(ctx, w.client, org, organizations.UpdateOrganizationParams{RoleSetKey: clerk.Set("role_set:default")})
	refused(t, err, 422, "form_param_value_invalid")

	added := must[*api.RoleSet](t)(organizations.AddRolesToRoleSet(ctx, w.client, made.ID, organizations.AddRolesToRoleSetParams{RoleKeys: []string{"org:desk"}, DefaultRoleKey: clerk.Set("org:desk")}))
	fit(t, len(added.Roles) == 3 && added.DefaultRole.Key == "org:desk", "the role set is %+v", added)
	_, err = organizations.AddRolesToRoleSet(ctx, w.client, made.ID, organizations.AddRolesToRoleSetParams{RoleKeys: []string{"org:none"}})
	refused(t, err, 404, "resource_not_found")
	role := func() string {
		list, err := organizations.ListOrganizationMemberships(ctx, w.client, org, organizations.ListOrganizationMembershipsParams{UserID: []string{bob}})
		fit(t, err == nil && len(list.Data) == 1, "the membership is %v, %v", list, err)
		return list.Data[0].Role
	}
	replaced := must[*api.RoleSet](t)(organizations.ReplaceRoleInRoleSet(ctx, w.client, made.Key, organizations.ReplaceRoleInRoleSetParams{RoleKey: "org:office", ToRoleKey: "org:desk"}))
	fit(t, len(replaced.Roles) == 2 && role() == "org:desk", "the role set is %+v, and the member has %s", replaced, role())
	_, err = organizations.ReplaceRoleInRoleSet(ctx, w.client, made.Key, organizations.ReplaceRoleInRoleSetParams{RoleKey: "org:admin", ToRoleKey: "org:desk"})
	refused(t, err, 422, "organization_missing_creator_role_permissions")

	changed := must[*api.RoleSet](t)(organizations.UpdateRoleSet(ctx, w.client, made.Key, organizations.UpdateRoleSetParams{Key: clerk.Set("role_set:big"), Type: clerk.Set(api.RoleSetTypeInitial)}))
	before := must[*api.RoleSet](t)(organizations.GetRoleSet(ctx, w.client, "role_set:default"))
	o := must[*api.Organization](t)(organizations.GetOrganization(ctx, w.client, org, organizations.GetOrganizationParams{}))
	fit(t, changed.Type == api.RoleSetTypeInitial && before.Type == api.RoleSetTypeCustom && clerk.Value(o.RoleSetKey) == "role_set:big", "the sets are %+v and %+v, that of the organization %s", changed, before, clerk.Value(o.RoleSetKey))
	_, err = organizations.UpdateRoleSet(ctx, w.client, "role_set:big", organizations.UpdateRoleSetParams{Type: clerk.Set(api.RoleSetTypeCustom)})
	refused(t, err, 422, "form_param_value_invalid")

	_, err = organizations.ReplaceRoleSet(ctx, w.client, "role_set:big", organizations.ReplaceRoleSetParams{DestRoleSetKey: "role_set:default"})
	refused(t, err, 422, "form_param_value_invalid")
	must[*api.DeletedObject](t)(organizations.ReplaceRoleSet(ctx, w.client, "role_set:big", organizations.ReplaceRoleSetParams{DestRoleSetKey: "role_set:default", ReassignmentMappings: clerk.Set(map[string]string{"org:desk": "org:member"})}))
	sets, err := organizations.ListRoleSets(ctx, w.client, organizations.ListRoleSetsParams{OrderBy: clerk.Set("key")})
	fit(t, err == nil && len(sets.Data) == 1 && sets.Data[0].Type == api.RoleSetTypeInitial && role() == "org:member", "the sets are %v, %v, and the member has %s", sets, err, role())
	_, err = organizations.GetRoleSet(ctx, w.client, "role_set:big")
	refused(t, err, 404, "resource_not_found")
})
