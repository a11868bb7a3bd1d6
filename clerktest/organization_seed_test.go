package clerktest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

func TestDefaultRolesOfASeed(t *testing.T) {
	t.Parallel()
	keys := func(seed clerktest.Seed) (list []string) {
		for _, r := range seed.OrganizationRoles {
			list = append(list, r.ID+" "+r.Key)
		}
		for _, s := range seed.RoleSets {
			list = append(list, s.ID+" "+s.Key+" "+string(s.Type))
		}
		for _, p := range seed.OrganizationPermissions {
			list = append(list, p.ID+" "+p.Key)
		}
		return list
	}
	first, second := keys(clerktest.New(t).Seed()), keys(clerktest.New(t).Seed())
	if len(first) != 13 || !slices.Equal(first, second) {
		t.Errorf("two instances begin with %v and %v", first, second)
	}
	own := startSeeded(t, `{
		"organization_roles": [{"key": "org:member", "name": "Colleague", "permissions": []}],
		"role_sets": [{"key": "role_set:own", "roles": ["org:admin"], "default_role_key": "org:admin", "creator_role_key": "org:admin", "type": "initial"}]}`).Seed()
	if got := keys(own); len(got) != 14 || own.OrganizationRoles[1].Name != "Colleague" || own.RoleSets[0].Type != "custom" || own.RoleSets[1].Type != "initial" {
		t.Errorf("a seed with roles of its own becomes %v", got)
	}
	own.OrganizationRoles, own.RoleSets = own.OrganizationRoles[:1], own.RoleSets[1:]
	again, err := clerktest.NewInstance(own)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Seed(); len(got.OrganizationRoles) != 1 || len(got.RoleSets) != 1 {
		t.Errorf("what an instance no longer has is back: %v", keys(got))
	}
}

func TestSeedRefusalsOfOrganizations(t *testing.T) {
	t.Parallel()
	const one = `"users": [{"id": "user_1"}], "organizations": [{"id": "org_1", "name": "One"}]`
	for want, seed := range map[string]string{
		`organizations[0].slug`:                     `{"organizations": [{"id": "org_1", "slug": "No"}]}`,
		`organizations[1].slug`:                     `{"organizations": [{"id": "org_1", "slug": "a"}, {"id": "org_2", "slug": "a"}]}`,
		`organizations[0].role_set_key`:             `{"organizations": [{"id": "org_1", "role_set_key": "role_set:none"}]}`,
		`organization_memberships[0].user_id`:       `{` + one + `, "organization_memberships": [{"organization_id": "org_1", "user_id": "user_2"}]}`,
		`organization_memberships[0].role`:          `{` + one + `, "organization_memberships": [{"organization_id": "org_1", "user_id": "user_1", "role": "org:none"}]}`,
		`organization_memberships[1].user_id`:       `{` + one + `, "organization_memberships": [{"organization_id": "org_1", "user_id": "user_1"}, {"organization_id": "org_1", "user_id": "user_1"}]}`,
		`organization_invitations[0].role`:          `{` + one + `, "organization_invitations": [{"organization_id": "org_1", "email_address": "a@example.com", "role": "org:none"}]}`,
		`organization_domains[0].name`:              `{` + one + `, "organization_domains": [{"organization_id": "org_1", "name": "gmail.com"}]}`,
		`organization_roles[0].permissions[0]`:      `{"organization_roles": [{"key": "org:own", "permissions": ["org:none:read"]}]}`,
		`organization_roles[0].key`:                 `{"organization_roles": [{"key": "own"}]}`,
		`organization_permissions[0].key`:           `{"organization_permissions": [{"key": "own"}]}`,
		`role_sets[0].creator_role_key`:             `{"role_sets": [{"key": "role_set:own", "roles": ["org:member"], "default_role_key": "org:member"}]}`,
		`organization_memberships[0].colour is`:     `{` + one + `, "organization_memberships": [{"colour": 1}]}`,
		`organization_memberships[0].organization_`: `{"organization_memberships": [{"user_id": "user_1"}]}`,
	} {
		parsed, err := clerktest.ParseSeed([]byte(seed))
		if err == nil {
			_, err = clerktest.NewInstance(parsed)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
