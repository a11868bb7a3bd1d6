package clerktest_test

import (
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

var _ = rightly(map[string]rightRequest{
	"UpdateInstance":                         {body: map[string]any{"allowed_origins": []any{"capacitor://localhost"}}},
	"UpdateInstanceSettings":                 {body: map[string]any{"from_email_address": "hello"}},
	"UpdateInstanceCommunication":            {body: map[string]any{"blocked_country_codes": []any{"AQ"}}},
	"UpdateInstanceOAuthApplicationSettings": {body: map[string]any{"oauth_jwt_access_tokens": true}},
	"UpdateInstanceProtect":                  {body: map[string]any{"rules_enabled": true}},
	"UpdateInstanceRestrictions":             {body: map[string]any{"allowlist": true}},
	"CreateDomain":                           {body: map[string]any{"name": "new.example", "is_satellite": true}},
	"UpdateDomain":                           {ids: []string{"dmn_1"}, body: map[string]any{"name": "other.example"}},
	"DeleteDomain":                           {ids: []string{"dmn_1"}},
	"VerifyDomainProxy":                      {body: map[string]any{"domain_id": "dmn_1"}},
	"ListTemplates":                          {ids: []string{"email"}},
	"GetTemplate":                            {ids: []string{"email", "invitation"}},
	"UpsertTemplate":                         {ids: []string{"sms", "invitation"}, body: map[string]any{"body": "come {{action_url}}"}},
	"RevertTemplate":                         {ids: []string{"email", "invitation"}},
	"PreviewTemplate":                        {ids: []string{"email", "invitation"}, body: map[string]any{"subject": "Hello"}},
	"ToggleTemplateDelivery":                 {ids: []string{"email", "invitation"}, body: map[string]any{"delivered_by_clerk": false}},
	"CreateSvixApp":                          {seed: func(s *clerktest.Seed) { s.SvixApp = "" }},
	"ChangeProductionInstanceDomain":         {body: map[string]any{"home_url": "https://www.other.example"}, seed: inProduction},
	"UpdateProductionInstanceDomain":         {body: map[string]any{"home_url": "https://www.other.example"}, seed: inProduction},
})

var _ = populate(map[string]string{
	"domains":  `[{"id": "dmn_1", "name": "shop.example", "is_satellite": true}]`,
	"svix_app": `"app_1"`,
})

func inProduction(s *clerktest.Seed) { s.Production = true }

func TestSettingsOfASeed(t *testing.T) {
	t.Parallel()
	seed := parseSeed(t, `{"settings": {"test_mode": false, "restrictions": {"allowlist": true}}}`)
	if s := seed.Settings; s.TestMode || !s.CheckLeakedPasswords || !s.Restrictions.Allowlist || s.Organizations.MaxAllowedRoles != 10 {
		t.Errorf("the settings are %+v", s)
	}
	instance := startInstance(t, clerktest.WithSeed(seed))
	got := send(t, instance, "PATCH", "/instance/restrictions", `{"blocklist":true}`)
	if !strings.Contains(string(got.body), `"allowlist":true,"blocklist":true`) {
		t.Errorf("the restrictions are %s", got.body)
	}
	if _, err := clerktest.ParseSeed([]byte(`{"settings": {"test_mod": true}}`)); err == nil {
		t.Error("an unknown setting is accepted")
	}
}

func TestDomainsOfAProductionInstance(t *testing.T) {
	t.Parallel()
	instance := startSeeded(t, `{"production": true, "users": [{"id": "user_1"}], "sessions": [{"id": "sess_1", "user_id": "user_1"}]}`)
	for _, c := range []struct{ method, path, body, want string }{
		{"GET", "/domains", "", `"name":"emulator-`},
		{"POST", "/domains", `{"name":"shop.example","is_satellite":true}`, `"host":"clerk.shop.example"`},
		{"POST", "/domains", `{"name":"Shop.example","is_satellite":true}`, "form_identifier_exists"},
		{"POST", "/domains", `{"name":"https://a.example","is_satellite":true}`, "form_param_format_invalid"},
		{"POST", "/instance/change_domain", `{"home_url":"nowhere"}`, "form_param_format_invalid"},
		{"GET", "/sessions/sess_1", "", `"active"`},
		{"POST", "/instance/change_domain", `{"home_url":"https://www.moved.example"}`, ""},
		{"GET", "/domains", "", `"name":"moved.example"`},
		{"GET", "/sessions/sess_1", "", `"revoked"`},
	} {
		if got := send(t, instance, c.method, c.path, c.body); !strings.Contains(string(got.body), c.want) {
			t.Errorf("%s %s %s = %d %s, want %s", c.method, c.path, c.body, got.status, got.body, c.want)
		}
	}
}
