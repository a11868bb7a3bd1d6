package clerktest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// company returns an instance with an organization that ada administers and bob is a
// member of.
func company(t *testing.T) (i *clerktest.Instance, org, ada, bob string) {
	t.Helper()
	i = clerktest.New(t)
	ada = i.CreateUser(users.CreateUserParams{EmailAddress: clerk.Set([]string{"ada@example.com"})}).ID
	bob = i.CreateUser(users.CreateUserParams{EmailAddress: clerk.Set([]string{"bob@example.com"})}).ID
	org = i.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme, Inc.", CreatedBy: clerk.Set(ada)}).ID
	i.AddMember(org, bob, "org:member")
	return i, org, ada, bob
}

func TestTokensFollowTheMembership(t *testing.T) {
	t.Parallel()
	i, org, _, bob := company(t)
	ctx, client := t.Context(), i.Client()
	s, err := sessions.CreateSession(ctx, client, sessions.CreateSessionParams{UserID: bob, ActiveOrganizationID: clerk.Set(org)})
	if err != nil || clerk.Value(s.LastActiveOrganizationID) != org {
		t.Fatalf("CreateSession returned %+v, %v", s, err)
	}
	organization := func() map[string]any {
		token, err := sessions.CreateSessionToken(ctx, client, s.ID, sessions.CreateSessionTokenParams{})
		if err != nil {
			t.Fatal(err)
		}
		o, _ := claimsOf(t, token.JWT)["o"].(map[string]any)
		return o
	}
	if o := organization(); o["id"] != org || o["rol"] != "member" || o["slg"] != "acme-inc" || o["per"] != nil {
		t.Errorf("the token has %v", o)
	}
	permission, err := organizations.CreateOrganizationPermission(ctx, client, organizations.CreateOrganizationPermissionParams{Name: "Read", Key: "org:invoices:read"})
	if err != nil {
		t.Fatal(err)
	}
	_ = permission
	if _, err := organizations.UpdateOrganizationMembership(ctx, client, org, bob, organizations.UpdateOrganizationMembershipParams{Role: "org:admin"}); err != nil {
		t.Fatal(err)
	}
	if o := organization(); o["rol"] != "admin" {
		t.Errorf("after a change of the role the token has %v", o)
	}
	v1 := claimsOf(t, i.Token(clerktest.ForSession(s.ID), clerktest.Version1()))
	if v1["org_id"] != org || v1["org_role"] != "org:admin" || slices.Contains(v1["org_permissions"].([]any), any("org:sys_memberships:read")) {
		t.Errorf("the version 1 token has %v", v1)
	}
	if _, err := organizations.DeleteOrganizationMembership(ctx, client, org, bob); err != nil {
		t.Fatal(err)
	}
	if o := organization(); o != nil {
		t.Errorf("after the membership the token has %v", o)
	}
	if again, _ := sessions.GetSession(ctx, client, s.ID); again == nil || again.LastActiveOrganizationID != nil {
		t.Errorf("after the membership the session is %+v", again)
	}
}

func TestInOrganizationTakesTheRoleFromTheStore(t *testing.T) {
	t.Parallel()
	i, org, ada, _ := company(t)
	for _, name := range []string{org, "acme-inc"} {
		o, _ := claimsOf(t, i.Token(clerktest.ForUser(ada), clerktest.InOrganization(name)))["o"].(map[string]any)
		if o["id"] != org || o["rol"] != "admin" {
			t.Errorf("%s: the token has %v", name, o)
		}
	}
}

func TestLastAdministratorStays(t *testing.T) {
	t.Parallel()
	i, org, ada, bob := company(t)
	ctx, client := t.Context(), i.Client()
	_, leave := organizations.DeleteOrganizationMembership(ctx, client, org, ada)
	_, demote := organizations.UpdateOrganizationMembership(ctx, client, org, ada, organizations.UpdateOrganizationMembershipParams{Role: "org:member"})
	for _, err := range []error{leave, demote} {
		if err == nil || !strings.Contains(err.Error(), "organization_minimum_permissions_needed") {
			t.Errorf("the last administrator is gone: %v", err)
		}
	}
	if _, err := organizations.UpdateOrganizationMembership(ctx, client, org, bob, organizations.UpdateOrganizationMembershipParams{Role: "org:admin"}); err != nil {
		t.Fatal(err)
	}
	if _, err := organizations.DeleteOrganizationMembership(ctx, client, org, ada); err != nil {
		t.Errorf("one of two administrators cannot leave: %v", err)
	}
}

func claimsOf(t *testing.T, token string) map[string]any {
	t.Helper()
	_, claims := parts(t, token)
	return claims
}

var _ = populate(map[string]string{
	"organizations":            `[{"id": "org_1", "name": "One", "slug": "one", "role_set_key": "role_set:one"}]`,
	"organization_permissions": `[{"id": "perm_1", "key": "org:invoices:read", "name": "Read invoices"}]`,
	"organization_memberships": `[{"organization_id": "org_1", "user_id": "user_9", "role": "org:member", "public_metadata": {"a": 1}}]`,
	"organization_invitations": `[{"id": "orginv_1", "organization_id": "org_1", "email_address": "invited@example.com", "role": "org:clerk"}]`,
	"organization_domains":     `[{"id": "orgdmn_1", "organization_id": "org_1", "name": "one.example"}]`,
	"organization_roles":       `[{"id": "role_1", "key": "org:clerk", "name": "Clerk", "permissions": ["org:invoices:read"]}, {"id": "role_2", "key": "org:unused"}]`,
	"role_sets": `[{"id": "rset_1", "key": "role_set:one", "roles": ["org:admin", "org:member", "org:clerk"], "default_role_key": "org:member", "creator_role_key": "org:admin"},
		{"id": "rset_2", "key": "role_set:two", "roles": ["org:admin"], "default_role_key": "org:admin", "creator_role_key": "org:admin"}]`,
})

var (
	oneOrganization = []string{"org_1"}
	oneMember       = []string{"org_1", "user_9"}
	onePermission   = []string{"perm_1"}
	oneRole         = []string{"role_1"}
	oneRoleSet      = []string{"role_set:one"}
	oneDomain       = []string{"org_1", "orgdmn_1"}
)

var _ = rightly(map[string]rightRequest{
	"CreateOrganization": {body: map[string]any{"name": "Two"}},
	"GetOrganization":    {ids: oneOrganization},
	"UpdateOrganization": {ids: oneOrganization, body: map[string]any{"name": "New"}},
	"DeleteOrganization": {ids: oneOrganization},

	"UploadOrganizationLogo": {ids: oneOrganization, file: "file"},
	"DeleteOrganizationLogo": {ids: oneOrganization},

	"MergeOrganizationMetadata":   {ids: oneOrganization, body: map[string]any{"public_metadata": map[string]any{"a": 1}}},
	"ReplaceOrganizationMetadata": {ids: oneOrganization, body: map[string]any{"public_metadata": map[string]any{"a": 1}}},

	"CreateOrganizationDomain":          {ids: oneOrganization, body: map[string]any{"name": "new.example", "verified": false}},
	"UpdateOrganizationDomain":          {ids: oneDomain, body: map[string]any{"verified": false}},
	"DeleteOrganizationDomain":          {ids: oneDomain},
	"ListOrganizationDomains":           {ids: oneOrganization},
	"VerifyOrganizationDomainOwnership": {ids: oneDomain},

	"OrganizationsListOrganizationInvitations": {ids: oneOrganization},
	"UsersListOrganizationInvitations":         {ids: oneUser},
	"ListPendingOrganizationInvitations":       {ids: oneOrganization},
	"GetOrganizationInvitation":                {ids: []string{"org_1", "orginv_1"}},
	"RevokeOrganizationInvitation":             {ids: []string{"org_1", "orginv_1"}, body: map[string]any{}},
	"CreateOrganizationInvitation":             {ids: oneOrganization, body: map[string]any{"email_address": "new@example.com", "role": "org:member"}},
	"CreateOrganizationInvitationBulk":         {ids: oneOrganization, list: []any{map[string]any{"email_address": "new@example.com", "role": "org:member"}}},

	"CreateOrganizationRole":               {body: map[string]any{"name": "New", "key": "org:new"}},
	"GetOrganizationRole":                  {ids: oneRole},
	"UpdateOrganizationRole":               {ids: oneRole, body: map[string]any{"name": "New"}},
	"DeleteOrganizationRole":               {ids: []string{"role_2"}},
	"AssignPermissionToOrganizationRole":   {ids: []string{"role_2", "perm_1"}},
	"RemovePermissionFromOrganizationRole": {ids: []string{"role_1", "perm_1"}},

	"CreateRoleSet":        {body: map[string]any{"name": "New", "roles": []any{"org:admin"}, "default_role_key": "org:admin", "creator_role_key": "org:admin"}},
	"GetRoleSet":           {ids: oneRoleSet},
	"UpdateRoleSet":        {ids: oneRoleSet, body: map[string]any{"name": "New"}},
	"ReplaceRoleSet":       {ids: []string{"rset_2"}, body: map[string]any{"dest_role_set_key": "role_set:one"}},
	"AddRolesToRoleSet":    {ids: oneRoleSet, body: map[string]any{"role_keys": []any{"org:unused"}}},
	"ReplaceRoleInRoleSet": {ids: oneRoleSet, body: map[string]any{"role_key": "org:clerk", "to_role_key": "org:member"}},

	"CreateOrganizationPermission": {body: map[string]any{"name": "New", "key": "org:invoices:write"}},
	"GetOrganizationPermission":    {ids: onePermission},
	"UpdateOrganizationPermission": {ids: onePermission, body: map[string]any{"name": "New"}},
	"DeleteOrganizationPermission": {ids: onePermission},

	"OrganizationsListOrganizationMemberships": {ids: oneOrganization},
	"UsersListOrganizationMemberships":         {ids: oneUser},
	"CreateOrganizationMembership":             {ids: oneOrganization, body: map[string]any{"user_id": "user_1", "role": "org:member"}},
	"UpdateOrganizationMembership":             {ids: oneMember, body: map[string]any{"role": "org:admin"}},
	"DeleteOrganizationMembership":             {ids: oneMember},
	"MergeOrganizationMembershipMetadata":      {ids: oneMember, body: map[string]any{"public_metadata": map[string]any{"b": 2}}},
})
