package clerktest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
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
	if got := own.Settings.Organizations; *got.InitialRoleSetKey != "role_set:own" {
		t.Errorf("the settings of a seed with an initial role set are %+v", got)
	}
	own.OrganizationRoles, own.RoleSets = own.OrganizationRoles[:1], own.RoleSets[1:]
	own.Settings.Organizations.DomainsDefaultRole = "org:admin"
	again, err := clerktest.NewInstance(own)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Seed(); len(got.OrganizationRoles) != 1 || len(got.RoleSets) != 1 {
		t.Errorf("what an instance no longer has is back: %v", keys(got))
	}
}

// owners is a role that creators can have.
const owners = `{"key": "org:owner", "name": "Owner", "permissions": ["org:sys_profile:delete", "org:sys_memberships:read", "org:sys_memberships:manage"]}`

// TestSettingsAndRoleSetsOfASeedAgree creates an organization after each seed, whose creator
// must have the role that the settings and the initial role set name.
func TestSettingsAndRoleSetsOfASeedAgree(t *testing.T) {
	t.Parallel()
	initial := func(creator string) string {
		return `{"key": "role_set:own", "type": "initial", "roles": ["org:owner", "org:member"], "default_role_key": "org:member", "creator_role_key": "` + creator + `"}`
	}
	for name, test := range map[string]struct{ seed, set, creator string }{
		"nothing": {`{}`, "role_set:default", "org:admin"},
		"the settings": {`{"organization_roles": [` + owners + `], "settings": {"organization_settings": {"creator_role": "org:owner"}}}`,
			"role_set:default", "org:owner"},
		"the role set": {`{"organization_roles": [` + owners + `], "role_sets": [` + initial("org:owner") + `]}`, "role_set:own", "org:owner"},
		"both": {`{"organization_roles": [` + owners + `], "role_sets": [` + initial("org:owner") + `], "settings": {"organization_settings": {
			"creator_role": "org:owner", "initial_role_set_key": "role_set:own", "domains_default_role": "org:owner"}}}`, "role_set:own", "org:owner"},
	} {
		planted := startSeeded(t, test.seed)
		added := startSeeded(t, `{}`)
		if err := added.AddSeed(parseSeed(t, test.seed)); err != nil {
			t.Errorf("%s, added: %v", name, err)
		}
		for how, instance := range map[string]*clerktest.Instance{"planted": planted, "added": added} {
			user := instance.CreateUser(users.CreateUserParams{})
			o := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "One", CreatedBy: clerk.Set(user.ID)})
			now := instance.Seed()
			if m := now.OrganizationMemberships; len(m) != 1 || m[0].Role != test.creator || *o.RoleSetKey != test.set {
				t.Errorf("%s, %s: the creator of an organization with %s is %+v", name, how, *o.RoleSetKey, m)
			}
			if got := now.Settings.Organizations; got.CreatorRole != test.creator || *got.InitialRoleSetKey != test.set {
				t.Errorf("%s, %s: the settings are %+v", name, how, got)
			}
			sets := 0
			for _, s := range now.RoleSets {
				if s.Type == api.RoleSetTypeInitial {
					sets++
				}
			}
			if sets != 1 {
				t.Errorf("%s, %s: %d role sets are initial", name, how, sets)
			}
			if again := clerktest.New(t, clerktest.WithSeed(parseSeed(t, dump(t, instance)))); dump(t, again) != dump(t, instance) {
				t.Errorf("%s, %s: the export is another instance", name, how)
			}
		}
	}
	whole := startSeeded(t, `{}`)
	if err := whole.AddSeed(parseSeed(t, `{"organizations": [{"id": "org_1", "name": "One"}], "organization_roles": [`+owners+`], "role_sets": [`+initial("org:owner")+`]}`)); err != nil {
		t.Fatal(err)
	}
	if got := *whole.Organization("org_1").RoleSetKey; got != "role_set:own" {
		t.Errorf("an organization that is added with an initial role set has %s", got)
	}
}

// TestSettingsMadeInGoAndRoleSetsAgree checks that settings that were made in Go name only
// what they change.
func TestSettingsMadeInGoAndRoleSetsAgree(t *testing.T) {
	t.Parallel()
	const set = `{"key": "role_set:own", "type": "initial", "roles": ["org:owner"], "default_role_key": "org:owner", "creator_role_key": "org:owner"}`
	changed, standard := clerktest.DefaultSettings(), clerktest.DefaultSettings()
	changed.Organizations.CreatorRole = "org:owner"
	for name, test := range map[string]struct {
		settings  clerktest.SeedSettings
		sets, key string
	}{
		"changed":        {changed, ``, "role_set:default"},
		"the defaults":   {standard, set, "role_set:own"},
		"empty":          {clerktest.SeedSettings{}, set, "role_set:own"},
		"changed to the": {changed, set, "role_set:own"},
	} {
		seed := parseSeed(t, `{"organization_roles": [`+owners+`], "role_sets": [`+test.sets+`]}`)
		seed.Settings = &test.settings
		instance := clerktest.New(t, clerktest.WithSeed(seed))
		now := instance.Seed()
		if got := now.Settings.Organizations; got.CreatorRole != "org:owner" || *got.InitialRoleSetKey != test.key || got.DomainsDefaultRole != "org:member" {
			t.Errorf("%s: the settings are %+v", name, got)
		}
		for _, s := range now.RoleSets {
			if s.Key == test.key && (s.CreatorRole != "org:owner" || s.Type != "initial" || s.UpdatedAt > s.CreatedAt+1) {
				t.Errorf("%s: the initial role set is %+v", name, s)
			}
		}
		if err := instance.AddSeed(clerktest.Seed{Settings: &clerktest.SeedSettings{}}); err != nil {
			t.Errorf("%s: empty settings are refused: %v", name, err)
		}
		if got := instance.Seed().Settings.Organizations; got.CreatorRole != "org:owner" || *got.InitialRoleSetKey != test.key {
			t.Errorf("%s: with empty settings they are %+v", name, got)
		}
	}
}

func TestSeedRefusalsOfOrganizations(t *testing.T) {
	t.Parallel()
	own := func(kind string) string {
		return `{"key": "role_set:own", "type": "` + kind + `", "roles": ["org:admin"], "default_role_key": "org:admin", "creator_role_key": "org:admin"}`
	}
	const one = `"users": [{"id": "user_1"}], "organizations": [{"id": "org_1", "name": "One"}]`
	for want, seed := range map[string]string{
		`organizations[0].slug`:                                `{"organizations": [{"id": "org_1", "slug": "No"}]}`,
		`organizations[1].slug`:                                `{"organizations": [{"id": "org_1", "slug": "a"}, {"id": "org_2", "slug": "a"}]}`,
		`organizations[0].role_set_key`:                        `{"organizations": [{"id": "org_1", "role_set_key": "role_set:none"}]}`,
		`organization_memberships[0].user_id`:                  `{` + one + `, "organization_memberships": [{"organization_id": "org_1", "user_id": "user_2"}]}`,
		`organization_memberships[0].role`:                     `{` + one + `, "organization_memberships": [{"organization_id": "org_1", "user_id": "user_1", "role": "org:none"}]}`,
		`organization_memberships[1].user_id`:                  `{` + one + `, "organization_memberships": [{"organization_id": "org_1", "user_id": "user_1"}, {"organization_id": "org_1", "user_id": "user_1"}]}`,
		`organization_invitations[0].role`:                     `{` + one + `, "organization_invitations": [{"organization_id": "org_1", "email_address": "a@example.com", "role": "org:none"}]}`,
		`organization_domains[0].name`:                         `{` + one + `, "organization_domains": [{"organization_id": "org_1", "name": "gmail.com"}]}`,
		`organization_roles[0].permissions[0]`:                 `{"organization_roles": [{"key": "org:own", "permissions": ["org:none:read"]}]}`,
		`organization_roles[0].key`:                            `{"organization_roles": [{"key": "own"}]}`,
		`organization_permissions[0].key`:                      `{"organization_permissions": [{"key": "own"}]}`,
		`role_sets[0].creator_role_key`:                        `{"role_sets": [{"key": "role_set:own", "roles": ["org:member"], "default_role_key": "org:member"}]}`,
		`settings: creator_role: role org:none not found`:      `{"settings": {"organization_settings": {"creator_role": "org:none"}}}`,
		`settings: creator_role: the creator role needs`:       `{"settings": {"organization_settings": {"creator_role": "org:member"}}}`,
		`settings: domains_default_role: role org:none`:        `{"settings": {"organization_settings": {"domains_default_role": "org:none"}}}`,
		`settings: initial_role_set_key is role_set:none, but`: `{"settings": {"organization_settings": {"initial_role_set_key": "role_set:none"}}}`,
		`settings: creator_role is org:owner, but creator_role_key of role_set:own is org:admin`: `{"organization_roles": [` + owners + `],
			"settings": {"organization_settings": {"creator_role": "org:owner"}}, "role_sets": [` + own("initial") + `]}`,
		`settings: creator_role is org:admin, but creator_role_key of role_set:own is org:owner`: `{"organization_roles": [` + owners + `],
			"settings": {"organization_settings": {"creator_role": "org:admin"}}, "role_sets": [` + strings.ReplaceAll(own("initial"), "org:admin", "org:owner") + `]}`,
		`role_sets[1].type: role_set:own is initial already`: `{"role_sets": [` + own("initial") + `, ` + strings.Replace(own("initial"), "set:own", "set:other", 1) + `]}`,
		`role_sets: none has the type initial`:               `{"role_sets": [` + strings.Replace(own("custom"), "set:own", "set:default", 1) + `]}`,
		`organization_memberships[0].colour is`:              `{` + one + `, "organization_memberships": [{"colour": 1}]}`,
		`organization_memberships[0].organization_`:          `{"organization_memberships": [{"user_id": "user_1"}]}`,
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
