package clerktest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/instance"
)

// SeedSettings are the settings of an instance in a seed. What a seed leaves out has the
// value of [DefaultSettings].
type SeedSettings struct {
	// TestMode allows test email addresses and phone numbers.
	TestMode bool `json:"test_mode"`
	// CheckLeakedPasswords refuses passwords that everybody knows.
	CheckLeakedPasswords bool `json:"hibp"`
	// RequireIdentifier refuses users who have neither an email address, a phone number, a
	// wallet nor a username, unless the request says skip_user_requirement.
	RequireIdentifier bool `json:"require_identifier"`
	// MinUsernameLength is the least number of characters of a username.
	MinUsernameLength int `json:"min_username_length"`
	// ProgressiveSignUp is only kept.
	ProgressiveSignUp bool   `json:"progressive_sign_up"`
	FromEmailAddress  string `json:"from_email_address"`
	SupportEmail      string `json:"support_email"`
	ClerkJSVersion    string `json:"clerk_js_version"`
	DevelopmentOrigin string `json:"development_origin"`
	// AllowedOrigins are origins that are not web pages.
	AllowedOrigins         []string `json:"allowed_origins"`
	URLBasedSessionSyncing bool     `json:"url_based_session_syncing"`
	PreferredStrategy      string   `json:"preferred_sign_in_strategy_when_password_required"`

	Communication     api.InstanceCommunication    `json:"communication"`
	OAuthApplications api.OAuthApplicationSettings `json:"oauth_application_settings"`
	// Organizations and the initial role set agree: if a seed has only one of them, the other
	// follows it. A seed in which they differ is refused.
	Organizations api.OrganizationSettings `json:"organization_settings"`
	Protect       api.InstanceProtect      `json:"protect"`
	Restrictions  api.InstanceRestrictions `json:"restrictions"`
}

// DefaultSettings returns the settings of a new instance.
func DefaultSettings() SeedSettings {
	s := SeedSettings{
		TestMode: true, CheckLeakedPasswords: true, RequireIdentifier: true, MinUsernameLength: 4,
		FromEmailAddress: "noreply", ClerkJSVersion: "5", AllowedOrigins: []string{}, URLBasedSessionSyncing: true,
		Communication:     api.InstanceCommunication{Object: "instance_communication"},
		OAuthApplications: api.OAuthApplicationSettings{Object: "oauth_application_settings"},
		Organizations: api.OrganizationSettings{
			Object: "organization_settings", Enabled: true, MaxAllowedMemberships: 5, MaxAllowedRoles: 10,
			MaxRoleSetsAllowed: new(10), MaxAllowedDomains: 10, CreatorRole: "org:admin", AdminDeleteEnabled: true,
			DomainsEnabled: true, SlugDisabled: new(false), DomainsDefaultRole: "org:member",
			DomainsEnrollmentModes: []api.EnrollmentMode{"manual_invitation", "automatic_invitation", "automatic_suggestion"},
			InitialRoleSetKey:      new("role_set:default"),
		},
		Protect:      api.InstanceProtect{Object: "instance_protect"},
		Restrictions: api.InstanceRestrictions{Object: "instance_restrictions"},
	}
	resource.Complete(&s)
	return s
}

// settings are the stored settings, the only resource of their table.
type settings struct {
	ID string `json:"id"`
	SeedSettings
}

const settingsID = "settings"

type settingsTables struct {
	settingsKind kind[settings]
}

func (t *tables) addSettings() {
	t.settingsKind = addKind(t, "settings", kind[settings]{noun: "settings"}, func(s *settings) string { return s.ID })
}

// settings returns the settings in the course of a read or of a write.
func (i *Instance) settings() SeedSettings { return i.settingsKind.Get(settingsID).SeedSettings }

// loadSettings stores the settings of a seed in place of others. A seed that was parsed
// leaves those alone that it does not name.
func (i *Instance) loadSettings(seed Seed, others SeedSettings) error {
	s, err := seed.settingsOver(others)
	s.FromEmailAddress = cmp.Or(s.FromEmailAddress, DefaultSettings().FromEmailAddress)
	if err == nil {
		err = i.putSettings(s)
	}
	if err != nil {
		return fmt.Errorf("settings: %s", reasonOf(err))
	}
	return nil
}

// settingsOver returns others with the settings of a seed.
func (s *Seed) settingsOver(others SeedSettings) (SeedSettings, error) {
	if s.Settings == nil {
		return others, nil
	}
	if !s.settingsParsed() {
		return *s.Settings, nil
	}
	return others.with(s.named)
}

// settingsParsed reports whether the settings were parsed, and not made or changed in Go.
func (s *Seed) settingsParsed() bool {
	parsed, err := DefaultSettings().with(s.named)
	return err == nil && reflect.DeepEqual(parsed, *s.Settings)
}

// with returns a copy of the settings with those that a JSON text names.
func (s SeedSettings) with(text json.RawMessage) (SeedSettings, error) {
	own, err := json.Marshal(s) // the decoder would write into the lists of s
	if err == nil {
		s = SeedSettings{}
		err = errors.Join(json.Unmarshal(own, &s), json.Unmarshal(text, &s))
	}
	return s, err
}

// putSettings stores settings, unless the API would not show them.
func (i *Instance) putSettings(s SeedSettings) error {
	s.complete()
	if err := s.check(); err != nil {
		return err
	}
	for _, part := range []struct {
		component string
		settings  any
	}{
		{"InstanceCommunication", s.Communication},
		{"OAuthApplicationSettings", s.OAuthApplications},
		{"OrganizationSettings", s.Organizations},
	} {
		text, err := json.Marshal(part.settings)
		if err != nil {
			return err
		}
		if refusal := description.Check(description.Named(part.component), text); refusal != nil {
			return refusalError(refusal)
		}
	}
	i.settingsKind.Put(&settings{settingsID, s})
	return nil
}

// complete sets what settings always have.
func (s *SeedSettings) complete() {
	resource.Complete(s)
	standard := DefaultSettings()
	s.Communication.Object, s.OAuthApplications.Object = standard.Communication.Object, standard.OAuthApplications.Object
	s.Organizations.Object, s.Protect.Object, s.Restrictions.Object = standard.Organizations.Object, standard.Protect.Object, standard.Restrictions.Object
	s.Organizations.SlugDisabled = cmp.Or(s.Organizations.SlugDisabled, standard.Organizations.SlugDisabled)
	s.Organizations.MaxRoleSetsAllowed = cmp.Or(s.Organizations.MaxRoleSetsAllowed, standard.Organizations.MaxRoleSetsAllowed)
	s.Organizations.InitialRoleSetKey = cmp.Or(s.Organizations.InitialRoleSetKey, standard.Organizations.InitialRoleSetKey)
	s.Organizations.DomainsDefaultRole = cmp.Or(s.Organizations.DomainsDefaultRole, standard.Organizations.DomainsDefaultRole)
}

// changeSettings changes the settings and returns what show makes of them.
func changeSettings[R any](i *Instance, change func(s *SeedSettings) error, show func(s *SeedSettings) *R) (*R, error) {
	return write(i, func() (*R, error) {
		s := i.settings()
		if err := change(&s); err != nil {
			return nil, err
		}
		if err := i.putSettings(s); err != nil {
			return nil, err
		}
		s = i.settings()
		return show(&s), nil
	})
}

func readSettings[R any](i *Instance, show func(s *SeedSettings) *R) func(context.Context) (*R, error) {
	return func(context.Context) (*R, error) {
		return read(i, func() (*R, error) {
			s := i.settings()
			return show(&s), nil
		})
	}
}

// patched returns the handler of an operation that sets those members of a part of the
// settings that its parameters have.
func patched[P, R any](i *Instance, part func(s *SeedSettings) *R) func(context.Context, P) (*R, error) {
	return func(_ context.Context, params P) (*R, error) {
		return changeSettings(i, func(s *SeedSettings) error {
			resource.Copy(part(s), params)
			return nil
		}, part)
	}
}

func (i *Instance) setSettingsHandlers(h *Handlers) {
	communication := func(s *SeedSettings) *api.InstanceCommunication { return &s.Communication }
	oauth := func(s *SeedSettings) *api.OAuthApplicationSettings { return &s.OAuthApplications }
	protect := func(s *SeedSettings) *api.InstanceProtect { return &s.Protect }
	restrictions := func(s *SeedSettings) *api.InstanceRestrictions { return &s.Restrictions }

	h.GetInstance = i.getInstance
	h.UpdateInstance = i.updateInstance
	h.UpdateInstanceSettings = i.updateInstanceSettings
	h.GetInstanceCommunication = readSettings(i, communication)
	h.UpdateInstanceCommunication = patched[instance.UpdateInstanceCommunicationParams](i, communication)
	h.GetInstanceOAuthApplicationSettings = readSettings(i, oauth)
	h.UpdateInstanceOAuthApplicationSettings = patched[instance.UpdateInstanceOAuthApplicationSettingsParams](i, oauth)
	h.GetInstanceOrganizationSettings = readSettings(i, organizationSettings)
	h.UpdateInstanceOrganizationSettings = i.updateOrganizationSettings
	h.GetInstanceProtect = readSettings(i, protect)
	h.UpdateInstanceProtect = patched[instance.UpdateInstanceProtectParams](i, protect)
	h.UpdateInstanceRestrictions = patched[instance.UpdateInstanceRestrictionsParams](i, restrictions)
}

func (i *Instance) getInstance(context.Context) (*api.Instance, error) {
	return read(i, func() (*api.Instance, error) {
		shown := &api.Instance{Object: "instance", ID: i.id, EnvironmentType: clerk.Development, AllowedOrigins: i.settings().AllowedOrigins}
		if i.production {
			shown.EnvironmentType = clerk.Production
		}
		return shown, nil
	})
}

func (i *Instance) updateInstance(_ context.Context, params instance.UpdateInstanceParams) error {
	_, err := changeSettings(i, func(s *SeedSettings) error {
		resource.Copy(s, params)
		return nil
	}, func(s *SeedSettings) *SeedSettings { return s })
	return err
}

// updateInstanceSettings also sets the restriction to the allow-list, which has an
// operation of its own since.
func (i *Instance) updateInstanceSettings(_ context.Context, params instance.UpdateInstanceSettingsParams) (*api.InstanceSettings, error) {
	return changeSettings(i, func(s *SeedSettings) error {
		resource.Copy(s, params)
		assign(&s.Restrictions.Allowlist, params.RestrictedToAllowlist)
		return nil
	}, func(s *SeedSettings) *api.InstanceSettings {
		return &api.InstanceSettings{
			Object: "instance_settings", ID: i.id, RestrictedToAllowlist: s.Restrictions.Allowlist,
			FromEmailAddress: s.FromEmailAddress, ProgressiveSignUp: s.ProgressiveSignUp,
		}
	})
}

// check returns an error for settings that a request cannot make either.
func (s *SeedSettings) check() error {
	strategies := []string{"", string(instance.SignInStrategyPassword), string(instance.SignInStrategyOTP)}
	switch {
	case !slices.Contains(strategies, s.PreferredStrategy):
		return invalid("form_param_value_invalid", "preferred_sign_in_strategy_when_password_required", "must be password or otp")
	case !keyBodyPattern.MatchString(s.FromEmailAddress):
		return invalid("form_param_format_invalid", "from_email_address", "is the part before the @, in letters and digits")
	case s.MinUsernameLength < 0:
		return invalid("form_param_value_invalid", "min_username_length", "must not be negative")
	case s.Organizations.MaxAllowedMemberships < 0:
		return invalid("form_param_value_invalid", "max_allowed_memberships", "must not be negative")
	}
	if s.SupportEmail != "" {
		if err := checkEmail("support_email", s.SupportEmail); err != nil {
			return err
		}
	}
	return checkCountries(s.Communication.BlockedCountryCodes)
}

func checkCountries(codes []string) error {
	seen := map[string]bool{}
	for _, code := range codes {
		if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' || seen[code] {
			return invalid("form_param_value_invalid", "blocked_country_codes", "must be codes of two capital letters, each once")
		}
		seen[code] = true
	}
	return nil
}

// settingsSchema returns the schema of the settings in a seed file.
func settingsSchema() description.Member {
	truths := membersOf(seedTruth, "test_mode", "hibp", "require_identifier", "progressive_sign_up", "url_based_session_syncing")
	texts := membersOf(seedText, "from_email_address", "support_email", "clerk_js_version", "development_origin", "preferred_sign_in_strategy_when_password_required")
	members := slices.Concat(truths, texts, membersOf(seedTexts, "allowed_origins"), membersOf(seedNumber, "min_username_length"))
	for name, component := range map[string]string{
		"communication": "InstanceCommunication", "oauth_application_settings": "OAuthApplicationSettings",
		"organization_settings": "OrganizationSettings", "protect": "InstanceProtect", "restrictions": "InstanceRestrictions",
	} {
		members = append(members, description.Member{Name: name, Schema: description.Named(component)})
	}
	return description.Member{Name: "settings", Schema: objectSchema(members...)}
}
