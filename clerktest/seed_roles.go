package clerktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// settleRoles lets the settings and the role sets agree once a seed is planted, as they do
// in the API: one set is the initial one, which the settings name with its creator role. A
// seed that contradicts itself is refused.
func (i *Instance) settleRoles(seed *Seed, before *SeedSettings) error {
	var initial string
	for n, s := range seed.RoleSets {
		switch {
		case s.Type != api.RoleSetTypeInitial:
		case initial != "":
			return fmt.Errorf("role_sets[%d].type: %s is initial already", n, initial)
		default:
			initial = s.Key
		}
	}
	set, err := i.initialRoleSet()
	if err != nil {
		return errors.New("role_sets: none has the type initial")
	}
	own := func(s SeedRoleSet) bool { return s.Key == set.Key }
	key, creator, err := seed.roleSettings(before)
	switch {
	case err != nil:
		return err
	case key != "" && key != set.Key:
		return fmt.Errorf("settings: initial_role_set_key is %s, but the role set with the type initial is %s", key, set.Key)
	case creator == "" || creator == set.CreatorRole:
	case slices.ContainsFunc(seed.RoleSets, own):
		return fmt.Errorf("settings: creator_role is %s, but creator_role_key of %s is %s", creator, set.Key, set.CreatorRole)
	default:
		if set, err = i.changeCreatorRole(set.ID, creator, set.UpdatedAt.Time()); err != nil {
			return fmt.Errorf("settings: creator_role: %s", reasonOf(err))
		}
	}
	if _, err := i.roleWithKey("domains_default_role", i.settings().Organizations.DomainsDefaultRole); err != nil {
		return fmt.Errorf("settings: domains_default_role: %s", reasonOf(err))
	}
	i.makeInitial(set)
	return nil
}

// roleSettings returns the initial role set and the role of creators that a seed's settings
// name. Settings that were made in Go name what they change.
func (s *Seed) roleSettings(before *SeedSettings) (set, creator string, err error) {
	if s.Settings == nil {
		return "", "", nil
	}
	var named struct {
		Organizations struct {
			CreatorRole       string `json:"creator_role"`
			InitialRoleSetKey string `json:"initial_role_set_key"`
		} `json:"organization_settings"`
	}
	if s.settingsParsed() {
		err := json.Unmarshal(s.named, &named)
		return named.Organizations.InitialRoleSetKey, named.Organizations.CreatorRole, err
	}
	if o := s.Settings.Organizations; o.CreatorRole != before.Organizations.CreatorRole {
		creator = o.CreatorRole
	}
	if key := clerk.Value(s.Settings.Organizations.InitialRoleSetKey); key != clerk.Value(before.Organizations.InitialRoleSetKey) {
		set = key
	}
	return set, creator, nil
}
