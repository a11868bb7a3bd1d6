package emulator

import (
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/instance"
)

var _ = scenario("instance settings", func(t *testing.T, w *world) {
	ctx := t.Context()
	fit(t, must[*api.Instance](t)(instance.GetInstance(ctx, w.client)).ID == w.ID(), "the instance has another ID")
	if err := instance.UpdateInstance(ctx, w.client, instance.UpdateInstanceParams{AllowedOrigins: clerk.Set([]string{"capacitor://localhost"}), SupportEmail: clerk.Set("help@example.com")}); err != nil {
		t.Fatal(err)
	}
	origins := must[*api.Instance](t)(instance.GetInstance(ctx, w.client)).AllowedOrigins
	fit(t, len(origins) == 1 && origins[0] == "capacitor://localhost", "the origins are %v", origins)

	beta := must[*api.InstanceSettings](t)(instance.UpdateInstanceSettings(ctx, w.client, instance.UpdateInstanceSettingsParams{RestrictedToAllowlist: clerk.Set(true), FromEmailAddress: clerk.Set("hello")}))
	fit(t, beta.RestrictedToAllowlist && beta.FromEmailAddress == "hello", "the settings are %+v", beta)
	restrictions := must[*api.InstanceRestrictions](t)(instance.UpdateInstanceRestrictions(ctx, w.client, instance.UpdateInstanceRestrictionsParams{Blocklist: clerk.Set(true)}))
	fit(t, restrictions.Allowlist && restrictions.Blocklist, "the restrictions are %+v", restrictions)

	must[*api.InstanceCommunication](t)(instance.UpdateInstanceCommunication(ctx, w.client, instance.UpdateInstanceCommunicationParams{BlockedCountryCodes: clerk.Set([]string{"AQ"})}))
	fit(t, len(must[*api.InstanceCommunication](t)(instance.GetInstanceCommunication(ctx, w.client)).BlockedCountryCodes) == 1, "the countries are not kept")
	_, err := instance.UpdateInstanceCommunication(ctx, w.client, instance.UpdateInstanceCommunicationParams{BlockedCountryCodes: clerk.Set([]string{"aq"})})
	refused(t, err, 422, "form_param_format_invalid")

	must[*api.OAuthApplicationSettings](t)(instance.UpdateInstanceOAuthApplicationSettings(ctx, w.client, instance.UpdateInstanceOAuthApplicationSettingsParams{OAuthJWTAccessTokens: clerk.Set(true), DefaultScopes: clerk.Null[[]string]()}))
	fit(t, must[*api.OAuthApplicationSettings](t)(instance.GetInstanceOAuthApplicationSettings(ctx, w.client)).OAuthJWTAccessTokens, "the setting is not kept")
	must[*api.InstanceProtect](t)(instance.UpdateInstanceProtect(ctx, w.client, instance.UpdateInstanceProtectParams{RulesEnabled: clerk.Set(true)}))
	fit(t, must[*api.InstanceProtect](t)(instance.GetInstanceProtect(ctx, w.client)).RulesEnabled, "the setting is not kept")
	must[*api.JWKS](t)(instance.GetJWKS(ctx, w.client))
	must[*clerk.HTML](t)(instance.GetPublicInterstitial(ctx, w.client, instance.GetPublicInterstitialParams{}))
})

var _ = scenario("domains", func(t *testing.T, w *world) {
	ctx := t.Context()
	made := must[*api.Domain](t)(instance.CreateDomain(ctx, w.client, instance.CreateDomainParams{Name: "shop.example"}))
	_, err := instance.CreateDomain(ctx, w.client, instance.CreateDomainParams{Name: "shop.example"})
	refused(t, err, 422, "form_identifier_exists")
	changed := must[*api.Domain](t)(instance.UpdateDomain(ctx, w.client, made.ID, instance.UpdateDomainParams{Name: clerk.Set("store.example")}))
	fit(t, changed.Name == "store.example" && changed.FrontendAPIURL == "https://clerk.store.example", "the domain is %+v", changed)
	list, err := instance.ListDomains(ctx, w.client)
	fit(t, err == nil && len(list.Data) == 2, "the domains are %v, %v", list, err)
	primary := list.Data[0]
	_, err = instance.DeleteDomain(ctx, w.client, primary.ID)
	refused(t, err, 403, "operation_not_allowed_on_primary_domain")
	check := must[*api.ProxyCheck](t)(instance.VerifyDomainProxy(ctx, w.client, instance.VerifyDomainProxyParams{DomainID: clerk.Set(made.ID), ProxyURL: clerk.Set("")}))
	fit(t, !check.Successful, "a proxy without a URL works")
	must[*api.DeletedObject](t)(instance.DeleteDomain(ctx, w.client, made.ID))
	_, err = instance.VerifyDomainProxy(ctx, w.client, instance.VerifyDomainProxyParams{DomainID: clerk.Set(made.ID)})
	refused(t, err, 404, "resource_not_found")
	refused(t, instance.ChangeProductionInstanceDomain(ctx, w.client, instance.ChangeProductionInstanceDomainParams{HomeURL: clerk.Set("https://a.example")}), 400, "domain_update_forbidden")

	live := w.another(t, clerktest.WithSeed(clerktest.Seed{Production: true}))
	primary = must[*clerk.List[api.Domain]](t)(instance.ListDomains(ctx, live.client)).Data[0]
	check = must[*api.ProxyCheck](t)(instance.VerifyDomainProxy(ctx, live.client, instance.VerifyDomainProxyParams{DomainID: clerk.Set(primary.ID), ProxyURL: clerk.Set("https://" + primary.Name + "/__clerk")}))
	fit(t, check.Successful, "the proxy under the domain does not work")
	for _, move := range []func(string) error{
		func(to string) error {
			return instance.ChangeProductionInstanceDomain(ctx, live.client, instance.ChangeProductionInstanceDomainParams{HomeURL: clerk.Set(to)})
		},
		func(to string) error {
			//lint:ignore SA1019 the operation is there
			return instance.UpdateProductionInstanceDomain(ctx, live.client, instance.UpdateProductionInstanceDomainParams{HomeURL: clerk.Set(to)})
		},
	} {
		if err := move("https://www.moved.example"); err != nil {
			t.Error(err)
		}
	}
	fit(t, must[*clerk.List[api.Domain]](t)(instance.ListDomains(ctx, live.client)).Data[0].Name == "moved.example", "the instance has not moved")
})

var _ = scenario("message templates", func(t *testing.T, w *world) {
	ctx := t.Context()
	//lint:ignore SA1019 the operations are there
	list, get, upsert, revert, preview, toggle := instance.ListTemplates, instance.GetTemplate, instance.UpsertTemplate, instance.RevertTemplate, instance.PreviewTemplate, instance.ToggleTemplateDelivery
	all, err := list(ctx, w.client, "email", instance.ListTemplatesParams{Limit: clerk.Set(500)})
	fit(t, err == nil && len(all.Data) > 10, "the templates are %v, %v", all, err)
	_, err = list(ctx, w.client, "fax", instance.ListTemplatesParams{})
	refused(t, err, 400, "template_type_unsupported")
	_, err = get(ctx, w.client, "sms", "nothing")
	refused(t, err, 404, "resource_not_found")
	_, err = upsert(ctx, w.client, "sms", "invitation", instance.UpsertTemplateParams{Body: clerk.Set("Come!")})
	refused(t, err, 422, "required_variable_missing")
	changed := must[*api.Template](t)(upsert(ctx, w.client, "sms", "invitation", instance.UpsertTemplateParams{Body: clerk.Set("Come to {{action_url}}!")}))
	fit(t, must[*api.Template](t)(get(ctx, w.client, "sms", "invitation")).Body == changed.Body && changed.CanRevert, "the template is %+v", changed)
	fit(t, !must[*api.Template](t)(toggle(ctx, w.client, "sms", "invitation", instance.ToggleTemplateDeliveryParams{DeliveredByClerk: clerk.Set(false)})).DeliveredByClerk, "the delivery is not switched off")
	shown := must[*api.TemplatePreview](t)(preview(ctx, w.client, "email", "invitation", instance.PreviewTemplateParams{Subject: clerk.Set("Hello")}))
	fit(t, strings.Contains(shown.String(), `"Hello"`), "the preview is %s", shown)
	fit(t, must[*api.Template](t)(revert(ctx, w.client, "sms", "invitation")).Body != changed.Body, "the template is not reverted")
})

var _ = scenario("Svix", func(t *testing.T, w *world) {
	ctx := t.Context()
	_, err := instance.GenerateSvixAuthURL(ctx, w.client)
	refused(t, err, 400, "svix_app_missing")
	refused(t, instance.DeleteSvixApp(ctx, w.client), 400, "svix_app_missing")
	made := must[*api.SvixURL](t)(instance.CreateSvixApp(ctx, w.client))
	fit(t, must[*api.SvixURL](t)(instance.GenerateSvixAuthURL(ctx, w.client)).URL == made.URL, "the URL is another")
	if err := instance.DeleteSvixApp(ctx, w.client); err != nil {
		t.Error(err)
	}
})
