package clerktest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/oauth"
)

// verdict is the result of the verification of a token.
type verdict struct{ found, revoked, expired bool }

// verifyOpaque verifies a token of any kind and returns its subject and scopes.
func verifyOpaque(t *testing.T, client *clerk.Client, token string) (verdict, string, []string) {
	ctx := t.Context()
	switch token[:3] {
	case "ak_":
		k, err := machines.VerifyAPIKey(ctx, client, machines.VerifyAPIKeyParams{Secret: token})
		if err != nil {
			return verdict{}, "", nil
		}
		return verdict{true, k.Revoked, k.Expired}, k.Subject, k.Scopes
	case "mt_":
		k, err := machines.VerifyM2MToken(ctx, client, machines.VerifyM2MTokenParams{Token: token})
		if err != nil {
			return verdict{}, "", nil
		}
		return verdict{true, k.Revoked, k.Expired}, k.Subject, k.Scopes
	default:
		k, err := oauth.VerifyOAuthAccessToken(ctx, client, oauth.VerifyOAuthAccessTokenParams{AccessToken: clerk.Set(token)})
		if err != nil {
			return verdict{}, "", nil
		}
		if k.Active != nil && !*k.Active {
			return verdict{true, false, true}, "", nil
		}
		return verdict{true, *k.Revoked, *k.Expired}, *k.Subject, k.Scopes
	}
}

// TestOpaqueTokens verifies opaque tokens that Token returns.
func TestOpaqueTokens(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	client := i.Client()
	verdictOf := func(token string) (verdict, string, []string) { return verifyOpaque(t, client, token) }
	kinds := map[string]struct {
		opts    []clerktest.TokenOption
		subject string
		scopes  []string
	}{
		"API key":            {[]clerktest.TokenOption{clerktest.ForAPIKey("org_1")}, "org_1", nil},
		"M2M token":          {[]clerktest.TokenOption{clerktest.ForMachine(machineOne), clerktest.Opaque()}, machineOne, []string{"mch_2"}},
		"M2M of no machine":  {[]clerktest.TokenOption{clerktest.ForMachine("mch_none"), clerktest.Opaque()}, "mch_none", nil},
		"OAuth token":        {[]clerktest.TokenOption{clerktest.ForOAuthClient("client_1"), clerktest.Opaque()}, "user_1", []string{"profile", "email"}},
		"OAuth token as JWT": {[]clerktest.TokenOption{clerktest.ForOAuthClient("client_1")}, "user_1", []string{"profile", "email"}},
	}
	for name, kind := range kinds {
		with := func(more ...clerktest.TokenOption) string {
			return i.Token(append(append([]clerktest.TokenOption{}, kind.opts...), more...)...)
		}
		got, subject, scopes := verdictOf(with())
		if (got != verdict{found: true}) || subject != kind.subject || strings.Join(scopes, " ") != strings.Join(kind.scopes, " ") {
			t.Errorf("%s: %+v, %q, %q", name, got, subject, scopes)
		}
		if _, _, scopes := verdictOf(with(clerktest.WithScopes("x", "y"))); strings.Join(scopes, " ") != "x y" {
			t.Errorf("%s: scopes are %q", name, scopes)
		}
		if got, _, _ := verdictOf(with(clerktest.Expired())); got.found && !got.expired || got.found != strings.HasSuffix(name, "JWT") {
			t.Errorf("%s, expired: %+v", name, got)
		}
		if got, _, _ := verdictOf(with(clerktest.WithLifetime(time.Hour))); got != (verdict{found: true}) {
			t.Errorf("%s, for an hour: %+v", name, got)
		}
		if got, _, _ := verdictOf(with(clerktest.SignedByStranger())); got.found {
			t.Errorf("%s, signed by a stranger: %+v", name, got)
		}
		if strings.HasSuffix(name, "JWT") {
			continue
		}
		if got, _, _ := verdictOf(with(clerktest.Revoked())); got.found {
			t.Errorf("%s, revoked: %+v", name, got)
		}
	}
}

func TestOpaqueTokenClaims(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	ctx, client := t.Context(), i.Client()
	key, err := machines.VerifyAPIKey(ctx, client, machines.VerifyAPIKeyParams{Secret: i.Token(clerktest.ForAPIKey("user_1"), clerktest.WithClaim("tier", 1))})
	if err != nil || string(key.Claims) != `{"tier":1}` {
		t.Errorf("the key has claims %s, %v", key.Claims, err)
	}
	for name, params := range map[string]oauth.VerifyOAuthAccessTokenParams{
		"nothing": {}, "an unknown prefix": {AccessToken: clerk.Set("ak_1")},
	} {
		if _, err := oauth.VerifyOAuthAccessToken(ctx, client, params); !errors.Is(err, clerk.ErrBadRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	//lint:ignore SA1019 the deprecated name must work, too
	if _, err := oauth.VerifyOAuthAccessToken(ctx, client, oauth.VerifyOAuthAccessTokenParams{Secret: clerk.Set("oat_seeded")}); err != nil {
		t.Errorf("with the deprecated parameter: %v", err)
	}
}
