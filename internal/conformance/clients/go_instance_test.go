package clients

import (
	"net/http"
	"time"

	sdk "github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/allowlistidentifier"
	"github.com/clerk/clerk-sdk-go/v2/billing"
	"github.com/clerk/clerk-sdk-go/v2/blocklistidentifier"
	"github.com/clerk/clerk-sdk-go/v2/domain"
	"github.com/clerk/clerk-sdk-go/v2/instancesettings"
	"github.com/clerk/clerk-sdk-go/v2/invitation"
	"github.com/clerk/clerk-sdk-go/v2/organization"
	"github.com/clerk/clerk-sdk-go/v2/proxycheck" //lint:ignore SA1019 the SDK has it
	"github.com/clerk/clerk-sdk-go/v2/redirecturl"
	"github.com/clerk/clerk-sdk-go/v2/samlconnection"
	"github.com/clerk/clerk-sdk-go/v2/session"
	"github.com/clerk/clerk-sdk-go/v2/svixwebhook"
	"github.com/clerk/clerk-sdk-go/v2/template"
	"github.com/clerk/clerk-sdk-go/v2/waitlistentry"
)

func goInvitations(p *program) {
	ctx := p.ctx
	text := sdk.String
	made := got(p, "invitation.Create", func(i *sdk.Invitation) bool {
		return i.Status == "pending" && string(compact(i.PublicMetadata)) == `{"from":"fair"}`
	})(
		invitation.Create(ctx, &invitation.CreateParams{EmailAddress: "new@guest.example", PublicMetadata: raw(`{"from":"fair"}`), RedirectURL: text("https://app.example/join"), ExpiresInDays: sdk.Int64(7)}))
	fails[sdk.Invitation](p, "invitation.Create", http.StatusBadRequest, "duplicate_record")(invitation.Create(ctx, &invitation.CreateParams{EmailAddress: "new@guest.example"}))
	got(p, "invitation.BulkCreate", func(l *sdk.Invitations) bool { return len(l.Invitations) == 2 && l.Invitations[0].Status == "pending" })(
		invitation.BulkCreate(ctx, &invitation.BulkCreateParams{Invitations: []*invitation.CreateParams{{EmailAddress: "one@guest.example"}, {EmailAddress: "two@guest.example"}}}))
	got(p, "invitation.List", func(l *sdk.InvitationList) bool { return l.TotalCount == 3 })(invitation.List(ctx, &invitation.ListParams{Statuses: []string{"pending"}}))
	got(p, "invitation.List", func(l *sdk.InvitationList) bool { return l.TotalCount == 1 && l.Invitations[0].ID == made.ID })(invitation.List(ctx, &invitation.ListParams{Query: text("new@guest"), OrderBy: text("-created_at")}))
	got(p, "invitation.Revoke", func(i *sdk.Invitation) bool { return i.Status == "revoked" && i.Revoked })(invitation.Revoke(ctx, made.ID))
	fails[sdk.Invitation](p, "invitation.Revoke", http.StatusBadRequest, "invitation_already_revoked")(invitation.Revoke(ctx, made.ID))
	entry := got(p, "waitlistentry.Create", func(e *sdk.WaitlistEntry) bool { return e.Status == "pending" })(waitlistentry.Create(ctx, &waitlistentry.CreateParams{EmailAddress: "patient@guest.example"}))
	got(p, "waitlistentry.List", func(l *sdk.WaitlistEntriesList) bool { return l.TotalCount == 1 && l.WaitlistEntries[0].ID == entry.ID })(waitlistentry.List(ctx, &waitlistentry.ListParams{Query: text("patient"), Statuses: []string{"pending"}}))
}

func goInstance(p *program) {
	ctx := p.ctx
	text, yes, no := sdk.String, new(true), new(false)
	allowed := got(p, "allowlistidentifier.Create", func(i *sdk.AllowlistIdentifier) bool { return i.IdentifierType == "email_address" })(allowlistidentifier.Create(ctx, &allowlistidentifier.CreateParams{Identifier: text("friend@example.com"), Notify: no}))
	got(p, "allowlistidentifier.List", func(l *sdk.AllowlistIdentifierList) bool {
		return l.TotalCount == 1 && l.AllowlistIdentifiers[0].ID == allowed.ID
	})(allowlistidentifier.List(ctx, &allowlistidentifier.ListParams{}))
	got(p, "allowlistidentifier.Delete", deleted(allowed.ID))(allowlistidentifier.Delete(ctx, allowed.ID))
	blocked := got(p, "blocklistidentifier.Create", func(i *sdk.BlocklistIdentifier) bool { return i.Identifier == "spam@example.com" })(blocklistidentifier.Create(ctx, &blocklistidentifier.CreateParams{Identifier: text("spam@example.com")}))
	got(p, "blocklistidentifier.List", func(l *sdk.BlocklistIdentifierList) bool {
		return l.TotalCount == 1 && l.BlocklistIdentifiers[0].ID == blocked.ID
	})(blocklistidentifier.List(ctx, &blocklistidentifier.ListParams{}))
	got(p, "blocklistidentifier.Delete", deleted(blocked.ID))(blocklistidentifier.Delete(ctx, blocked.ID))
	got(p, "blocklistidentifier.List", func(l *sdk.BlocklistIdentifierList) bool { return l.TotalCount == 0 })(blocklistidentifier.List(ctx, &blocklistidentifier.ListParams{}))

	url := got(p, "redirecturl.Create", func(u *sdk.RedirectURL) bool { return u.URL == "myapp://signed-in" })(redirecturl.Create(ctx, &redirecturl.CreateParams{URL: text("myapp://signed-in")}))
	got(p, "redirecturl.Get", func(u *sdk.RedirectURL) bool { return u.CreatedAt == url.CreatedAt })(redirecturl.Get(ctx, url.ID))
	got(p, "redirecturl.List", func(l *sdk.RedirectURLList) bool { return l.TotalCount == 1 && l.RedirectURLs[0].ID == url.ID })(redirecturl.List(ctx, &redirecturl.ListParams{}))
	got(p, "redirecturl.Delete", deleted(url.ID))(redirecturl.Delete(ctx, url.ID))
	fails[sdk.RedirectURL](p, "redirecturl.Get", http.StatusNotFound, "resource_not_found")(redirecturl.Get(ctx, url.ID))

	satellite := got(p, "domain.Create", func(d *sdk.Domain) bool { return d.IsSatellite && d.Name == "satellite.example" })(domain.Create(ctx, &domain.CreateParams{Name: text("satellite.example"), IsSatellite: yes}))
	got(p, "domain.List", func(l *sdk.DomainList) bool { return l.TotalCount == 2 })(domain.List(ctx, &domain.ListParams{}))
	got(p, "domain.Update", func(d *sdk.Domain) bool { return d.Name == "other.example" })(domain.Update(ctx, satellite.ID, &domain.UpdateParams{Name: text("other.example")}))
	//lint:ignore SA1019 the SDK has it
	got(p, "proxycheck.Create", func(c *sdk.ProxyCheck) bool { return c.DomainID == satellite.ID })(proxycheck.Create(ctx, &proxycheck.CreateParams{DomainID: &satellite.ID, ProxyURL: text("https://other.example/__clerk")}))
	got(p, "domain.Delete", deleted(satellite.ID))(domain.Delete(ctx, satellite.ID))

	got(p, "instancesettings.Update", func(*struct{}) bool { return true })(&struct{}{}, instancesettings.Update(ctx, &instancesettings.UpdateParams{TestMode: yes, HIBP: yes, SupportEmail: text("help@app.example")}))
	got(p, "instancesettings.UpdateRestrictions", func(r *sdk.InstanceRestrictions) bool { return r.Allowlist && r.BlockEmailSubaddresses })(instancesettings.UpdateRestrictions(ctx, &instancesettings.UpdateRestrictionsParams{Allowlist: yes, BlockEmailSubaddresses: yes}))
	got(p, "instancesettings.UpdateRestrictions", func(r *sdk.InstanceRestrictions) bool { return !r.Allowlist && !r.BlockEmailSubaddresses })(instancesettings.UpdateRestrictions(ctx, &instancesettings.UpdateRestrictionsParams{Allowlist: no, BlockEmailSubaddresses: no}))
	got(p, "instancesettings.UpdateOrganizationSettings", func(s *sdk.OrganizationSettings) bool { return s.MaxAllowedMemberships == 9 && s.DomainsEnabled })(instancesettings.UpdateOrganizationSettings(ctx, &instancesettings.UpdateOrganizationSettingsParams{MaxAllowedMemberships: sdk.Int64(9), DomainsEnabled: yes}))
	got(p, "organization.Create", func(o *sdk.Organization) bool { return o.MaxAllowedMemberships == 9 })(organization.Create(ctx, &organization.CreateParams{Name: text("Nine")}))

	fails[sdk.SvixWebhook](p, "svixwebhook.RefreshURL", http.StatusBadRequest, "svix_app_missing")(svixwebhook.RefreshURL(ctx))
	got(p, "svixwebhook.Create", func(w *sdk.SvixWebhook) bool { return w.SvixURL != "" })(svixwebhook.Create(ctx))
	got(p, "svixwebhook.RefreshURL", func(w *sdk.SvixWebhook) bool { return w.SvixURL != "" })(svixwebhook.RefreshURL(ctx))
	got(p, "svixwebhook.Delete", func(*sdk.SvixWebhook) bool { return true })(svixwebhook.Delete(ctx))
}

func goEnterprise(p *program) {
	ctx := p.ctx
	text, yes := sdk.String, new(true)
	saml := got(p, "samlconnection.Create", func(c *sdk.SAMLConnection) bool {
		return c.Provider == "saml_okta" && c.Domain == "okta.example" && !c.Active
	})(
		samlconnection.Create(ctx, &samlconnection.CreateParams{Name: text("Okta"), Domain: text("okta.example"), Provider: text("saml_okta"), AttributeMapping: &samlconnection.AttributeMappingParams{UserID: "uid", EmailAddress: "mail", FirstName: "first", LastName: "last"}}))
	got(p, "samlconnection.Get", func(c *sdk.SAMLConnection) bool { return c.AttributeMapping.EmailAddress == "mail" && c.AcsURL != "" })(samlconnection.Get(ctx, saml.ID))
	got(p, "samlconnection.List", func(l *sdk.SAMLConnectionList) bool { return l.TotalCount == 1 && l.SAMLConnections[0].ID == saml.ID })(samlconnection.List(ctx, &samlconnection.ListParams{Query: text("okta"), OrderBy: text("-created_at")}))
	fails[sdk.SAMLConnection](p, "samlconnection.Update", http.StatusUnprocessableEntity, "saml_connection_cant_be_activated")(samlconnection.Update(ctx, saml.ID, &samlconnection.UpdateParams{Active: yes}))
	got(p, "samlconnection.Update", func(c *sdk.SAMLConnection) bool { return c.Active && *c.IdpSsoURL == "https://idp.example/sso" })(
		samlconnection.Update(ctx, saml.ID, &samlconnection.UpdateParams{IdpEntityID: text("https://idp.example/entity"), IdpSsoURL: text("https://idp.example/sso"), IdpCertificate: text(seedCertificate), Active: yes}))
	got(p, "samlconnection.Delete", deleted(saml.ID))(samlconnection.Delete(ctx, saml.ID))
	fails[sdk.SAMLConnection](p, "samlconnection.Get", http.StatusNotFound, "resource_not_found")(samlconnection.Get(ctx, saml.ID))
}

func goTemplates(p *program) {
	ctx := p.ctx
	text := sdk.String
	const kind, slug = sdk.TemplateTypeEmail, "verification_code"
	got(p, "template.List", func(l *sdk.TemplateList) bool {
		for _, t := range l.Templates {
			if t.Slug == slug {
				return int(l.TotalCount) >= len(l.Templates)
			}
		}
		return false
	})(template.List(ctx, &template.ListParams{TemplateType: kind}))
	whole := got(p, "template.Get", func(t *sdk.Template) bool { return t.Slug == slug && t.TemplateType == kind && t.Body != "" })(template.Get(ctx, &template.GetParams{TemplateType: kind, Slug: slug}))
	fails[sdk.Template](p, "template.Update", http.StatusUnprocessableEntity, "required_variable_missing")(template.Update(ctx, &template.UpdateParams{TemplateType: kind, Slug: slug, Name: text("Code"), Body: text("Hello")}))
	body := "Hello, {{otp_code}}"
	for _, required := range whole.RequiredVariables {
		body += " {{" + required + "}}"
	}
	got(p, "template.Update", func(t *sdk.Template) bool { return t.Body == body && t.Subject == "Your code" && t.CanRevert })(template.Update(ctx, &template.UpdateParams{TemplateType: kind, Slug: slug, Name: text("Code"), Subject: text("Your code"), Body: &body}))
	got(p, "template.Preview", func(v *sdk.TemplatePreview) bool { return v.Body != "" && v.Subject == "Your code" })(template.Preview(ctx, &template.PreviewParams{TemplateType: kind, Slug: slug, Subject: text("Your code"), Body: &body}))
	got(p, "template.ToggleDelivery", func(t *sdk.Template) bool { return !t.DeliveredByClerk })(template.ToggleDelivery(ctx, &template.ToggleDeliveryParams{TemplateType: kind, Slug: slug, DeliveredByClerk: new(false)}))
	got(p, "template.Revert", func(t *sdk.Template) bool { return t.Body == whole.Body })(template.Revert(ctx, &template.RevertParams{TemplateType: kind, Slug: slug}))
}

func goBilling(p *program) {
	ctx := p.ctx
	text := sdk.String
	got(p, "billing.ListPlans", func(l *sdk.PlanList) bool {
		for _, plan := range l.Data {
			if plan.ID == seedPlan {
				return true
			}
		}
		return false
	})(billing.ListPlans(ctx, &billing.ListPlansParams{PayerType: text("user")}))
	got(p, "billing.ListSubscriptionItems", func(l *sdk.SubscriptionItemList) bool { return l.TotalCount == 1 && l.Data[0].ID == seedItem })(billing.ListSubscriptionItems(ctx, &billing.ListSubscriptionItemsParams{PlanID: text(seedPlan), PayerType: text("user")}))
	until := time.Now().Add(20 * 24 * time.Hour)
	got(p, "billing.ExtendFreeTrial", func(i *sdk.SubscriptionItem) bool { return *i.PeriodEnd/1000 == until.Unix() })(billing.ExtendFreeTrial(ctx, seedItem, &billing.ExtendFreeTrialParams{ExtendTo: until.Format(time.RFC3339)}))
	got(p, "billing.CancelSubscriptionItem", func(i *sdk.SubscriptionItem) bool { return *i.CanceledAt > 0 })(billing.CancelSubscriptionItem(ctx, seedItem, &billing.CancelSubscriptionItemParams{EndNow: new(true)}))
}

// goBeyond calls what the SDK has and the published document does not.
func goBeyond(p *program) {
	any := func(*sdk.DeletedResource) bool { return true }
	//lint:ignore SA1019 the SDK has it
	got(p, "session.Verify", func(*sdk.Session) bool { return true })(session.Verify(p.ctx, &session.VerifyParams{ID: seedSession, Token: new(p.tokens["expired"])}))
	got(p, "template.Delete", any)(template.Delete(p.ctx, &template.DeleteParams{TemplateType: sdk.TemplateTypeEmail, Slug: "verification_code"}))
}
