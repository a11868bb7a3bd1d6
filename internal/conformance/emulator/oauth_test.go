package emulator

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/oauth"
	"github.com/backend-sdk/clerk-go/users"
)

var _ = scenario("OAuth applications", func(t *testing.T, w *world) {
	ctx := t.Context()
	made := must[*oauth.OAuthApplicationWithSecret](t)(oauth.CreateOAuthApplication(ctx, w.client, oauth.CreateOAuthApplicationParams{
		Name: "Notes", RedirectURIs: clerk.Set([]string{"https://notes.example/callback"}),
	}))
	fit(t, made.ClientSecret != "" && made.Scopes == "profile email" && made.ConsentScreenEnabled && strings.HasPrefix(made.AuthorizeURL, w.Issuer()), "the application is %+v", made.OAuthApplication)
	_, err := oauth.CreateOAuthApplication(ctx, w.client, oauth.CreateOAuthApplicationParams{Name: "x", RedirectURIs: clerk.Set([]string{"nowhere"})})
	refused(t, err, 422, "form_param_format_invalid")
	_, err = oauth.CreateOAuthApplication(ctx, w.client, oauth.CreateOAuthApplicationParams{Name: "x", Scopes: clerk.Set("everything")})
	refused(t, err, 422, "form_param_value_invalid")
	public := must[*oauth.OAuthApplicationWithSecret](t)(oauth.CreateOAuthApplication(ctx, w.client, oauth.CreateOAuthApplicationParams{Name: "App", Public: clerk.Set(true)}))
	fit(t, public.ClientSecret == "", "a public client has a secret")

	got := must[*oauth.OAuthApplication](t)(oauth.GetOAuthApplication(ctx, w.client, made.ID))
	fit(t, got.ClientID == made.ClientID, "the application is %+v", got)
	rotated := must[*oauth.OAuthApplicationWithSecret](t)(oauth.RotateOAuthApplicationSecret(ctx, w.client, made.ID))
	fit(t, rotated.ClientSecret != "" && rotated.ClientSecret != made.ClientSecret, "the secret is the same")
	updated := must[*oauth.OAuthApplication](t)(oauth.UpdateOAuthApplication(ctx, w.client, made.ID, oauth.UpdateOAuthApplicationParams{Name: clerk.Set("Notebook"), Scopes: clerk.Set("email")}))
	fit(t, updated.Name == "Notebook" && updated.Scopes == "email" && slices.Equal(updated.RedirectURIs, made.RedirectURIs), "the application is %+v", updated)
	list, err := oauth.ListOAuthApplications(ctx, w.client, oauth.ListOAuthApplicationsParams{NameQuery: clerk.Set(made.ClientID)})
	fit(t, err == nil && len(list.Data) == 1 && list.Data[0].ID == made.ID, "the list is %v, %v", list, err)
	list, err = oauth.ListOAuthApplications(ctx, w.client, oauth.ListOAuthApplicationsParams{OrderBy: clerk.Set("-name")})
	fit(t, err == nil && len(list.Data) == 2 && list.Data[0].ID == made.ID, "the list is %v, %v", list, err)

	var logo bytes.Buffer
	if err := png.Encode(&logo, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	pictured := must[*oauth.OAuthApplication](t)(oauth.UploadOAuthApplicationLogo(ctx, w.client, made.ID, oauth.UploadOAuthApplicationLogoParams{
		File: clerk.File{Name: "logo.png", Content: bytes.NewReader(logo.Bytes())},
	}))
	resp := must[*http.Response](t)(http.Get(clerk.Value(pictured.ClientImageURL)))
	served := must[[]byte](t)(io.ReadAll(resp.Body))
	resp.Body.Close()
	fit(t, bytes.Equal(served, logo.Bytes()) && resp.Header.Get("Content-Type") == "image/png", "the logo is served as %s", resp.Header.Get("Content-Type"))
	_, err = oauth.UploadOAuthApplicationLogo(ctx, w.client, made.ID, oauth.UploadOAuthApplicationLogoParams{File: clerk.File{Name: "logo.png", Content: strings.NewReader("text")}})
	refused(t, err, 400, "request_body_invalid")
})

var _ = scenario("tokens of OAuth applications", func(t *testing.T, w *world) {
	ctx := t.Context()
	user := w.CreateUser(users.CreateUserParams{})
	app := must[*oauth.OAuthApplicationWithSecret](t)(oauth.CreateOAuthApplication(ctx, w.client, oauth.CreateOAuthApplicationParams{Name: "Notes"}))
	other := must[*oauth.OAuthApplicationWithSecret](t)(oauth.CreateOAuthApplication(ctx, w.client, oauth.CreateOAuthApplicationParams{Name: "Other"}))
	token := func() string {
		return w.Token(clerktest.ForOAuthClient(app.ClientID), clerktest.ForUser(user.ID), clerktest.Opaque())
	}
	verify := func(token string) (*oauth.VerifiedOAuthAccessToken, error) {
		return oauth.VerifyOAuthAccessToken(ctx, w.client, oauth.VerifyOAuthAccessTokenParams{AccessToken: clerk.Set(token)})
	}
	first, second := token(), token()
	verified := must[*oauth.VerifiedOAuthAccessToken](t)(verify(first))
	fit(t, clerk.Value(verified.ClientID) == app.ClientID && clerk.Value(verified.Subject) == user.ID, "the token is %+v", verified)
	refused(t, oauth.RevokeOAuthApplicationToken(ctx, w.client, other.ID, oauth.RevokeOAuthApplicationTokenParams{Token: first}), 404, "resource_not_found")
	if err := oauth.RevokeOAuthApplicationToken(ctx, w.client, app.ID, oauth.RevokeOAuthApplicationTokenParams{Token: first}); err != nil {
		t.Fatal(err)
	}
	_, err := verify(first)
	refused(t, err, 404, "resource_not_found")
	must[*oauth.VerifiedOAuthAccessToken](t)(verify(second))
	must[*oauth.DeletedObject](t)(oauth.DeleteOAuthApplication(ctx, w.client, app.ID))
	_, err = verify(second)
	refused(t, err, 404, "resource_not_found")
	_, err = oauth.GetOAuthApplication(ctx, w.client, app.ID)
	refused(t, err, 404, "resource_not_found")
})
