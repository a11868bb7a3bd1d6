package clients

import (
	"net/http"

	sdk "github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/m2m_token"
	"github.com/clerk/clerk-sdk-go/v2/machine"
	"github.com/clerk/clerk-sdk-go/v2/machinescope"
	"github.com/clerk/clerk-sdk-go/v2/oauthapplication"
)

func goMachines(p *program) {
	ctx := p.ctx
	text, yes := sdk.String, new(true)
	reader := got(p, "machine.Create", func(m *sdk.MachineWithScopedMachinesAndSecretKey) bool {
		return m.SecretKey != "" && m.DefaultTokenTTL == 7200
	})(machine.Create(ctx, &machine.CreateParams{Name: "Reader", DefaultTokenTTL: sdk.Int64(7200)}))
	writer := got(p, "machine.Create", func(m *sdk.MachineWithScopedMachinesAndSecretKey) bool { return m.ScopedMachines[0].ID == reader.ID })(machine.Create(ctx, &machine.CreateParams{Name: "Writer", ScopedMachines: []string{reader.ID}}))
	got(p, "machine.Get", func(m *sdk.MachineWithScopedMachines) bool { return m.Name == "Reader" })(machine.Get(ctx, reader.ID))
	got(p, "machine.List", func(l *sdk.MachineList) bool { return l.TotalCount == 1 && l.Machines[0].ID == reader.ID })(machine.List(ctx, &machine.ListParams{Query: text("reader"), OrderBy: text("-created_at")}))
	got(p, "machine.Update", func(m *sdk.MachineWithScopedMachines) bool { return m.Name == "Readers" && m.DefaultTokenTTL == 7200 })(machine.Update(ctx, reader.ID, &machine.UpdateParams{Name: text("Readers")}))
	got(p, "machine.GetSecretKey", func(k *sdk.MachineSecretKey) bool { return k.Secret == writer.SecretKey })(machine.GetSecretKey(ctx, writer.ID))
	got(p, "machinescope.CreateScope", func(s *sdk.MachineScope) bool { return s.FromMachineID == reader.ID && s.ToMachineID == writer.ID })(machinescope.CreateScope(ctx, reader.ID, &machinescope.CreateScopeParams{ToMachineID: writer.ID}))
	got(p, "machine.Get", func(m *sdk.MachineWithScopedMachines) bool { return len(m.ScopedMachines) == 1 })(machine.Get(ctx, reader.ID))
	got(p, "machinescope.DeleteScope", func(s *sdk.DeletedMachineScope) bool { return s.Deleted })(machinescope.DeleteScope(ctx, reader.ID, writer.ID))

	// Only a machine makes tokens.
	asWriter := m2m_token.NewClient(&sdk.ClientConfig{BackendConfig: *p.config(writer.SecretKey)})
	token := got(p, "m2m_token.Create", func(t *sdk.M2MTokenWithToken) bool {
		return t.Subject == writer.ID && t.Token != "" && string(compact(t.Claims)) == `{"job":"nightly"}`
	})(
		asWriter.Create(ctx, &m2m_token.CreateParams{SecondsUntilExpiration: sdk.Int64(600), Claims: raw(`{"job":"nightly"}`)}))
	got(p, "m2m_token.Verify", func(t *sdk.M2MToken) bool { return t.ID == token.ID })(m2m_token.Verify(ctx, &m2m_token.VerifyParams{Token: token.Token}))
	got(p, "m2m_token.List", func(l *sdk.M2MTokenList) bool { return l.TotalCount == 1 && l.M2MTokens[0].ID == token.ID })(m2m_token.List(ctx, &m2m_token.ListParams{Subject: &writer.ID}))
	got(p, "m2m_token.Revoke", func(t *sdk.M2MToken) bool { return t.Revoked && *t.RevocationReason == "done" })(m2m_token.Revoke(ctx, token.ID, &m2m_token.RevokeParams{RevocationReason: text("done")}))
	got(p, "m2m_token.List", func(l *sdk.M2MTokenList) bool { return l.TotalCount == 0 })(m2m_token.List(ctx, &m2m_token.ListParams{Subject: &writer.ID}))
	got(p, "m2m_token.List", func(l *sdk.M2MTokenList) bool { return l.TotalCount == 1 })(m2m_token.List(ctx, &m2m_token.ListParams{Subject: &writer.ID, Revoked: yes}))
	fails[sdk.M2MToken](p, "m2m_token.Verify", http.StatusNotFound, "")(m2m_token.Verify(ctx, &m2m_token.VerifyParams{Token: token.Token}))
	got(p, "machine.Delete", deleted(reader.ID))(machine.Delete(ctx, reader.ID))
	fails[sdk.MachineWithScopedMachines](p, "machine.Get", http.StatusNotFound, "resource_not_found")(machine.Get(ctx, reader.ID))
	got(p, "machine.Get", func(m *sdk.MachineWithScopedMachines) bool { return len(m.ScopedMachines) == 0 })(machine.Get(ctx, writer.ID))

	app := got(p, "oauthapplication.Create", func(a *sdk.OAuthApplication) bool {
		return a.ClientID != "" && *a.ClientSecret != "" && a.CallbackURL == "https://calendar.example/done"
	})(
		oauthapplication.Create(ctx, &oauthapplication.CreateParams{Name: "Calendar", CallbackURL: "https://calendar.example/done", Scopes: "email profile", ConsentScreenEnabled: yes}))
	got(p, "oauthapplication.Get", func(a *sdk.OAuthApplication) bool { return a.Name == "Calendar" && a.ClientSecret == nil })(oauthapplication.Get(ctx, app.ID))
	got(p, "oauthapplication.List", func(l *sdk.OAuthApplicationList) bool {
		for _, a := range l.OAuthApplications {
			if a.ID == app.ID {
				return int(l.TotalCount) == len(l.OAuthApplications)
			}
		}
		return false
	})(oauthapplication.List(ctx, &oauthapplication.ListParams{}))
	got(p, "oauthapplication.Update", func(a *sdk.OAuthApplication) bool { return a.Name == "Calendars" })(oauthapplication.Update(ctx, app.ID, &oauthapplication.UpdateParams{Name: text("Calendars")}))
	got(p, "oauthapplication.RotateClientSecret", func(a *sdk.OAuthApplication) bool { return *a.ClientSecret != *app.ClientSecret })(oauthapplication.RotateClientSecret(ctx, app.ID))
	got(p, "oauthapplication.DeleteOAuthApplication", deleted(app.ID))(oauthapplication.DeleteOAuthApplication(ctx, app.ID))
	fails[sdk.OAuthApplication](p, "oauthapplication.Get", http.StatusNotFound, "resource_not_found")(oauthapplication.Get(ctx, app.ID))
}
