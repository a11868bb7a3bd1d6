package clerktest

import (
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// systemPermissions are the permissions of every instance. The members of an organization
// must include one with those that are needed.
var systemPermissions = []struct {
	key, name         string
	ofMembers, needed bool
}{
	{"org:sys_profile:manage", "Manage organization", false, false},
	{"org:sys_profile:delete", "Delete organization", false, true},
	{"org:sys_memberships:read", "Read members", true, true},
	{"org:sys_memberships:manage", "Manage members", false, true},
	{"org:sys_domains:read", "Read domains", false, false},
	{"org:sys_domains:manage", "Manage domains", false, false},
	{"org:sys_billing:read", "Read billing", true, false},
	{"org:sys_billing:manage", "Manage billing", false, false},
	{"org:sys_api_keys:read", "Read API keys", false, false},
	{"org:sys_api_keys:manage", "Manage API keys", false, false},
}

const (
	adminRole      = "org:admin"
	memberRole     = "org:member"
	defaultRoleSet = "role_set:default"
)

// loadRoles adds the system permissions, the default roles and their set, unless the seed
// has system permissions, as that of an existing instance.
func (i *Instance) loadRoles(seed Seed) {
	if slices.ContainsFunc(seed.OrganizationPermissions, func(p api.Permission) bool { return p.Type == systemPermission }) {
		return
	}
	admin := SeedRole{Key: adminRole, Name: "Admin", Description: new("Can manage the organization and its members")}
	member := SeedRole{Key: memberRole, Name: "Member", Description: new("Can see the other members")}
	for _, s := range systemPermissions {
		p := api.Permission{ID: derivedID("perm", s.key), Key: s.key, Name: s.name, Type: systemPermission}
		resource.Date(&p, seedBegin)
		resource.Plant(&p, "permission")
		i.permissions.Put(&p)
		admin.Permissions = append(admin.Permissions, p.ID)
		if s.ofMembers {
			member.Permissions = append(member.Permissions, p.ID)
		}
	}
	set := SeedRoleSet{Key: defaultRoleSet, Name: "Default", Type: api.RoleSetTypeInitial}
	set.Roles, set.DefaultRole, set.CreatorRole = []string{adminRole, memberRole}, memberRole, adminRole
	for _, r := range []SeedRole{admin, member} {
		if !slices.ContainsFunc(seed.OrganizationRoles, func(s SeedRole) bool { return s.Key == r.Key }) {
			r.ID = derivedID("role", r.Key)
			resource.Date(&r, seedBegin)
			resource.Plant(&r, "role")
			i.roles.Put(&r)
		}
	}
	for _, s := range seed.RoleSets {
		switch {
		case s.Key == set.Key:
			return
		case s.Type == api.RoleSetTypeInitial:
			set.Type = api.RoleSetTypeCustom
		}
	}
	set.ID = derivedID("rset", set.Key)
	resource.Date(&set, seedBegin)
	resource.Plant(&set, "role_set")
	i.roleSets.Put(&set)
}
