package clerktest

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// SeedRoleSet is a set of roles in a seed. It names roles by their keys.
type SeedRoleSet struct {
	ID          string          `json:"id"`
	Object      string          `json:"object"`
	Key         string          `json:"key"`
	Name        string          `json:"name"`
	Description *string         `json:"description,omitempty"`
	Roles       []string        `json:"roles"`
	DefaultRole string          `json:"default_role_key"`
	CreatorRole string          `json:"creator_role_key"`
	Type        api.RoleSetType `json:"type"`
	CreatedAt   clerk.Timestamp `json:"created_at"`
	UpdatedAt   clerk.Timestamp `json:"updated_at"`
}

type roleSetTables struct {
	roleSets      kind[SeedRoleSet]
	roleSetsByKey *store.Index[SeedRoleSet]
}

const maxRolesInSet = 10

var roleSetKeyPattern = regexp.MustCompile(`^role_set:[a-z0-9_]+$`)

func (t *tables) addRoleSets() {
	addSeeded(t, "role_sets", &t.roleSets, kind[SeedRoleSet]{
		noun: "role set", object: "role_set", prefix: "rset",
		more: append(membersOf(seedText, "id", "object", "key", "name", "description", "default_role_key", "creator_role_key", "type"),
			append(membersOf(seedTexts, "roles"), membersOf(seedNumber, "created_at", "updated_at")...)...),
		seed: func(s *Seed) *[]SeedRoleSet { return &s.RoleSets },
		complete: func(i *Instance, s *SeedRoleSet) error {
			s.ID, s.Name = cmp.Or(s.ID, derivedID("rset", s.Key)), cmp.Or(s.Name, s.Key)
			s.Type = cmp.Or(s.Type, api.RoleSetTypeCustom)
			if s.Type != api.RoleSetTypeInitial && s.Type != api.RoleSetTypeCustom {
				return fmt.Errorf("type must be initial or custom")
			}
			if err := i.checkRoleSet(s); err != nil {
				return err
			}
			if s.Type == api.RoleSetTypeInitial {
				i.makeInitial(s)
			}
			return nil
		},
		listing: keyedListing(func(s *SeedRoleSet) (string, string, clerk.Timestamp) { return s.Name, s.Key, s.CreatedAt }),
	}, func(s *SeedRoleSet) string { return s.ID })
	t.roleSetsByKey = t.roleSets.By(one(func(s *SeedRoleSet) string { return s.Key }))
}

// checkRoleSet returns an error for a set whose key or roles are not those of a set.
func (i *Instance) checkRoleSet(s *SeedRoleSet) error {
	switch {
	case s.Name == "":
		return invalid("form_param_value_invalid", "name", "must not be empty")
	case !roleSetKeyPattern.MatchString(s.Key):
		return invalid("form_param_format_invalid", "key", "must be role_set: and lower-case letters, digits and _")
	case len(s.Roles) < 1 || len(s.Roles) > maxRolesInSet:
		return invalid("form_param_value_invalid", "roles", "must be 1 to %d roles", maxRolesInSet)
	case !slices.Contains(s.Roles, s.DefaultRole):
		return invalid("form_param_value_invalid", "default_role_key", "must be one of the roles in the set")
	case !slices.Contains(s.Roles, s.CreatorRole):
		return invalid("form_param_value_invalid", "creator_role_key", "must be one of the roles in the set")
	}
	if other := i.roleSetsByKey.First(s.Key); other != nil && other.ID != s.ID {
		return identifierTaken("key")
	}
	for n, key := range s.Roles {
		if slices.Contains(s.Roles[:n], key) {
			return invalid("form_param_value_invalid", "roles", "has %s twice", key)
		}
		r, err := i.roleWithKey("roles", key)
		if err != nil {
			return err
		}
		if key == s.CreatorRole && !i.elevated(r) {
			return creatorNeeds("creator_role_key")
		}
	}
	return nil
}

// creatorNeeds returns the error for a creator role without the permissions that one
// member must have.
func creatorNeeds(param string) error {
	var message strings.Builder
	message.WriteString("the creator role needs")
	for _, p := range systemPermissions {
		if p.needed {
			message.WriteString(" " + p.key)
		}
	}
	return failure(http.StatusUnprocessableEntity, "organization_missing_creator_role_permissions", message.String(), param)
}

// roleSet returns the role set with a key or ID, or the error that there is none.
func (i *Instance) roleSet(keyOrID string) (*SeedRoleSet, error) {
	if s := i.roleSetsByKey.First(keyOrID); s != nil {
		return s, nil
	}
	return i.roleSets.existing(keyOrID)
}

// initialRoleSet returns the role set of new organizations.
func (i *Instance) initialRoleSet() (*SeedRoleSet, error) {
	if s := i.roleSets.Find(func(s *SeedRoleSet) bool { return s.Type == api.RoleSetTypeInitial }); s != nil {
		return s, nil
	}
	return nil, notFound("role set with type", string(api.RoleSetTypeInitial))
}

// assignable returns the role with a key if members of an organization can have it.
func (i *Instance) assignable(o *api.Organization, key string) (*SeedRole, error) {
	r, err := i.roleWithKey("role", key)
	if err != nil {
		return nil, err
	}
	set, err := i.roleSet(clerk.Value(o.RoleSetKey))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(set.Roles, key) {
		return nil, invalid("form_param_value_invalid", "role", "must be one of the roles in %s, the role set of the organization", set.Key)
	}
	return r, nil
}
