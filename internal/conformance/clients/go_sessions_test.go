package clients

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"

	sdk "github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/actortoken"
	"github.com/clerk/clerk-sdk-go/v2/client"
	clerkhttp "github.com/clerk/clerk-sdk-go/v2/http"
	"github.com/clerk/clerk-sdk-go/v2/jwks"
	"github.com/clerk/clerk-sdk-go/v2/jwt"
	"github.com/clerk/clerk-sdk-go/v2/jwttemplate"
	"github.com/clerk/clerk-sdk-go/v2/session"
	"github.com/clerk/clerk-sdk-go/v2/signintoken"
	"github.com/clerk/clerk-sdk-go/v2/testingtoken"
	"github.com/clerk/clerk-sdk-go/v2/user"
)

func goSessions(p *program) {
	ctx := p.ctx
	text := sdk.String
	owner := got(p, "user.Create", func(u *sdk.User) bool { return u.ID != "" })(user.Create(ctx, &user.CreateParams{EmailAddresses: &[]string{"sid@example.com"}, Password: text(goodPassword)}))
	made := got(p, "session.Create", func(s *sdk.Session) bool { return s.Status == "active" && s.UserID == owner.ID })(session.Create(ctx, &session.CreateParams{UserID: owner.ID}))
	got(p, "session.Get", func(s *sdk.Session) bool { return s.ClientID == made.ClientID })(session.Get(ctx, made.ID))
	got(p, "session.List", func(l *sdk.SessionList) bool { return l.TotalCount == 1 && l.Sessions[0].ID == made.ID })(session.List(ctx, &session.ListParams{UserID: &owner.ID, Status: text("active")}))
	template := got(p, "jwttemplate.Create", func(t *sdk.JWTTemplate) bool { return t.Name == "reports" && t.Lifetime == 120 })(jwttemplate.Create(ctx, &jwttemplate.CreateParams{Name: text("reports"), Claims: json.RawMessage(`{"mail":"{{user.primary_email_address}}"}`), Lifetime: sdk.Int64(120)}))
	got(p, "jwttemplate.Get", func(t *sdk.JWTTemplate) bool { return t.Name == "reports" })(jwttemplate.Get(ctx, template.ID))
	got(p, "jwttemplate.List", func(l *sdk.JWTTemplateList) bool { return l.TotalCount == 1 && l.JWTTemplates[0].ID == template.ID })(jwttemplate.List(ctx, &jwttemplate.ListParams{}))
	token := got(p, "session.CreateToken", func(t *sdk.SessionToken) bool { return t.JWT != "" })(session.CreateToken(ctx, &session.CreateTokenParams{ID: made.ID}))
	reports := got(p, "session.CreateToken", func(t *sdk.SessionToken) bool { return t.JWT != "" })(session.CreateToken(ctx, &session.CreateTokenParams{ID: made.ID, TemplateName: "reports", ExpiresInSeconds: sdk.Int64(30)}))
	got(p, "jwt.Decode", func(t *sdk.UnverifiedToken) bool {
		return t.Extra["mail"] == "sid@example.com" && *t.Expiry-*t.IssuedAt == 30
	})(jwt.Decode(ctx, &jwt.DecodeParams{Token: reports.JWT}))
	got(p, "jwttemplate.Update", func(t *sdk.JWTTemplate) bool { return t.Lifetime == 90 })(jwttemplate.Update(ctx, template.ID, &jwttemplate.UpdateParams{Name: text("reports"), Claims: json.RawMessage(`{"mail":"none"}`), Lifetime: sdk.Int64(90)}))
	got(p, "jwttemplate.Delete", deleted(template.ID))(jwttemplate.Delete(ctx, template.ID))

	key := got(p, "jwks.Get", func(k *sdk.JSONWebKeySet) bool { return len(k.Keys) > 0 && k.Keys[0].Algorithm == "RS256" })(jwks.Get(ctx, &jwks.GetParams{}))
	if len(key.Keys) > 0 {
		got(p, "jwt.GetJSONWebKey", func(k *sdk.JSONWebKey) bool { return k.KeyID == key.Keys[0].KeyID })(jwt.GetJSONWebKey(ctx, &jwt.GetJSONWebKeyParams{KeyID: key.Keys[0].KeyID}))
	}
	got(p, "jwt.Verify", func(c *sdk.SessionClaims) bool { return c.Subject == owner.ID && c.SessionID == made.ID })(jwt.Verify(ctx, &jwt.VerifyParams{Token: token.JWT}))
	forged, err := jwt.Verify(ctx, &jwt.VerifyParams{Token: p.tokens["forged"]})
	got(p, "jwt.Verify", func(*sdk.SessionClaims) bool { return err != nil })(forged, nil)
	got(p, "http.RequireHeaderAuthorization", func(s *int) bool { return *s == http.StatusOK })(visit(ctx, clerkhttp.RequireHeaderAuthorization(), token.JWT, made.ID))
	got(p, "http.RequireHeaderAuthorization", func(s *int) bool { return *s == http.StatusForbidden || *s == http.StatusUnauthorized })(visit(ctx, clerkhttp.RequireHeaderAuthorization(), "", made.ID))
	got(p, "http.WithHeaderAuthorization", func(s *int) bool { return *s == http.StatusOK })(visit(ctx, clerkhttp.WithHeaderAuthorization(), token.JWT, made.ID))

	// The SDK forgets the parameter for the form that it reads: the document has an array here.
	//lint:ignore SA1019 the SDK has it
	list, err := client.List(ctx, &client.ListParams{ListParams: sdk.ListParams{Limit: sdk.Int64(100)}})
	_, misread := errors.AsType[*json.UnmarshalTypeError](err)
	got(p, "client.List", func(*sdk.ClientList) bool { return misread && list != nil })(list, nil)
	got(p, "client.Get", func(c *sdk.Client) bool { return c.SessionIDs[0] == made.ID && c.Sessions[0].UserID == owner.ID })(client.Get(ctx, made.ClientID))
	got(p, "client.Verify", func(c *sdk.Client) bool { return c.Sessions[0].ID == seedSession })(client.Verify(ctx, &client.VerifyParams{Token: text(p.tokens["client"])}))

	got(p, "session.Revoke", func(s *sdk.Session) bool { return s.Status == "revoked" })(session.Revoke(ctx, &session.RevokeParams{ID: made.ID}))
	fails[sdk.Session](p, "session.Revoke", http.StatusBadRequest, "session_not_active")(session.Revoke(ctx, &session.RevokeParams{ID: made.ID}))
	ticket := got(p, "signintoken.Create", func(t *sdk.SignInToken) bool { return t.Status == "pending" && t.UserID == owner.ID && t.Token != "" })(signintoken.Create(ctx, &signintoken.CreateParams{UserID: &owner.ID, ExpiresInSeconds: sdk.Int64(600)}))
	got(p, "signintoken.Revoke", func(t *sdk.SignInToken) bool { return t.Status == "revoked" })(signintoken.Revoke(ctx, ticket.ID))
	fails[sdk.SignInToken](p, "signintoken.Revoke", http.StatusBadRequest, "sign_in_token_cannot_be_revoked_code")(signintoken.Revoke(ctx, ticket.ID))
	actor := got(p, "actortoken.Create", func(t *sdk.ActorToken) bool { return t.Status == "pending" && t.Token != "" })(actortoken.Create(ctx, &actortoken.CreateParams{UserID: &owner.ID, Actor: json.RawMessage(`{"sub":"` + seedUser + `"}`)}))
	got(p, "actortoken.Revoke", func(t *sdk.ActorToken) bool { return t.Status == "revoked" })(actortoken.Revoke(ctx, actor.ID))
	got(p, "testingtoken.Create", func(t *sdk.TestingToken) bool { return t.Token != "" })(testingtoken.Create(ctx))
	got(p, "user.Delete", deleted(owner.ID))(user.Delete(ctx, owner.ID))
	got(p, "session.List", func(l *sdk.SessionList) bool { return l.TotalCount == 0 })(session.List(ctx, &session.ListParams{UserID: &owner.ID, Status: text("active")}))
}

// visit requests a page behind a middleware, which must see the session of the token.
func visit(ctx context.Context, middleware func(http.Handler) http.Handler, token, sessionID string) (*int, error) {
	var err error
	page := middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if claims, ok := sdk.SessionClaimsFromContext(r.Context()); !ok || claims.SessionID != sessionID {
			err = errors.New("the page sees another session")
		}
	}))
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	page.ServeHTTP(w, r)
	return &w.Code, err
}
