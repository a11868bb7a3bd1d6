package clerktest

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/organizations"
)

type permissionTables struct {
	permissions      kind[api.Permission]
	permissionsByKey *store.Index[api.Permission]
}

// The values of a permission's type.
const (
	systemPermission = "system"
	customPermission = "user"
)

var permissionKeyPattern = regexp.MustCompile(`^org:[a-z0-9_]+:[a-z0-9_]+$`)

func (t *tables) addPermissions() {
	addSeeded(t, "organization_permissions", &t.permissions, kind[api.Permission]{
		noun: "permission", object: "permission", prefix: "perm", component: "Permission",
		seed: func(s *Seed) *[]api.Permission { return &s.OrganizationPermissions },
		complete: func(i *Instance, p *api.Permission) error {
			p.ID = cmp.Or(p.ID, derivedID("perm", p.Key))
			p.Name, p.Type = cmp.Or(p.Name, p.Key), cmp.Or(p.Type, customPermission)
			if p.Type != systemPermission {
				return i.checkPermission(p)
			}
			return nil
		},
		listing: keyedListing(func(p *api.Permission) (string, string, clerk.Timestamp) { return p.Name, p.Key, p.CreatedAt }),
	}, func(p *api.Permission) string { return p.ID })
	t.permissionsByKey = t.permissions.By(one(func(p *api.Permission) string { return p.Key }))
}

// keyedListing returns how resources with a name and a key are searched and sorted.
func keyedListing[T any](of func(*T) (name, key string, created clerk.Timestamp)) resource.Listing[T] {
	name := func(v *T) string { name, _, _ := of(v); return name }
	key := func(v *T) string { _, key, _ := of(v); return key }
	return resource.Listing[T]{
		Search: func(v *T) []string { return []string{name(v), key(v)} },
		Orders: map[string]func(a, b *T) int{
			"created_at": resource.By(func(v *T) clerk.Timestamp { _, _, created := of(v); return created }),
			"name":       resource.By(name),
			"key":        resource.By(key),
		},
		ByDefault: "-created_at",
	}
}

// checkPermission returns an error for a permission that cannot be a custom one.
func (i *Instance) checkPermission(p *api.Permission) error {
	switch {
	case p.Name == "":
		return invalid("form_param_value_invalid", "name", "must not be empty")
	case !permissionKeyPattern.MatchString(p.Key):
		return invalid("form_param_format_invalid", "key", "must be org:, a feature, : and an action, in lower-case letters, digits and _")
	case strings.HasPrefix(p.Key, "org:sys_"):
		return invalid("form_param_value_invalid", "key", "begins with org:sys_, as only system permissions do")
	}
	if other := i.permissionsByKey.First(p.Key); other != nil && other.ID != p.ID {
		return identifierTaken("key")
	}
	return nil
}

func (i *Instance) setPermissionHandlers(h *Handlers) {
	h.ListOrganizationPermissions = func(_ context.Context, params organizations.ListOrganizationPermissionsParams) (*clerk.List[api.Permission], error) {
		return i.permissions.page(i.permissions.Snapshot(), params)
	}
	h.GetOrganizationPermission = func(_ context.Context, id string) (*api.Permission, error) {
		return read(i, func() (*api.Permission, error) { return i.permissions.existing(id) })
	}
	h.CreateOrganizationPermission = func(_ context.Context, params organizations.CreateOrganizationPermissionParams) (*api.Permission, error) {
		return write(i, func() (*api.Permission, error) {
			return i.permissions.create(i.now(), params, func(p *api.Permission) error {
				p.Type = customPermission
				return i.checkPermission(p)
			})
		})
	}
	h.UpdateOrganizationPermission = func(_ context.Context, id string, params organizations.UpdateOrganizationPermissionParams) (*api.Permission, error) {
		return write(i, func() (*api.Permission, error) {
			return i.permissions.change(id, i.now(), params, func(p *api.Permission) error {
				if err := modifiable(p); err != nil {
					return err
				}
				return i.checkPermission(p)
			})
		})
	}
	h.DeleteOrganizationPermission = i.deletePermission
}

// deletePermission also takes the permission from the roles that grant it.
func (i *Instance) deletePermission(_ context.Context, id string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		p, err := i.permissions.existing(id)
		if err == nil {
			err = modifiable(p)
		}
		if err != nil {
			return nil, err
		}
		for _, r := range i.roles.All() {
			if slices.Contains(r.Permissions, id) {
				changed := *r
				changed.Permissions = without(r.Permissions, id)
				i.roles.Put(&changed)
			}
		}
		return i.permissions.delete(id)
	})
}

func modifiable(p *api.Permission) error {
	if p.Type == systemPermission {
		return failure(http.StatusForbidden, "organization_system_permission_not_modifiable", "a system permission cannot be changed", "")
	}
	return nil
}

// without returns a list without a text.
func without(list []string, text string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(other string) bool { return other == text })
}
