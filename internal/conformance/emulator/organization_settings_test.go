package emulator

import (
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/instance"
	"github.com/backend-sdk/clerk-go/organizations"
)

var _ = scenario("organization settings", func(t *testing.T, w *world) {
	ctx := t.Context()
	got := must[*api.OrganizationSettings](t)(instance.GetInstanceOrganizationSettings(ctx, w.client))
	fit(t, got.Enabled && got.CreatorRole == "org:admin" && clerk.Value(got.InitialRoleSetKey) == "role_set:default", "the settings are %+v", got)
	update := func(params instance.UpdateInstanceOrganizationSettingsParams) (*api.OrganizationSettings, error) {
		return instance.UpdateInstanceOrganizationSettings(ctx, w.client, params)
	}
	roles, err := organizations.ListOrganizationRoles(ctx, w.client, organizations.ListOrganizationRolesParams{OrderBy: clerk.Set("key")})
	fit(t, err == nil && len(roles.Data) == 2, "the roles are %v, %v", roles, err)
	_, err = update(instance.UpdateInstanceOrganizationSettingsParams{CreatorRoleID: clerk.Set(roles.Data[1].ID)})
	refused(t, err, 422, "organization_missing_creator_role_permissions")
	_, err = update(instance.UpdateInstanceOrganizationSettingsParams{DomainsDefaultRoleID: clerk.Set("role_none")})
	refused(t, err, 404, "resource_not_found")
	var permissions []string
	for _, p := range roles.Data[0].Permissions {
		permissions = append(permissions, p.ID)
	}
	owner := must[*api.Role](t)(organizations.CreateOrganizationRole(ctx, w.client, organizations.CreateOrganizationRoleParams{Name: "Owner", Key: "org:owner", Permissions: clerk.Set(permissions)}))
	got = must[*api.OrganizationSettings](t)(update(instance.UpdateInstanceOrganizationSettingsParams{
		CreatorRoleID: clerk.Set(owner.ID), MaxAllowedMemberships: clerk.Set(1), DomainsEnabled: clerk.Set(false), SlugDisabled: clerk.Set(true),
	}))
	fit(t, got.CreatorRole == "org:owner" && got.DomainsDefaultRole == "org:member", "the settings are %+v", got)

	ada, bob := w.person(t, "ada@example.com"), w.person(t, "bob@example.com")
	org := w.organization(t, "Acme", ada)
	members, err := organizations.ListOrganizationMemberships(ctx, w.client, org.ID, organizations.ListOrganizationMembershipsParams{})
	fit(t, err == nil && len(members.Data) == 1 && members.Data[0].Role == "org:owner", "the creator is %v, %v", members, err)
	_, err = organizations.CreateOrganizationMembership(ctx, w.client, org.ID, organizations.CreateOrganizationMembershipParams{UserID: bob, Role: "org:member"})
	refused(t, err, 403, "organization_membership_quota_exceeded")
	_, err = organizations.CreateOrganizationDomain(ctx, w.client, org.ID, organizations.CreateOrganizationDomainParams{Name: "acme.example"})
	refused(t, err, 403, "feature_not_enabled")
	_, err = organizations.UpdateOrganization(ctx, w.client, org.ID, organizations.UpdateOrganizationParams{Slug: clerk.Set("other")})
	refused(t, err, 403, "feature_not_enabled")
	must[*api.OrganizationSettings](t)(update(instance.UpdateInstanceOrganizationSettingsParams{Enabled: clerk.Set(false)}))
	_, err = organizations.GetOrganization(ctx, w.client, org.ID, organizations.GetOrganizationParams{})
	refused(t, err, 403, "organization_not_enabled_in_instance")
})
