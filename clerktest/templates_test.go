package clerktest_test

import (
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/instance"
	"github.com/google/go-cmp/cmp"
)

func object(v any) clerk.Metadata { return clerk.SetMetadata(v).Or(clerk.Metadata{}) }

func TestTemplates(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := start(t, clerktest.WithClock(c.now))
	client := i.Client()
	created, err := instance.CreateJWTTemplate(t.Context(), client, instance.CreateJWTTemplateParams{
		Name: "supabase", Claims: object(map[string]any{"aud": "authenticated"}),
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
		t.Errorf("GetJWTTemplate gives another template (-created +got):\n%s", diff)
	}
	c.advance(time.Minute)
	updated, err := instance.UpdateJWTTemplate(t.Context(), client, created.ID, instance.UpdateJWTTemplateParams{
		Name: "other", Claims: object(map[string]any{"aud": "x"}), Lifetime: clerk.Set(120),
	})
	if err != nil || updated.Name != "other" || updated.Lifetime != 120 || updated.AllowedClockSkew != 5 || !updated.UpdatedAt.Time().Equal(c.now()) {
		t.Errorf("the updated template is %+v, %v", updated, err)
	}
	updated, err = instance.UpdateJWTTemplate(t.Context(), client, created.ID, instance.UpdateJWTTemplateParams{
		Name: "other", Claims: object(map[string]any{}), Lifetime: clerk.Null[int](),
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

func TestTemplateNotThere(t *testing.T) {
	t.Parallel()
	client := start(t).Client()
	update := instance.UpdateJWTTemplateParams{Name: "n", Claims: object(map[string]any{})}
	for name, err := range map[string]error{
		"get":    second(instance.GetJWTTemplate(t.Context(), client, "jtmp_1")),
		"update": second(instance.UpdateJWTTemplate(t.Context(), client, "jtmp_1", update)),
		"delete": second(instance.DeleteJWTTemplate(t.Context(), client, "jtmp_1")),
	} {
		if !clerk.HasCode(err, "resource_not_found") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTemplateKeyChanges(t *testing.T) {
	t.Parallel()
	i := start(t)
	client := i.Client()
	claims := object(map[string]any{})
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
		t.Errorf("the key is not taken away: %+v, %v", gone, err)
	}
}

func TestTemplateRefusals(t *testing.T) {
	t.Parallel()
	i := populated(t)
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
		if problems := got.problems(t); got.status != tc.status || problems[0] != tc.want {
			t.Errorf("%s: %d %v, want %d %s", tc.body, got.status, problems, tc.status, tc.want)
		}
	}
	if dump(t, i) != before {
		t.Error("a refused request changed something")
	}
}
