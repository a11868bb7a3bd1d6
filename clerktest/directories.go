package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/enterprise"
)

type directoryTables struct {
	directories             kind[api.Directory]
	directoriesOfConnection *store.Index[api.Directory]
	groupMappings           kind[SeedGroupRoleMapping]
	groupMappingsOf         *store.Index[SeedGroupRoleMapping] // of a directory
}

func (t *tables) addDirectories() {
	addSeeded(t, "directories", &t.directories, kind[api.Directory]{
		noun: "directory", object: "directory", prefix: "scim", component: "Directory",
		seed: func(s *Seed) *[]api.Directory { return &s.Directories },
		complete: func(i *Instance, d *api.Directory) error {
			if i.enterpriseConnections.Get(clerk.Value(d.EnterpriseConnectionID)) == nil {
				return fmt.Errorf("enterprise_connection_id is not the id of an enterprise connection")
			}
			d.ID = cmp.Or(d.ID, derivedID("scim", *d.EnterpriseConnectionID, d.Name))
			d.APIKey = cmp.Or(d.APIKey, "ak_"+derivedID("scim", i.secretKey, d.ID))
			return i.completeDirectory(d)
		},
	}, func(d *api.Directory) string { return d.ID })
	t.directoriesOfConnection = t.directories.By(one(func(d *api.Directory) string { return clerk.Value(d.EnterpriseConnectionID) }))
	t.addGroupMappings()
}

// completeDirectory checks a directory and sets what follows from its other members.
func (i *Instance) completeDirectory(d *api.Directory) error {
	if strings.TrimSpace(d.Provider) == "" {
		return invalid("form_param_value_invalid", "provider", "must not be empty")
	}
	d.Name = cmp.Or(d.Name, d.Provider)
	d.EndpointURL = i.Issuer() + "/v1/scim/v2/" + d.ID
	if d.AttributeMapping == nil {
		d.AttributeMapping = map[string]string{}
	}
	return nil
}

// newDirectoryKey returns a key for provisioning.
func newDirectoryKey() string { return "ak_" + randomHex(20) }

// newDirectory is the parameters for a directory under either name.
type newDirectory struct {
	params     any
	connection string
	mappings   []groupRole
}

func (i *Instance) createDirectory(wanted newDirectory) (*api.Directory, error) {
	return write(i, func() (*api.Directory, error) {
		if i.enterpriseConnections.Get(wanted.connection) == nil {
			return nil, missingReference("enterprise connection", wanted.connection, "enterprise_connection_id")
		}
		d, err := i.directories.create(i.now(), wanted.params, func(d *api.Directory) error {
			d.Enabled, d.GroupRoleMappingEnabled = true, len(wanted.mappings) > 0
			d.APIKey = newDirectoryKey()
			return i.completeDirectory(d)
		})
		if err != nil {
			return nil, err
		}
		if err := i.mapGroups(d.ID, wanted.mappings); err != nil {
			return nil, err
		}
		return i.showDirectory(d, true), nil
	})
}

func (i *Instance) getDirectory(id string) (*api.Directory, error) {
	return read(i, func() (*api.Directory, error) {
		d, err := i.directories.existing(id)
		if err != nil {
			return nil, err
		}
		return i.showDirectory(d, false), nil
	})
}

func (i *Instance) listDirectories(params any) (*clerk.List[api.Directory], error) {
	return read(i, func() (*clerk.List[api.Directory], error) {
		page, err := i.directories.page(i.directories.All(), params)
		if err != nil {
			return nil, err
		}
		return mapped(page, func(d *api.Directory) *api.Directory { return i.showDirectory(d, false) }), nil
	})
}

// updateDirectory changes a directory. mapping is merged into its mapping of attributes.
func (i *Instance) updateDirectory(id string, params any, mapping clerk.Optional[map[string]*string]) (*api.Directory, error) {
	return write(i, func() (*api.Directory, error) {
		d, err := i.directories.change(id, i.now(), nil, func(d *api.Directory) error {
			resource.Copy(d, params, "attribute_mapping")
			merged := maps.Clone(d.AttributeMapping)
			for field, path := range mapping.Or(nil) {
				if path == nil {
					delete(merged, field)
				} else {
					merged[field] = *path
				}
			}
			d.AttributeMapping = merged
			return i.completeDirectory(d)
		})
		if err != nil {
			return nil, err
		}
		return i.showDirectory(d, false), nil
	})
}

func (i *Instance) rotateDirectoryKey(id string) (*api.Directory, error) {
	return write(i, func() (*api.Directory, error) {
		d, err := i.directories.change(id, i.now(), nil, func(d *api.Directory) error {
			d.APIKey = newDirectoryKey()
			return nil
		})
		if err != nil {
			return nil, err
		}
		return i.showDirectory(d, true), nil
	})
}

// showDirectory returns a directory with the attributes of its connection.
func (i *Instance) showDirectory(d *api.Directory, withKey bool) *api.Directory {
	shown := *d
	if !withKey {
		shown.APIKey = ""
	}
	shown.CustomAttributes = []api.DirectoryCustomAttribute{}
	if c := i.enterpriseConnections.Get(clerk.Value(d.EnterpriseConnectionID)); c != nil {
		for _, a := range c.CustomAttributes {
			shown.CustomAttributes = append(shown.CustomAttributes, api.DirectoryCustomAttribute{
				Name: &a.Name, Key: &a.Key, SSOPath: a.SSOPath, SCIMPath: a.SCIMPath, DirectoryPath: a.DirectoryPath, MultiValued: a.MultiValued,
			})
		}
	}
	return &shown
}

// dropDirectory deletes a directory with its mappings of groups.
func (i *Instance) dropDirectory(id string) {
	for _, m := range i.groupMappingsOf.All(id) {
		i.groupMappings.Remove(m.ID)
	}
	i.directories.Remove(id)
}

func (i *Instance) deleteDirectory(id, object string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		if _, err := i.directories.existing(id); err != nil {
			return nil, err
		}
		i.dropDirectory(id)
		return &api.DeletedObject{Object: object, ID: id, Deleted: true}, nil
	})
}

func (i *Instance) setDirectoryHandlers(h *Handlers) {
	h.ListDirectories = func(_ context.Context, params enterprise.ListDirectoriesParams) (*clerk.List[api.Directory], error) {
		return i.listDirectories(params)
	}
	h.CreateDirectory = func(_ context.Context, params enterprise.CreateDirectoryParams) (*api.Directory, error) {
		roles := make([]groupRole, 0, len(params.GroupRoleMappings.Or(nil)))
		for _, m := range params.GroupRoleMappings.Or(nil) {
			role, err := newGroupRole(m.DirectoryGroupID, m.SCIMGroupID, m.RoleID)
			if err != nil {
				return nil, err
			}
			role.precedence = m.Precedence.Or(0)
			role.name, err = eitherName(m.DirectoryGroupDisplayName.Or(""), m.SCIMGroupDisplayName.Or(""), "directory_group_display_name", "scim_group_display_name")
			if err != nil {
				return nil, err
			}
			roles = append(roles, role)
		}
		return i.createDirectory(newDirectory{params, params.EnterpriseConnectionID, roles})
	}
	h.GetDirectory = func(_ context.Context, id string) (*api.Directory, error) { return i.getDirectory(id) }
	h.UpdateDirectory = func(_ context.Context, id string, params enterprise.UpdateDirectoryParams) (*api.Directory, error) {
		return i.updateDirectory(id, params, params.AttributeMapping)
	}
	h.DeleteDirectory = func(_ context.Context, id string) (*api.DeletedObject, error) {
		return i.deleteDirectory(id, "directory")
	}
	h.RotateDirectoryAPIKey = func(_ context.Context, id string) (*api.Directory, error) { return i.rotateDirectoryKey(id) }
}
