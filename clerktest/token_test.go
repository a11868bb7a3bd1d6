package clerktest_test

import (
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/google/go-cmp/cmp"
)

func TestSessionToken(t *testing.T) {
	t.Parallel()
	c := newClock()
	seed := parseSeed(t, populationSeed(t))
	i := startInstance(t, clerktest.WithSeed(seed), clerktest.WithClock(c.now))
	s := i.CreateSession("user_1")
	c.advance(3 * time.Minute)
	token, err := sessions.CreateSessionToken(t.Context(), i.Client(), s.ID, sessions.CreateSessionTokenParams{})
	if err != nil {
		t.Fatal(err)
	}
	if err := verifySignature(t, i, token.JWT); err != nil {
		t.Errorf("the token does not verify: %v", err)
	}
	header, claims := parts(t, token.JWT)
	wantHeader := map[string]any{"alg": "RS256", "cat": "cl_B7d4PD111AAA", "kid": i.ID(), "typ": "JWT"}
	if diff := cmp.Diff(wantHeader, header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if jti, _ := claims["jti"].(string); jti == "" {
		t.Error("the token has no jti")
	}
	delete(claims, "jti")
	want := map[string]any{
		"iss": i.Issuer(), "sub": "user_1", "sid": s.ID, "sts": "active", "v": 2., "fva": []any{3., -1.},
		"iat": unixSeconds(c.now()), "nbf": unixSeconds(c.now()) - 10, "exp": unixSeconds(c.now()) + 60,
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	token, err = sessions.CreateSessionToken(t.Context(), i.Client(), s.ID, sessions.CreateSessionTokenParams{ExpiresInSeconds: clerk.Set(600)})
	if err != nil {
		t.Fatal(err)
	}
	if _, claims := parts(t, token.JWT); claims["exp"] != unixSeconds(c.now())+600 {
		t.Errorf("the token ends at %v", claims["exp"])
	}
}

var acme = clerktest.Organization{
	ID: "org_1", Slug: "acme", Role: "org:admin",
	Permissions: []string{"org:invoices:read", "org:teams:manage", "org:invoices:manage", "org:sys_memberships:read"},
}

func TestTokenOptions(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
	ada := i.CreateUser(users.CreateUserParams{FirstName: clerk.Set("Ada")})
	now := unixSeconds(c.now())
	type m = map[string]any
	for name, tc := range map[string]struct {
		opts           []clerktest.TokenOption
		header, claims m // nil: absent
	}{
		"plain":      {nil, m{"cat": "cl_B7d4PD111AAA"}, m{"sub": ada.ID, "sts": "active", "v": 2., "azp": nil, "o": nil, "act": nil}},
		"version 1":  {[]clerktest.TokenOption{clerktest.Version1()}, m{"typ": "JWT"}, m{"v": nil, "jti": nil, "sts": "active"}},
		"pending":    {[]clerktest.TokenOption{clerktest.Pending()}, nil, m{"sts": "pending"}},
		"expired":    {[]clerktest.TokenOption{clerktest.Expired()}, nil, m{"iat": now - 3660, "exp": now - 3600}},
		"not active": {[]clerktest.TokenOption{clerktest.NotYetActive()}, nil, m{"iat": now + 3600, "nbf": now + 3590}},
		"long":       {[]clerktest.TokenOption{clerktest.WithLifetime(time.Hour)}, nil, m{"iat": now, "exp": now + 3600}},
		"long ago":   {[]clerktest.TokenOption{clerktest.Expired(), clerktest.WithLifetime(time.Hour)}, nil, m{"exp": now - 3600}},
		"party":      {[]clerktest.TokenOption{clerktest.WithAuthorizedParty("http://app.test")}, nil, m{"azp": "http://app.test"}},
		"actor":      {[]clerktest.TokenOption{clerktest.WithActor("user_2")}, nil, m{"act": m{"sub": "user_2"}, "sub": ada.ID}},
		"factors":    {[]clerktest.TokenOption{clerktest.WithFactorAges(1, 2)}, nil, m{"fva": []any{1., 2.}}},
		"claims":     {[]clerktest.TokenOption{clerktest.WithClaim("a", 1), clerktest.WithoutClaim("sid")}, nil, m{"a": 1., "sid": nil}},
		"header":     {[]clerktest.TokenOption{clerktest.WithHeader("cat", "x"), clerktest.WithoutHeader("typ")}, m{"cat": "x", "typ": nil}, nil},
		"machine":    {[]clerktest.TokenOption{clerktest.ForMachine("mch_1")}, m{"cat": "cl_B7d4PD333AAA", "typ": "JWT"}, m{"sub": "mch_1", "sid": nil, "exp": now + 3600}},
		"oauth":      {[]clerktest.TokenOption{clerktest.ForOAuthClient("oa_1")}, m{"cat": nil, "typ": "at+jwt"}, m{"sub": ada.ID, "client_id": "oa_1", "sid": nil}},
		"organization 1": {[]clerktest.TokenOption{clerktest.Version1(), clerktest.WithOrganization(acme)}, nil, m{
			"o": nil, "org_id": "org_1", "org_slug": "acme", "org_role": "org:admin",
			"org_permissions": []any{"org:invoices:read", "org:teams:manage", "org:invoices:manage"},
		}},
		"organization 2": {[]clerktest.TokenOption{clerktest.WithOrganization(acme)}, nil, m{
			"fea": "o:invoices,o:teams",
			"o":   m{"id": "org_1", "slg": "acme", "rol": "admin", "per": "read,manage", "fpm": "3,2"},
		}},
	} {
		token := i.Token(tc.opts...)
		if err := verifySignature(t, i, token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		header, claims := parts(t, token)
		for _, check := range []struct{ want, got m }{{tc.header, header}, {tc.claims, claims}} {
			for key, want := range check.want {
				got, there := check.got[key]
				if there != (want != nil) || there && !cmp.Equal(want, got) {
					t.Errorf("%s: %s is %v, want %v", name, key, got, want)
				}
			}
		}
	}
}

func TestSignedByStranger(t *testing.T) {
	t.Parallel()
	i := startInstance(t)
	stranger := i.Token(clerktest.SignedByStranger())
	if err := verifySignature(t, i, stranger); err == nil {
		t.Error("a stranger's token verifies")
	}
	if header, _ := parts(t, stranger); header["kid"] != i.ID() {
		t.Errorf("a stranger's token names the key %v", header["kid"])
	}
}

func TestTokenCreatesUser(t *testing.T) {
	t.Parallel()
	i := startInstance(t)
	_, claims := parts(t, i.Token())
	u := i.User(claims["sub"].(string))
	if u == nil {
		t.Fatal("the instance does not have the token's user")
	}
	s, err := sessions.GetSession(t.Context(), i.Client(), claims["sid"].(string))
	if err != nil || s.UserID != u.ID || s.Status != "active" {
		t.Errorf("the token's session is %+v, %v", s, err)
	}
	if _, again := parts(t, i.Token(clerktest.ForUser(u.ID))); again["sid"] != claims["sid"] {
		t.Error("a second token has a different session")
	}
	bare, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("Token does not panic for a user that does not exist")
		}
	}()
	bare.Token(clerktest.ForUser("user_nobody"))
}
