//lint:file-ignore SA1019 what the API has deprecated is called, too

package emulator

import (
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/enterprise"
	"github.com/backend-sdk/clerk-go/organizations"
)

const idpMetadata = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example/entity">
	<IDPSSODescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/></IDPSSODescriptor>
</EntityDescriptor>`

var _ = scenario("enterprise connections", func(t *testing.T, w *world) {
	ctx := t.Context()
	create := func(params enterprise.CreateEnterpriseConnectionParams) (*enterprise.EnterpriseConnection, error) {
		return enterprise.CreateEnterpriseConnection(ctx, w.client, params)
	}
	org := must[*api.Organization](t)(organizations.CreateOrganization(ctx, w.client, organizations.CreateOrganizationParams{Name: "Acme"}))
	oidc := must[*enterprise.EnterpriseConnection](t)(create(enterprise.CreateEnterpriseConnectionParams{
		Name: "Acme", Provider: enterprise.ProviderOIDCCustom, Domains: []string{"Acme.example"}, OrganizationID: clerk.Set(org.ID), Active: clerk.Set(true),
		OIDC: clerk.Set(enterprise.OIDCParams{ClientID: clerk.Set("c1"), ClientSecret: clerk.Set("s1"), DiscoveryURL: clerk.Set("https://idp.example/.well-known/openid-configuration")}),
	}))
	fit(t, oidc.Domains[0] == "acme.example" && oidc.OAuthConfig != nil && oidc.OAuthConfig.ClientID == "c1" && oidc.SAMLConnection == nil, "the connection is %+v", oidc)
	_, err := create(enterprise.CreateEnterpriseConnectionParams{Name: "x", Provider: enterprise.ProviderOIDCCustom, Domains: []string{"ACME.example"}})
	refused(t, err, 409, "form_identifier_exists")
	_, err = create(enterprise.CreateEnterpriseConnectionParams{Name: "x", Provider: enterprise.ProviderOIDCCustom, Domains: []string{"x.example"}, OrganizationID: clerk.Set("org_" + strings.Repeat("0", 27))})
	refused(t, err, 404, "resource_not_found")
	_, err = create(enterprise.CreateEnterpriseConnectionParams{Name: "x", Provider: enterprise.ProviderSAMLOkta, Domains: []string{"x.example"}, Active: clerk.Set(true)})
	refused(t, err, 422, "saml_connection_cant_be_activated")

	got := must[*enterprise.EnterpriseConnection](t)(enterprise.GetEnterpriseConnection(ctx, w.client, oidc.ID))
	fit(t, got.Name == oidc.Name, "the connection is %+v", got)
	updated := must[*enterprise.EnterpriseConnection](t)(enterprise.UpdateEnterpriseConnection(ctx, w.client, oidc.ID, enterprise.UpdateEnterpriseConnectionParams{
		Name: clerk.Set("New"), Domains: clerk.Set([]string{}), OrganizationID: clerk.Null[string](), OIDC: clerk.Set(enterprise.OIDCParams{RequiresPKCE: clerk.Set(true)}),
		CustomAttributes: clerk.Set([]enterprise.CustomAttributeParams{{Name: "Team", Key: "team", SCIMPath: clerk.Set("team.name")}}),
	}))
	fit(t, updated.Name == "New" && len(updated.Domains) == 1 && clerk.Value(updated.OrganizationID) == org.ID && updated.OAuthConfig.ClientID == "c1" && updated.OAuthConfig.RequiresPKCE, "the connection is %+v", updated)
	fit(t, clerk.Value(updated.CustomAttributes[0].DirectoryPath) == "team.name", "the attributes are %+v", updated.CustomAttributes)
	list, err := enterprise.ListEnterpriseConnections(ctx, w.client, enterprise.ListEnterpriseConnectionsParams{OrganizationID: clerk.Set(org.ID), Active: clerk.Set(true)})
	fit(t, err == nil && len(list.Data) == 1, "the list is %v, %v", list, err)

	run := must[*enterprise.EnterpriseConnectionTestRunURL](t)(enterprise.CreateEnterpriseConnectionTestRun(ctx, w.client, oidc.ID))
	runs, err := enterprise.ListEnterpriseConnectionTestRuns(ctx, w.client, oidc.ID, enterprise.ListEnterpriseConnectionTestRunsParams{Status: []enterprise.TestRunStatus{enterprise.TestRunStatusPending}})
	fit(t, err == nil && len(runs.Data) == 1 && strings.HasSuffix(run.URL, runs.Data[0].ID) && runs.Data[0].ConnectionType == enterprise.TestRunConnectionTypeOAuth, "the runs are %v, %v", runs, err)
	_, err = enterprise.CreateEnterpriseConnectionTestRun(ctx, w.client, "entconn_none")
	refused(t, err, 404, "resource_not_found")

	must[*api.DeletedObject](t)(organizations.DeleteOrganization(ctx, w.client, org.ID))
	_, err = enterprise.GetEnterpriseConnection(ctx, w.client, oidc.ID)
	refused(t, err, 404, "resource_not_found")
	_, err = enterprise.DeleteEnterpriseConnection(ctx, w.client, oidc.ID)
	refused(t, err, 404, "resource_not_found")
})

var _ = scenario("SAML connections", func(t *testing.T, w *world) {
	ctx := t.Context()
	made := must[*enterprise.SAMLConnection](t)(enterprise.CreateSAMLConnection(ctx, w.client, enterprise.CreateSAMLConnectionParams{
		Name: "Acme", Provider: enterprise.ProviderSAMLCustom, Domain: clerk.Set("acme.example"),
		AttributeMapping: clerk.Set(enterprise.SAMLAttributeMappingParams{FirstName: clerk.Set("first")}),
	}))
	fit(t, !made.Active && made.AttributeMapping.FirstName == "first" && made.AttributeMapping.EmailAddress == "mail" && strings.Contains(made.ACSURL, made.ID), "the connection is %+v", made)
	update := func(params enterprise.UpdateSAMLConnectionParams) (*enterprise.SAMLConnection, error) {
		return enterprise.UpdateSAMLConnection(ctx, w.client, made.ID, params)
	}
	_, err := update(enterprise.UpdateSAMLConnectionParams{Active: clerk.Set(true)})
	refused(t, err, 422, "saml_connection_cant_be_activated")
	_, err = update(enterprise.UpdateSAMLConnectionParams{IDPCertificate: clerk.Set("nonsense")})
	refused(t, err, 422, "form_param_format_invalid")
	read := must[*enterprise.SAMLConnection](t)(update(enterprise.UpdateSAMLConnectionParams{IDPMetadata: clerk.Set(idpMetadata)}))
	fit(t, clerk.Value(read.IDPEntityID) == "https://idp.example/entity" && clerk.Value(read.IDPSSOURL) == "https://idp.example/sso", "the connection is %+v", read)

	org := must[*api.Organization](t)(organizations.CreateOrganization(ctx, w.client, organizations.CreateOrganizationParams{Name: "Acme"}))
	domain := must[*api.OrganizationDomain](t)(organizations.CreateOrganizationDomain(ctx, w.client, org.ID, organizations.CreateOrganizationDomainParams{
		Name: "acme.example", EnrollmentMode: clerk.Set(api.EnrollmentModeManualInvitation), Verified: clerk.Set(true),
	}))
	active := enterprise.UpdateSAMLConnectionParams{Active: clerk.Set(true), IDPMetadataURL: clerk.Set("https://idp.example/metadata")}
	_, err = update(active)
	refused(t, err, 422, "form_param_value_invalid")
	active.ConsentVerifiedDomainsDeletion = clerk.Set(true)
	activated := must[*enterprise.SAMLConnection](t)(update(active))
	fit(t, activated.Active, "the connection is not active")
	_, err = organizations.DeleteOrganizationDomain(ctx, w.client, org.ID, domain.ID)
	refused(t, err, 404, "resource_not_found")

	whole := must[*enterprise.EnterpriseConnection](t)(enterprise.GetEnterpriseConnection(ctx, w.client, clerk.Value(made.EnterpriseConnectionID)))
	fit(t, whole.Active && whole.SAMLConnection != nil && whole.SAMLConnection.ID == made.ID, "the enterprise connection is %+v", whole)
	must[*enterprise.EnterpriseConnection](t)(enterprise.UpdateEnterpriseConnection(ctx, w.client, whole.ID, enterprise.UpdateEnterpriseConnectionParams{
		SAML: clerk.Set(enterprise.UpdateSAMLParams{Name: clerk.Set("Okta"), ForceAuthn: clerk.Set(true)}),
	}))
	got := must[*enterprise.SAMLConnection](t)(enterprise.GetSAMLConnection(ctx, w.client, made.ID))
	fit(t, got.Name == "Okta" && got.ForceAuthn && clerk.Value(got.IDPMetadataURL) != "", "the connection is %+v", got)
	list, err := enterprise.ListSAMLConnections(ctx, w.client, enterprise.ListSAMLConnectionsParams{Query: clerk.Set("okt"), OrderBy: clerk.Set("-created_at")})
	fit(t, err == nil && len(list.Data) == 1, "the list is %v, %v", list, err)
	list, err = enterprise.ListSAMLConnections(ctx, w.client, enterprise.ListSAMLConnectionsParams{OrganizationID: []string{org.ID}})
	fit(t, err == nil && len(list.Data) == 0, "the list is %v, %v", list, err)
	must[*enterprise.DeletedObject](t)(enterprise.DeleteSAMLConnection(ctx, w.client, made.ID))
	_, err = enterprise.GetEnterpriseConnection(ctx, w.client, whole.ID)
	refused(t, err, 404, "resource_not_found")

	another := must[*enterprise.EnterpriseConnection](t)(enterprise.CreateEnterpriseConnection(ctx, w.client, enterprise.CreateEnterpriseConnectionParams{
		Name: "Again", Provider: enterprise.ProviderSAMLGoogle, Domains: []string{"acme.example"}, SAML: clerk.Set(enterprise.SAMLParams{IDPEntityID: clerk.Set("e1")}),
	}))
	must[*enterprise.SAMLConnection](t)(enterprise.GetSAMLConnection(ctx, w.client, another.SAMLConnection.ID))
	must[*enterprise.DeletedObject](t)(enterprise.DeleteEnterpriseConnection(ctx, w.client, another.ID))
	_, err = enterprise.GetSAMLConnection(ctx, w.client, another.SAMLConnection.ID)
	refused(t, err, 404, "resource_not_found")
})

var _ = scenario("admin portal", func(t *testing.T, w *world) {
	ctx := t.Context()
	org := must[*api.Organization](t)(organizations.CreateOrganization(ctx, w.client, organizations.CreateOrganizationParams{Name: "Acme"}))
	made := must[*enterprise.AdminPortalLinkToken](t)(enterprise.CreateAdminPortalLinkToken(ctx, w.client, enterprise.CreateAdminPortalLinkTokenParams{
		OrganizationID: clerk.Set(org.ID), SecondsUntilExpiration: clerk.Set(60), Scopes: clerk.Set([]string{"sso"}),
	}))
	fit(t, made.Token != "" && !made.Expired && *made.Expiration == made.CreatedAt+60_000, "the token is %+v", made)
	_, err := enterprise.CreateAdminPortalLinkToken(ctx, w.client, enterprise.CreateAdminPortalLinkTokenParams{OrganizationID: clerk.Set("org_" + strings.Repeat("0", 27))})
	refused(t, err, 404, "resource_not_found")
	revoked := must[*enterprise.AdminPortalLinkToken](t)(enterprise.RevokeAdminPortalLinkToken(ctx, w.client, made.ID, enterprise.RevokeAdminPortalLinkTokenParams{RevocationReason: clerk.Set("sent to the wrong person")}))
	fit(t, revoked.Revoked && clerk.Value(revoked.RevocationReason) == "sent to the wrong person" && revoked.Token == "", "the token is %+v", revoked)
	_, err = enterprise.RevokeAdminPortalLinkToken(ctx, w.client, "aplt_"+strings.Repeat("0", 32), enterprise.RevokeAdminPortalLinkTokenParams{})
	refused(t, err, 404, "resource_not_found")
})
