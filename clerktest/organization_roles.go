package clerktest

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// SeedRole is a role of members of organizations in a seed.
type SeedRole struct {
	ID          string  `json:"id"`
	Object      string  `json:"object"`
	Key         string  `json:"key"`
	Name        string  `json:"name"`
	Description *string `json:"description,omitempty"`
	// Permissions are IDs or keys of permissions that the seed or every instance has.
	Permissions []string        `json:"permissions"`
	CreatedAt   clerk.Timestamp `json:"created_at"`
	UpdatedAt   clerk.Timestamp `json:"updated_at"`
}

type roleTables struct {
	roles      kind[SeedRole]
	rolesByKey *store.Index[SeedRole]
}

var roleKeyPattern = regexp.MustCompile(`^org:[a-z0-9_]+$`)

func (t *tables) addRoles() {
	addSeeded(t, "organization_roles", &t.roles, kind[SeedRole]{
		noun: "role", object: "role", prefix: "role",
		more: append(membersOf(seedText, "id", "object", "key", "name", "description"),
			append(membersOf(seedTexts, "permissions"), membersOf(seedNumber, "created_at", "updated_at")...)...),
		seed: func(s *Seed) *[]SeedRole { return &s.OrganizationRoles },
		complete: func(i *Instance, r *SeedRole) error {
			r.ID, r.Name = cmp.Or(r.ID, derivedID("role", r.Key)), cmp.Or(r.Name, r.Key)
			permissions := make([]string, len(r.Permissions))
			for n, name := range r.Permissions {
				p := i.permissions.Get(name)
				if p == nil {
					p = i.permissionsByKey.First(name)
				}
				if p == nil {
					return fmt.Errorf("permissions[%d] is neither the id nor the key of a permission", n)
				}
				permissions[n] = p.ID
			}
			r.Permissions = permissions
			return i.checkRole(r)
		},
		listing: keyedListing(func(r *SeedRole) (string, string, clerk.Timestamp) { return r.Name, r.Key, r.CreatedAt }),
	}, func(r *SeedRole) string { return r.ID })
	t.rolesByKey = t.roles.By(one(func(r *SeedRole) string { return r.Key }))
}

// checkRole returns an error for a role that is malformed, or whose key another has.
func (i *Instance) checkRole(r *SeedRole) error {
	switch {
	case r.Name == "":
		return invalid("form_param_value_invalid", "name", "must not be empty")
	case !roleKeyPattern.MatchString(r.Key):
		return invalid("form_param_format_invalid", "key", "must be org: and lower-case letters, digits and _")
	}
	if other := i.rolesByKey.First(r.Key); other != nil && other.ID != r.ID {
		return identifierTaken("key")
	}
	for _, id := range r.Permissions {
		if i.permissions.Get(id) == nil {
			return failure(http.StatusNotFound, "resource_not_found", "permission "+id+" not found", "permissions")
		}
	}
	return nil
}

// roleWithKey returns a role or the error that there is none.
func (i *Instance) roleWithKey(param, key string) (*SeedRole, error) {
	if r := i.rolesByKey.First(key); r != nil {
		return r, nil
	}
	return nil, failure(http.StatusNotFound, "resource_not_found", "role "+key+" not found", param)
}

// permissionKeys returns the keys of the permissions of a role.
func (i *Instance) permissionKeys(r *SeedRole) []string {
	keys := make([]string, 0, len(r.Permissions))
	for _, id := range r.Permissions {
		if p := i.permissions.Get(id); p != nil {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// elevated reports whether a role has the permissions that one member must have.
func (i *Instance) elevated(r *SeedRole) bool {
	keys := i.permissionKeys(r)
	for _, p := range systemPermissions {
		if p.needed && !slices.Contains(keys, p.key) {
			return false
		}
	}
	return true
}

func (i *Instance) showRole(r *SeedRole) *api.Role {
	shown := &api.Role{
		ID: r.ID, Object: r.Object, Key: r.Key, Name: r.Name, Description: r.Description,
		IsCreatorEligible: i.elevated(r), Permissions: []api.Permission{}, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	for _, id := range r.Permissions {
		if p := i.permissions.Get(id); p != nil {
			shown.Permissions = append(shown.Permissions, *p)
		}
	}
	return shown
}
