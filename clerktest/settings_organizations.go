package clerktest

import (
	"context"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/instance"
)

func organizationSettings(s *SeedSettings) *api.OrganizationSettings { return &s.Organizations }

// updateOrganizationSettings sets those of the settings that the parameters have, which
// name roles by ID. The initial role set follows the role of creators.
func (i *Instance) updateOrganizationSettings(_ context.Context, params instance.UpdateInstanceOrganizationSettingsParams) (*api.OrganizationSettings, error) {
	return changeSettings(i, func(s *SeedSettings) error {
		o := &s.Organizations
		resource.Copy(o, params)
		domains, err := i.roleNamed(params.DomainsDefaultRoleID, o.DomainsDefaultRole)
		if err != nil {
			return err
		}
		creator, err := i.roleNamed(params.CreatorRoleID, o.CreatorRole)
		if err != nil {
			return err
		}
		o.DomainsDefaultRole = domains
		if creator == o.CreatorRole {
			return nil
		}
		o.CreatorRole = creator
		set, err := i.initialRoleSet()
		if err != nil {
			return err
		}
		_, err = i.changeCreatorRole(set.ID, creator, i.now())
		return err
	}, organizationSettings)
}

// changeCreatorRole sets the role of creators of a role set, to which it is added.
func (i *Instance) changeCreatorRole(setID, role string, now time.Time) (*SeedRoleSet, error) {
	return i.roleSets.change(setID, now, nil, func(s *SeedRoleSet) error {
		if s.CreatorRole = role; !slices.Contains(s.Roles, role) {
			s.Roles = append(slices.Clone(s.Roles), role)
		}
		return i.checkRoleSet(s)
	})
}

// roleNamed returns the key of the role with an ID, or the given key without one.
func (i *Instance) roleNamed(id clerk.Optional[string], key string) (string, error) {
	named, ok := id.Get()
	if !ok {
		return key, nil
	}
	r, err := i.roles.existing(named)
	if err != nil {
		return "", err
	}
	return r.Key, nil
}
