package emulator

import (
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/instance"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

var _ = scenario("sessions", func(t *testing.T, w *world) {
	ctx := t.Context()
	user := w.CreateUser(users.CreateUserParams{})
	made := must[*sessions.Session](t)(sessions.CreateSession(ctx, w.client, sessions.CreateSessionParams{UserID: user.ID}))
	_, err := sessions.CreateSession(ctx, w.client, sessions.CreateSessionParams{UserID: "user_none"})
	refused(t, err, 404, "resource_not_found")
	got := must[*sessions.Session](t)(sessions.GetSession(ctx, w.client, made.ID))
	fit(t, got.UserID == user.ID && got.Status == api.SessionStatusActive, "the session is %+v", got)
	list, err := sessions.ListSessions(ctx, w.client, sessions.ListSessionsParams{UserID: clerk.Set(user.ID), Status: clerk.Set(api.SessionStatusActive)})
	fit(t, err == nil && len(list.Data) == 1, "the list is %v, %v", list, err)

	token := must[*sessions.SessionToken](t)(sessions.CreateSessionToken(ctx, w.client, made.ID, sessions.CreateSessionTokenParams{ExpiresInSeconds: clerk.Set(60)}))
	fit(t, token.JWT != "", "the token is missing")
	must[*instance.JWTTemplate](t)(instance.CreateJWTTemplate(ctx, w.client, instance.CreateJWTTemplateParams{Name: "supabase", Claims: clerk.NewMetadata(map[string]any{"aud": "x"})}))
	token = must[*sessions.SessionToken](t)(sessions.CreateSessionTokenFromTemplate(ctx, w.client, made.ID, "supabase", sessions.CreateSessionTokenFromTemplateParams{}))
	fit(t, token.JWT != "", "the token is missing")
	_, err = sessions.CreateSessionTokenFromTemplate(ctx, w.client, made.ID, "none", sessions.CreateSessionTokenFromTemplateParams{})
	refused(t, err, 404, "resource_not_found")

	refresh := sessions.RefreshSessionParams{
		ExpiredToken: w.Token(clerktest.ForSession(made.ID), clerktest.WithAuthorizedParty("http://app.test"), clerktest.Expired()),
		RefreshToken: w.RefreshToken(made.ID), RequestOrigin: "http://app.test",
	}
	refreshed := must[*sessions.SessionRefresh](t)(sessions.RefreshSession(ctx, w.client, made.ID, refresh))
	fit(t, refreshed.JWT != "", "the token is missing")
	elsewhere := refresh
	elsewhere.RequestOrigin = "http://other.test"
	_, err = sessions.RefreshSession(ctx, w.client, made.ID, elsewhere)
	refused(t, err, 401, "refresh_request_origin_azp_mismatch")

	revoked := must[*sessions.Session](t)(sessions.RevokeSession(ctx, w.client, made.ID))
	fit(t, revoked.Status == api.SessionStatusRevoked, "the session is %+v", revoked)
	_, err = sessions.RevokeSession(ctx, w.client, made.ID)
	refused(t, err, 400, "session_not_active")
})

var _ = scenario("JWT templates", func(t *testing.T, w *world) {
	ctx := t.Context()
	made := must[*instance.JWTTemplate](t)(instance.CreateJWTTemplate(ctx, w.client, instance.CreateJWTTemplateParams{Name: "hasura", Claims: clerk.NewMetadata(map[string]any{"aud": "x"}), Lifetime: clerk.Set(90)}))
	_, err := instance.CreateJWTTemplate(ctx, w.client, instance.CreateJWTTemplateParams{Name: "hasura", Claims: clerk.NewMetadata(map[string]any{})})
	fit(t, err != nil, "two templates have the same name")
	got := must[*instance.JWTTemplate](t)(instance.GetJWTTemplate(ctx, w.client, made.ID))
	fit(t, got.Name == "hasura" && got.Lifetime == 90, "the template is %+v", got)
	updated := must[*instance.JWTTemplate](t)(instance.UpdateJWTTemplate(ctx, w.client, made.ID, instance.UpdateJWTTemplateParams{Name: "nhost", Claims: clerk.NewMetadata(map[string]any{"aud": "y"})}))
	fit(t, updated.Name == "nhost", "the template is %+v", updated)
	list, err := instance.ListJWTTemplates(ctx, w.client, instance.ListJWTTemplatesParams{})
	fit(t, err == nil && len(list.Data) == 1, "the list is %v, %v", list, err)
	must[*instance.DeletedObject](t)(instance.DeleteJWTTemplate(ctx, w.client, made.ID))
	_, err = instance.GetJWTTemplate(ctx, w.client, made.ID)
	refused(t, err, 404, "resource_not_found")
})
