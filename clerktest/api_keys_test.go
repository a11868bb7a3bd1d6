package clerktest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
)

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
	ctx, client := t.Context(), i.Client()
	made, err := machines.CreateAPIKey(ctx, client, machines.CreateAPIKeyParams{
		Name: "pipeline", Subject: keySubject, Scopes: clerk.Set([]string{"read"}), Claims: clerk.Set[any](map[string]any{"tier": 1}),
		Description: clerk.Set("for the pipeline"), SecondsUntilExpiration: clerk.Set(60),
	})
	if err != nil {
		t.Fatal(err)
	}
	if made.Object != "api_key" || made.Type != "api_key" || !strings.HasPrefix(made.Secret, "ak_") || *made.Expiration != made.CreatedAt+60_000 || string(made.Claims) != `{"tier":1}` {
		t.Errorf("the key is %+v", made)
	}
	got, err := machines.GetAPIKey(ctx, client, made.ID)
	if err != nil || got.Secret != "" || got.Subject != keySubject || got.Expired || got.Revoked || got.LastUsedAt != nil {
		t.Errorf("the key is %+v, %v", got, err)
	}
	if secret, err := machines.GetAPIKeySecret(ctx, client, made.ID); err != nil || secret.Secret != made.Secret {
		t.Errorf("the secret differs, %v", err)
	}
	verified, err := machines.VerifyAPIKey(ctx, client, machines.VerifyAPIKeyParams{Secret: made.Secret})
	if err != nil || verified.ID != made.ID || verified.Secret != "" || verified.LastUsedAt == nil {
		t.Errorf("the verified key is %+v, %v", verified, err)
	}
	c.advance(time.Minute)
	if verified, err := machines.VerifyAPIKey(ctx, client, machines.VerifyAPIKeyParams{Secret: made.Secret}); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("after its expiration the key is %+v, %v", verified, err)
	}
	renewed, err := machines.UpdateAPIKey(ctx, client, made.ID, machines.UpdateAPIKeyParams{
		SecondsUntilExpiration: clerk.Null[int](), Claims: clerk.Null[any](), Scopes: clerk.Set([]string{}), Description: clerk.Null[string](),
	})
	if err != nil || renewed.Expired || renewed.Expiration != nil || len(renewed.Scopes) != 0 || renewed.Description != nil || string(renewed.Claims) != "null" || renewed.UpdatedAt == made.UpdatedAt {
		t.Errorf("the renewed key is %+v, %v", renewed, err)
	}
}

func TestAPIKeysEnd(t *testing.T) {
	t.Parallel()
	i := startInstance(t)
	ctx, client := t.Context(), i.Client()
	made, err := machines.CreateAPIKey(ctx, client, machines.CreateAPIKeyParams{Name: "pipeline", Subject: keySubject})
	if err != nil {
		t.Fatal(err)
	}
	revoked, err := machines.RevokeAPIKey(ctx, client, made.ID, machines.RevokeAPIKeyParams{RevocationReason: clerk.Set("leaked")})
	if err != nil || !revoked.Revoked || *revoked.RevocationReason != "leaked" {
		t.Errorf("the revoked key is %+v, %v", revoked, err)
	}
	if verified, err := machines.VerifyAPIKey(ctx, client, machines.VerifyAPIKeyParams{Secret: made.Secret}); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("after the revocation the key is %+v, %v", verified, err)
	}
	if gone, err := machines.DeleteAPIKey(ctx, client, made.ID); err != nil || !gone.Deleted {
		t.Errorf("the deleted key is %+v, %v", gone, err)
	}
	_, verify := machines.VerifyAPIKey(ctx, client, machines.VerifyAPIKeyParams{Secret: made.Secret})
	_, get := machines.GetAPIKey(ctx, client, made.ID)
	_, secret := machines.GetAPIKeySecret(ctx, client, made.ID)
	_, update := machines.UpdateAPIKey(ctx, client, made.ID, machines.UpdateAPIKeyParams{})
	_, revoke := machines.RevokeAPIKey(ctx, client, made.ID, machines.RevokeAPIKeyParams{})
	_, remove := machines.DeleteAPIKey(ctx, client, made.ID)
	for _, err := range []error{verify, get, secret, update, revoke, remove} {
		if !errors.Is(err, clerk.ErrNotFound) || strings.Contains(err.Error(), made.Secret) {
			t.Errorf("the deleted key: %v", err)
		}
	}
	if _, err := machines.VerifyAPIKey(ctx, client, machines.VerifyAPIKeyParams{Secret: "mt_1"}); !errors.Is(err, clerk.ErrBadRequest) {
		t.Errorf("a secret without the prefix of API keys: %v", err)
	}
}

func TestListAPIKeys(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
	ctx, client := t.Context(), i.Client()
	createKey := func(name string, life int) string {
		params := machines.CreateAPIKeyParams{Name: name, Subject: keySubject}
		if life > 0 {
			params.SecondsUntilExpiration = clerk.Set(life)
		}
		made, err := machines.CreateAPIKey(ctx, client, params)
		if err != nil {
			t.Fatal(err)
		}
		return made.ID
	}
	createKey("one", 0)
	createKey("short", 1)
	revoked := createKey("revoked", 0)
	createKey("two", 0)
	if _, err := machines.RevokeAPIKey(ctx, client, revoked, machines.RevokeAPIKeyParams{}); err != nil {
		t.Fatal(err)
	}
	c.advance(time.Second)
	other := "org_" + strings.Repeat("2", 27)
	for want, params := range map[string]machines.ListAPIKeysParams{
		"two one":               {Subject: keySubject},
		"two revoked short one": {Subject: keySubject, IncludeInvalid: clerk.Set(true)},
		"two":                   {Subject: keySubject, Limit: clerk.Set(1)},
		"one":                   {Subject: keySubject, Query: clerk.Set("ONE")},
		"":                      {Subject: other},
	} {
		page, err := machines.ListAPIKeys(ctx, client, params)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, k := range page.Data {
			names = append(names, k.Name)
			if k.Secret != "" {
				t.Errorf("the list shows the secret of %s", k.Name)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%+v lists %q, want %q", params, got, want)
		}
	}
}
