package clerktest_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// TestSeedsKeepWhatIsZero makes null, false, 0 and "" of what a seed fills in, and checks
// that the export of the instance, and its Seed in Go, lead to the same content.
func TestSeedsKeepWhatIsZero(t *testing.T) {
	t.Parallel()
	for name, requests := range map[string][]string{
		"an address that is not verified": {`POST /email_addresses {"user_id": "user_1", "email_address": "two@example.com", "verified": false}`},
		"a number that is not verified":   {`POST /phone_numbers {"user_id": "user_1", "phone_number": "+15555550177", "verified": false}`},
		"two holders of an address": {
			`POST /email_addresses {"user_id": "user_1", "email_address": "both@example.com", "verified": false}`,
			`POST /email_addresses {"user_id": "user_9", "email_address": "both@example.com", "verified": true}`,
		},
		"no primary address":              {`PATCH /users/user_1 {"primary_email_address_id": null}`},
		"no limit of members":             {`PATCH /organizations/org_1 {"max_allowed_memberships": 0}`},
		"no limit in the settings":        {`PATCH /instance/organization_settings {"max_allowed_memberships": 0}`},
		"a setting that is null":          {`PATCH /instance/organization_settings {"slug_disabled": null}`},
		"a user of 1970":                  {`POST /users {"username": "ancient", "created_at": "1970-01-01T00:00:00Z"}`},
		"a role set without an old role":  {"POST /organizations/org_1/invitations/orginv_1/revoke {}", `PATCH /organizations/org_1 {"role_set_key": "role_set:default"}`},
		"a user who may do nothing":       {`PATCH /users/user_1 {"delete_self_enabled": false, "create_organization_enabled": false}`},
		"an application without scopes":   {`PATCH /oauth_applications/oa_1 {"scopes": ""}`},
		"a template without a clock skew": {`PATCH /jwt_templates/jtmp_1 {"name": "n", "claims": {}, "allowed_clock_skew": 0}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			instance := startPopulated(t)
			for _, request := range requests {
				line := strings.SplitN(request, " ", 3)
				if got := send(t, instance, line[0], line[1], line[2]); got.status != http.StatusOK {
					t.Fatalf("%s: %d %s", request, got.status, got.body)
				}
			}
			want := dump(t, instance)
			if diff := cmp.Diff(want, dump(t, startSeeded(t, want))); diff != "" {
				t.Errorf("the seed of an export differs (-first +second):\n%s", diff)
			}
			if diff := cmp.Diff(want, dump(t, clerktest.New(t, clerktest.WithSeed(instance.Seed())))); diff != "" {
				t.Errorf("the seed of a Seed differs (-first +second):\n%s", diff)
			}
		})
	}
}

// TestASeedSaysWhatIsNull checks a file that says of members that they are nothing, and what
// Go cannot say.
func TestASeedSaysWhatIsNull(t *testing.T) {
	t.Parallel()
	seed := parseSeed(t, `{
		"users": [
			{"id": "user_1", "email_addresses": [{"email_address": "a@example.com", "verification": null}, {"email_address": "b@example.com"}]},
			{"id": "user_2", "primary_email_address_id": null, "created_at": 0, "email_addresses": [{"id": "", "email_address": "a@example.com"}]},
			{"id": "user_3", "email_addresses": [{"email_address": "c@example.com", "verification": {"status": "unverified"}}],
				"phone_numbers": [{"phone_number": "+15555550100", "verification": {"status": "failed"}}, {"phone_number": "+15555550101", "verification": {}}],
				"web3_wallets": [{"web3_wallet": "0x0123456789abcdef0123456789abcdef01234567", "verification": {"status": "unverified"}}],
				"external_accounts": [{"provider": "google", "provider_user_id": "1", "verification": {"status": "failed"}}]}
		],
		"organizations": [{"id": "org_1", "name": "One", "max_allowed_memberships": -0}],
		"organization_memberships": [{"organization_id": "org_1", "user_id": "user_1", "created_at": 0}, {"organization_id": "org_1", "user_id": "user_2"}],
		"enterprise_connections": [{"id": "entconn_1", "name": "One", "provider": "saml_custom", "domains": ["one.example"], "saml_connection": {"login_hint": {}}}],
		"statements": [{"id": "stmt_1", "groups": [{"object": "commerce_statement_group"}]}]
	}`)
	seed.Users = append(seed.Users, api.User{ID: "user_4", EmailAddresses: []api.EmailAddress{{EmailAddress: "d@example.com"}}})
	i := clerktest.New(t, clerktest.WithSeed(seed))
	statuses := func(u *api.User) (list []string) {
		show := func(v *api.Verification) {
			if v == nil {
				list = append(list, "null")
				return
			}
			list = append(list, string(v.Status)+" "+v.Strategy)
		}
		for _, e := range u.EmailAddresses {
			show(e.Verification)
		}
		for _, p := range u.PhoneNumbers {
			show(p.Verification)
		}
		for _, w := range u.Web3Wallets {
			show(w.Verification)
		}
		for _, a := range u.ExternalAccounts {
			show(a.Verification)
		}
		return list
	}
	for id, want := range map[string][]string{
		"user_1": {"null", "verified admin"},
		"user_2": {"verified admin"},
		"user_3": {"unverified email_code", "failed phone_code", "verified admin", "unverified web3_metamask_signature", "failed oauth_google"},
		"user_4": {"verified admin"},
	} {
		if diff := cmp.Diff(want, statuses(i.User(id))); diff != "" {
			t.Errorf("the verifications of %s (-want +got):\n%s", id, diff)
		}
	}
	if i.User("user_2").EmailAddresses[0].ID == "" {
		t.Error("an email address has no ID")
	}
	if u := i.User("user_2"); u.PrimaryEmailAddressID != nil || u.CreatedAt != 0 {
		t.Errorf("user_2 has a primary address or a beginning: %+v", u)
	}
	if u := i.User("user_4"); u.PrimaryEmail() == nil || u.CreatedAt == 0 {
		t.Errorf("user_4, added in Go, is not filled in: %+v", u)
	}
	if o := i.Seed().Organizations[0]; o.MaxAllowedMemberships != 0 {
		t.Errorf("the limit of members is %d", o.MaxAllowedMemberships)
	}
	if c := i.Seed().EnterpriseConnections[0].SAMLConnection; c.LoginHint.Mode != api.SAMLLoginHintModeEmailAddress {
		t.Errorf("the login hint is %+v", c.LoginHint)
	}
	if i.Seed().Statements[0].Groups[0].Items == nil || seed.Statements[0].Groups[0].Items != nil {
		t.Error("a list in a list is null, or was filled in for every instance with the seed")
	}
	if m := i.Seed().OrganizationMemberships; m[0].CreatedAt != 0 || m[1].CreatedAt == 0 {
		t.Errorf("the memberships, which have no id in the seed, began at %d and %d", m[0].CreatedAt, m[1].CreatedAt)
	}
}

// TestSeedsRefuseWhatTheAPIDoesNotShow checks members that a seed cannot leave out in part.
func TestSeedsRefuseWhatTheAPIDoesNotShow(t *testing.T) {
	t.Parallel()
	for seed, want := range map[string]string{
		`{"users": [{"id": "user_1", "email_addresses": [{"email_address": "a@example.com", "verification": {"status": "transferable"}}]}]}`:                                  "users[0].email_addresses[0].verification has a status",
		`{"users": [{"id": "user_1", "email_addresses": [{"email_address": "a@example.com", "verification": {"status": "unverified", "strategy": "admin"}}]}]}`:               "users[0].email_addresses[0].verification does not match",
		`{"users": [{"id": "user_1", "external_accounts": [{"provider": "google", "verification": {"strategy": "oauth_google", "status": "verified", "expire_at": null}}]}]}`: "users[0].external_accounts[0].verification does not match",
		`{"users": [{"id": "user_1", "enterprise_accounts": [{"verification": {"status": "verified"}}]}]}`:                                                                    "users[0].enterprise_accounts[0]",
		`{"settings": {"organization_settings": {"domains_enrollment_modes": ["automatic"]}}}`:                                                                                "settings.organization_settings.domains_enrollment_modes[0] must be one of",
		`{"settings": {"oauth_application_settings": {"default_scopes": ["email", "email"]}}}`:                                                                                "settings.oauth_application_settings.default_scopes",
		`{"settings": {"support_email": "nope"}}`:                                    "settings: support_email must be a valid email address",
		`{"settings": {"min_username_length": -5}}`:                                  "settings: min_username_length must not be negative",
		`{"settings": {"from_email_address": "a b@"}}`:                               "settings: from_email_address is the part before",
		`{"settings": {"preferred_sign_in_strategy_when_password_required": "zzz"}}`: "settings: preferred_sign_in_strategy_when_password_required must be",
		`{"settings": {"communication": {"blocked_country_codes": ["US", "US"]}}}`:   "settings: blocked_country_codes must be codes",
		`{"settings": {"organization_settings": {"max_allowed_memberships": -3}}}`:   "settings: max_allowed_memberships must not be negative",
		`{"users": [{"id": "user_1", "email_addresses": [{"id": "idn_1", "email_address": "a@example.com"}, {"id": "idn_1", "email_address": "b@example.com"}]}]}`: "users[0].email_addresses[1] is the same as another, or has its id",
		`{"users": [{"id": "user_1", "email_addresses": [{"email_address": "a@example.com"}, {"id": "idn_1", "email_address": "A@example.com"}]}]}`:                "users[0].email_addresses[1].email_address is that of another of the email_addresses",
		`{"users": [{"id": "user_1", "email_addresses": [{"id": "zzz 1", "email_address": "a@example.com"}]}]}`:                                                    "users[0].email_addresses[0].id must be",
		`{"users": [{"id": "user_1", "passkeys": [{"name": "a"}, {"name": "a"}]}]}`:                                                                                "users[0].passkeys[1] is the same as another",
		`{"users": [{"id": "user_1", "x\ny": 1}]}`:                            `users[0]."x\ny" is unknown`,
		`{"organizations": [{"id": "org_1", "max_allowed_memberships": -1}]}`: "organizations[0].max_allowed_memberships must not be negative",
		`{"machines": [{"id": "mch_1", "default_token_ttl": 0}]}`:             "machines[0].default_token_ttl must be positive",
	} {
		if _, err := startFromText(t, seed); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", seed, err, want)
		}
	}
	if _, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey, Settings: &clerktest.SeedSettings{
		Organizations: api.OrganizationSettings{DomainsEnrollmentModes: []api.EnrollmentMode{"automatic"}},
	}}); err == nil || !strings.Contains(err.Error(), "settings: domains_enrollment_modes[0] must be one of") {
		t.Errorf("settings in Go: %v", err)
	}
}

// TestSeedsCanBeCompared compares seeds that differ in a field, and in what only their
// unexported ones know.
func TestSeedsCanBeCompared(t *testing.T) {
	t.Parallel()
	byFields := cmpopts.IgnoreUnexported(clerktest.Seed{})
	with, without, other := parseSeed(t, `{"users": [{"id": "user_1", "username": null}]}`), parseSeed(t, `{"users": [{"id": "user_1"}]}`), parseSeed(t, `{}`)
	if diff := cmp.Diff(with, without, byFields); diff != "" {
		t.Error(diff)
	}
	if cmp.Diff(with, other, byFields) == "" {
		t.Error("a seed without the user is the same")
	}
}

// startFromText returns an instance that is not started, or the error of its seed.
func startFromText(t *testing.T, text string) (*clerktest.Instance, error) {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(text))
	if err != nil {
		return nil, err
	}
	seed.SigningKey = signingKey
	return clerktest.NewInstance(seed)
}

// TestSettingsAreThoseTheAPIShows checks parameters that the description allows though the
// response could not show them.
func TestSettingsAreThoseTheAPIShows(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	before := dump(t, instance)
	for request, want := range map[string]string{
		`/instance/organization_settings {"domains_enrollment_modes": ["automatic"]}`: "form_param_value_invalid domains_enrollment_modes[0]",
		`/beta_features/instance_settings {"from_email_address": ""}`:                 "form_param_format_invalid from_email_address",
		`/instance/oauth_application_settings {"default_scopes": ["email", "email"]}`: "duplicate_list_items_not_allowed default_scopes",
	} {
		path, body, _ := strings.Cut(request, " ")
		got := send(t, instance, "PATCH", path, body)
		if got.status != http.StatusUnprocessableEntity || !strings.HasPrefix(strings.Join(got.problemLines(t), ","), want) {
			t.Errorf("%s: %d %s, want %s", request, got.status, got.body, want)
		}
	}
	if diff := cmp.Diff(before, dump(t, instance)); diff != "" {
		t.Errorf("a refused request changes the settings:\n%s", diff)
	}
}

// TestAPendingInvitationKeepsItsRoleSet checks that an organization cannot get a role set
// without the role in an invitation that may still be accepted.
func TestAPendingInvitationKeepsItsRoleSet(t *testing.T) {
	t.Parallel()
	got := send(t, startPopulated(t), "PATCH", "/organizations/org_1", `{"role_set_key": "role_set:default"}`)
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), "org:clerk, the role in a pending invitation") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// TestASeedThatIsNotJSONNamesItsPlace checks the error for a mistake in a file.
func TestASeedThatIsNotJSONNamesItsPlace(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "my-seed.json")
	for text, want := range map[string]string{
		"{\n\"users\": [,]\n}":    "line 2: not well-formed JSON in UTF-8: invalid character ','",
		`{"users": [{}], "x": 1}`: "x is unknown",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := clerktest.ReadSeed(path); err == nil || !strings.Contains(err.Error(), path+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestASeedThatWasEditedKeepsWhatIsZero edits a seed in Go, whose lists then have other places.
func TestASeedThatWasEditedKeepsWhatIsZero(t *testing.T) {
	t.Parallel()
	const text = `{"users": [{"id": "user_1", "email_addresses": [{"email_address": "a@example.com"}, {"email_address": "b@example.com", "verification": null}]}],
		"organizations": [{"id": "org_1"}], "organization_memberships": [{"organization_id": "org_1", "user_id": "user_1", "created_at": 0}]}`
	for name, tc := range map[string]struct {
		edit func(list []api.EmailAddress) []api.EmailAddress
		want string
	}{
		"reversed": {func(list []api.EmailAddress) []api.EmailAddress { return []api.EmailAddress{list[1], list[0]} }, "a"},
		"shorter":  {func(list []api.EmailAddress) []api.EmailAddress { return list[1:] }, ""},
		"longer": {func(list []api.EmailAddress) []api.EmailAddress {
			return append([]api.EmailAddress{{EmailAddress: "new@example.com"}}, list...)
		}, "new a"},
		"others": {func([]api.EmailAddress) []api.EmailAddress {
			return []api.EmailAddress{{EmailAddress: "x@example.com"}, {EmailAddress: "y@example.com"}}
		}, "x y"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parsed := parseSeed(t, text)
			for _, seed := range []clerktest.Seed{parsed, clerktest.New(t, clerktest.WithSeed(parsed)).Seed()} {
				seed.Users[0].EmailAddresses = tc.edit(seed.Users[0].EmailAddresses)
				seed.Users[0].PrimaryEmailAddressID = nil
				seed.OrganizationMemberships[0].Role = "org:admin"
				i := clerktest.New(t, clerktest.WithSeed(seed))
				var verified []string
				for _, e := range i.User("user_1").EmailAddresses {
					if e.Verification != nil {
						verified = append(verified, strings.TrimSuffix(e.EmailAddress, "@example.com"))
					}
				}
				if got := strings.Join(verified, " "); got != tc.want {
					t.Errorf("the verified addresses are %s, want %s", got, tc.want)
				}
				if m := i.Seed().OrganizationMemberships[0]; m.CreatedAt != 0 {
					t.Errorf("the membership began at %d", m.CreatedAt)
				}
			}
		})
	}
}

// TestAddedSettingsLeaveTheOthers adds a seed with one setting to an instance with others.
func TestAddedSettingsLeaveTheOthers(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	if got := send(t, i, "PATCH", "/instance/organization_settings", `{"max_allowed_memberships": 77, "domains_enrollment_modes": ["manual_invitation"]}`); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	before := *i.Seed().Settings
	add := parseSeed(t, `{"settings": {"test_mode": false, "organization_settings": {"slug_disabled": true, "domains_enrollment_modes": ["automatic_invitation"]}}}`)
	add.SigningKey = ""
	if err := i.AddSeed(add); err != nil {
		t.Fatal(err)
	}
	if modes := before.Organizations.DomainsEnrollmentModes; modes[0] != "manual_invitation" {
		t.Errorf("settings that were read before have changed: %v", modes)
	}
	want := before
	want.TestMode, want.Organizations.SlugDisabled = false, new(true)
	want.Organizations.DomainsEnrollmentModes = []api.EnrollmentMode{"automatic_invitation"}
	if diff := cmp.Diff(want, *i.Seed().Settings); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	add.Settings.TestMode, add.Settings.MinUsernameLength = true, 9 // in Go, where all are named
	if err := i.AddSeed(add); err != nil {
		t.Fatal(err)
	}
	if got := *i.Seed().Settings; got.MinUsernameLength != 9 || got.Organizations.MaxAllowedMemberships != 5 {
		t.Errorf("settings in Go: %+v", got)
	}
	if err := i.SetSeed(clerktest.Seed{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(clerktest.DefaultSettings(), *i.Seed().Settings); diff != "" {
		t.Errorf("a seed without settings leaves some (-want +got):\n%s", diff)
	}
}
