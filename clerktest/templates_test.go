package clerktest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/instance"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/google/go-cmp/cmp"
)

func TestTemplates(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
	client := i.Client()
	created, err := instance.CreateJWTTemplate(t.Context(), client, instance.CreateJWTTemplateParams{
		Name: "supabase", Claims: toMetadata(map[string]any{"aud": "authenticated"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if created.Lifetime != 60 || created.AllowedClockSkew != 5 || created.SigningAlgorithm != "RS256" || created.Object != "jwt_template" {
		t.Errorf("the template is %+v", created)
	}
	got, err := instance.GetJWTTemplate(t.Context(), client, created.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(created, got); diff != "" {
		t.Errorf("GetJWTTemplate returns a different template (-created +got):\n%s", diff)
	}
	c.advance(time.Minute)
	updated, err := instance.UpdateJWTTemplate(t.Context(), client, created.ID, instance.UpdateJWTTemplateParams{
		Name: "other", Claims: toMetadata(map[string]any{"aud": "x"}), Lifetime: clerk.Set(120),
	})
	if err != nil || updated.Name != "other" || updated.Lifetime != 120 || updated.AllowedClockSkew != 5 || !updated.UpdatedAt.Time().Equal(c.now()) {
		t.Errorf("the updated template is %+v, %v", updated, err)
	}
	updated, err = instance.UpdateJWTTemplate(t.Context(), client, created.ID, instance.UpdateJWTTemplateParams{
		Name: "other", Claims: toMetadata(map[string]any{}), Lifetime: clerk.Null[int](),
	})
	if err != nil || updated.Lifetime != 60 {
		t.Errorf("null does not restore the lifetime: %+v, %v", updated, err)
	}
	list, err := instance.ListJWTTemplates(t.Context(), client, instance.ListJWTTemplatesParams{})
	if err != nil || len(list.Data) != 1 || list.Data[0].ID != created.ID {
		t.Errorf("the list is %+v, %v", list, err)
	}
	deleted, err := instance.DeleteJWTTemplate(t.Context(), client, created.ID)
	if err != nil || !deleted.Deleted || deleted.ID != created.ID || deleted.Object != "jwt_template" {
		t.Errorf("deleted: %+v, %v", deleted, err)
	}
}

func TestTemplateNotFound(t *testing.T) {
	t.Parallel()
	client := startInstance(t).Client()
	update := instance.UpdateJWTTemplateParams{Name: "n", Claims: toMetadata(map[string]any{})}
	for name, err := range map[string]error{
		"get":    errorOf(instance.GetJWTTemplate(t.Context(), client, "jtmp_1")),
		"update": errorOf(instance.UpdateJWTTemplate(t.Context(), client, "jtmp_1", update)),
		"delete": errorOf(instance.DeleteJWTTemplate(t.Context(), client, "jtmp_1")),
	} {
		if !clerk.HasCode(err, "resource_not_found") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTemplateKeyChanges(t *testing.T) {
	t.Parallel()
	i := startInstance(t)
	client := i.Client()
	claims := toMetadata(map[string]any{})
	created, err := instance.CreateJWTTemplate(t.Context(), client, instance.CreateJWTTemplateParams{
		Name: "n", Claims: claims, CustomSigningKey: clerk.Set(true), SigningAlgorithm: clerk.Set("HS256"), SigningKey: clerk.Set("secret"),
	})
	if err != nil || !created.CustomSigningKey || created.SigningAlgorithm != "HS256" {
		t.Fatalf("the template is %+v, %v", created, err)
	}
	kept, err := instance.UpdateJWTTemplate(t.Context(), client, created.ID, instance.UpdateJWTTemplateParams{Name: "n", Claims: claims, SigningAlgorithm: clerk.Set("HS512")})
	if err != nil || !kept.CustomSigningKey || kept.SigningAlgorithm != "HS512" || i.Seed().JWTTemplates[0].SigningKey != "secret" {
		t.Errorf("the key is not kept: %+v, %v", kept, err)
	}
	gone, err := instance.UpdateJWTTemplate(t.Context(), client, created.ID, instance.UpdateJWTTemplateParams{Name: "n", Claims: claims, CustomSigningKey: clerk.Set(false)})
	if err != nil || gone.CustomSigningKey || gone.SigningAlgorithm != "RS256" || i.Seed().JWTTemplates[0].SigningKey != "" {
		t.Errorf("the key is not removed: %+v, %v", gone, err)
	}
}

func TestTemplateRefusals(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	before := dump(t, i)
	for _, tc := range []struct {
		body   string
		status int
		want   string
	}{
		{`{"name":"supabase","claims":{}}`, 422, "form_already_exists name"},
		{`{"name":"a/b","claims":{}}`, 422, "form_param_format_invalid name"},
		{`{"name":"","claims":{}}`, 422, "form_param_format_invalid name"},
		{`{"name":"n","claims":{"sub":"x"}}`, 400, "jwt_template_reserved_claim claims"},
		{`{"name":"n","claims":{},"lifetime":29}`, 422, "form_param_value_invalid lifetime"},
		{`{"name":"n","claims":{},"allowed_clock_skew":301}`, 422, "form_param_value_too_large allowed_clock_skew"},
		{`{"name":"n","claims":{},"custom_signing_key":true}`, 422, "form_conditional_param_missing signing_algorithm"},
		{`{"name":"n","claims":{},"custom_signing_key":true,"signing_algorithm":"HS256"}`, 422, "form_conditional_param_missing signing_key"},
		{`{"name":"n","claims":{},"custom_signing_key":true,"signing_algorithm":"none","signing_key":"x"}`, 422, "form_param_value_invalid signing_algorithm"},
		{`{"name":"n","claims":{},"custom_signing_key":true,"signing_algorithm":"RS256","signing_key":"x"}`, 422, "form_param_value_invalid signing_key"},
	} {
		got := send(t, i, "POST", "/jwt_templates", tc.body)
		if problems := got.problemLines(t); got.status != tc.status || problems[0] != tc.want {
			t.Errorf("%s: %d %v, want %d %s", tc.body, got.status, problems, tc.status, tc.want)
		}
	}
	if dump(t, i) != before {
		t.Error("a refused request changed something")
	}
}

// shortcodeClaims has every kind of shortcode.
const shortcodeClaims = `{
	"aud": "authenticated", "role": "authenticated", "nested": {"list": [1, "{{user.id}}", null]},
	"email": "{{user.primary_email_address}}", "phone": "{{user.primary_phone_number}}",
	"name": "{{user.first_name}} {{user.last_name}}!", "full": "{{ user.full_name || 'nobody' }}",
	"likes": "{{user.public_metadata.profile.likes}}", "first": "{{user.public_metadata.n}}", "text": "n={{user.public_metadata.n}}",
	"fallback": "{{user.nickname || user.public_metadata.no || 'a || b'}}", "number": "{{user.age || 30}}",
	"last": "{{user.age || user.public_metadata.no}}", "verified": "{{user.phone_number_verified || user.email_verified}}",
	"private": "{{user.private_metadata}}", "private2": "{{user.private_metadata.secret || 'none'}}",
	"org": "{{org.id}}", "yes": "{{user.nothing || true}}", "open": "{{user.id", "member": "{{user.first_name.x}}"
}`

func TestTemplateToken(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
	client := i.Client()
	u := i.CreateUser(users.CreateUserParams{
		FirstName: clerk.Set("Maria"), EmailAddress: clerk.Set([]string{"maria@example.com"}),
		PublicMetadata:  clerk.SetMetadata(json.RawMessage(`{"profile":{"likes":["reading"]},"n":9007199254740993,"no":false}`)),
		PrivateMetadata: clerk.SetMetadata(map[string]any{"secret": "hidden"}),
	})
	s := i.CreateSession(u.ID)
	template, err := instance.CreateJWTTemplate(t.Context(), client, instance.CreateJWTTemplateParams{
		Name: "supabase", Claims: toMetadata(json.RawMessage(shortcodeClaims)), Lifetime: clerk.Set(300), AllowedClockSkew: clerk.Set(0),
	})
	if err != nil {
		t.Fatal(err)
	}
	if template.Lifetime != 300 || template.AllowedClockSkew != 0 || template.SigningAlgorithm != "RS256" || template.CustomSigningKey {
		t.Errorf("the template is %+v", template)
	}
	token, err := sessions.CreateSessionTokenFromTemplate(t.Context(), client, s.ID, "supabase", sessions.CreateSessionTokenFromTemplateParams{})
	if err != nil {
		t.Fatal(err)
	}
	if err := verifySignature(t, i, token.JWT); err != nil {
		t.Error(err)
	}
	header, got := parts(t, token.JWT)
	if header["cat"] != "cl_B7d4PD222AAA" {
		t.Errorf("the category is %v", header["cat"])
	}
	if got["jti"] == nil || got["sid"] != nil {
		t.Errorf("jti is %v and sid %v", got["jti"], got["sid"])
	}
	if raw, _ := base64.RawURLEncoding.DecodeString(strings.Split(token.JWT, ".")[1]); !strings.Contains(string(raw), `"first":9007199254740993`) {
		t.Errorf("a large number changed: %s", raw)
	}
	delete(got, "jti")
	want := map[string]any{
		"aud": "authenticated", "role": "authenticated", "nested": map[string]any{"list": []any{1., u.ID, nil}},
		"email": "maria@example.com", "phone": nil, "name": "Maria null!", "full": "Maria",
		"likes": []any{"reading"}, "first": 9007199254740993., "text": "n=9007199254740993",
		"fallback": "a || b", "number": 30., "last": false, "verified": true,
		"private": nil, "private2": "none", "org": nil, "yes": true, "open": "{{user.id", "member": nil,
		"iss": i.Issuer(), "sub": u.ID, "iat": unixSeconds(c.now()), "nbf": unixSeconds(c.now()), "exp": unixSeconds(c.now()) + 300,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestTokenFromTemplate(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
	i.CreateUser(users.CreateUserParams{Username: clerk.Set("ada")})
	i.CreateJWTTemplate("supabase", map[string]any{"aud": "authenticated", "name": "{{user.username}}"})
	_, claims := parts(t, i.Token(clerktest.FromTemplate("supabase"), clerktest.Expired()))
	if claims["exp"] != unixSeconds(c.now())-3600 || claims["aud"] != "authenticated" || claims["name"] != "ada" {
		t.Errorf("the claims are %v", claims)
	}
}

func TestTemplateSigningKeys(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	client := i.Client()
	secret := "an HMAC secret of the other service"
	if _, err := instance.CreateJWTTemplate(t.Context(), client, instance.CreateJWTTemplateParams{
		Name: "legacy", Claims: toMetadata(map[string]any{"role": "x"}),
		CustomSigningKey: clerk.Set(true), SigningAlgorithm: clerk.Set("HS256"), SigningKey: clerk.Set(secret),
	}); err != nil {
		t.Fatal(err)
	}
	token, err := sessions.CreateSessionTokenFromTemplate(t.Context(), client, "sess_1", "legacy", sessions.CreateSessionTokenFromTemplateParams{})
	if err != nil {
		t.Fatal(err)
	}
	dot := strings.LastIndexByte(token.JWT, '.')
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte((token.JWT)[:dot]))
	if want := base64.RawURLEncoding.EncodeToString(mac.Sum(nil)); want != (token.JWT)[dot+1:] {
		t.Error("the token is not signed with the template's secret")
	}
	for name, algorithm := range map[string]string{"r256": "RS256", "r512": "RS512"} {
		if _, err := instance.CreateJWTTemplate(t.Context(), client, instance.CreateJWTTemplateParams{
			Name: name, Claims: toMetadata(map[string]any{}),
			CustomSigningKey: clerk.Set(true), SigningAlgorithm: clerk.Set(algorithm), SigningKey: clerk.Set(signingKey),
		}); err != nil {
			t.Fatal(err)
		}
		header, _ := parts(t, i.Token(clerktest.FromTemplate(name)))
		if header["alg"] != algorithm {
			t.Errorf("the token of %s is signed with %v", name, header["alg"])
		}
	}
	if strings.Contains(string(send(t, i, "GET", "/jwt_templates", "").body), secret) {
		t.Error("the API shows a signing key")
	}
	names := []string{}
	for _, template := range i.Seed().JWTTemplates {
		names = append(names, template.Name)
	}
	if slices.Sort(names); strings.Join(names, " ") != "legacy r256 r512 supabase" {
		t.Errorf("the templates are %v", names)
	}
}
