package clerktest_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
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

// publicKey fetches the instance's key from its JWKS.
func publicKey(t *testing.T, i *clerktest.Instance) (*rsa.PublicKey, string) {
	t.Helper()
	set, err := instance.GetJWKS(t.Context(), i.Client())
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Keys) != 1 || set.Keys[0].Alg != "RS256" || set.Keys[0].Use != "sig" || set.Keys[0].Kty != "RSA" {
		t.Fatalf("the key set is %+v", set)
	}
	n, err := base64.RawURLEncoding.DecodeString(*set.Keys[0].N)
	if err != nil {
		t.Fatal(err)
	}
	e, err := base64.RawURLEncoding.DecodeString(*set.Keys[0].E)
	if err != nil {
		t.Fatal(err)
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, set.Keys[0].Kid
}

// parts decodes a token without trusting it.
func parts(t *testing.T, token string) (header, claims map[string]any) {
	t.Helper()
	segments := strings.Split(token, ".")
	if len(segments) != 3 {
		t.Fatalf("the token has %d parts", len(segments))
	}
	for n, into := range []*map[string]any{&header, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(segments[n])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}

// verify checks the signature of a token with the instance's published key.
func verify(t *testing.T, i *clerktest.Instance, token string) error {
	t.Helper()
	key, kid := publicKey(t, i)
	header, _ := parts(t, token)
	if header["kid"] != kid || header["alg"] != "RS256" {
		return errors.New("another key")
	}
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(token[:dot]))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
}

func seconds(t time.Time) float64 { return float64(t.Unix()) }

func TestSessionToken(t *testing.T) {
	t.Parallel()
	c := newClock()
	seed, err := clerktest.ParseSeed([]byte(population))
	if err != nil {
		t.Fatal(err)
	}
	seed.SigningKey = signingKey()
	i := start(t, clerktest.WithSeed(seed), clerktest.WithClock(c.now))
	s := i.CreateSession("user_1")
	c.advance(3 * time.Minute)
	token, err := sessions.CreateSessionToken(t.Context(), i.Client(), s.ID, sessions.CreateSessionTokenParams{})
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(t, i, token.JWT); err != nil {
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
		"iat": seconds(c.now()), "nbf": seconds(c.now()) - 10, "exp": seconds(c.now()) + 60,
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	token, err = sessions.CreateSessionToken(t.Context(), i.Client(), s.ID, sessions.CreateSessionTokenParams{ExpiresInSeconds: clerk.Set(600)})
	if err != nil {
		t.Fatal(err)
	}
	if _, claims := parts(t, token.JWT); claims["exp"] != seconds(c.now())+600 {
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
	i := start(t, clerktest.WithClock(c.now))
	ada := i.CreateUser(users.CreateUserParams{FirstName: clerk.Set("Ada")})
	now := seconds(c.now())
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
		if err := verify(t, i, token); err != nil {
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

func TestStrangersToken(t *testing.T) {
	t.Parallel()
	i := start(t)
	stranger := i.Token(clerktest.SignedByStranger())
	if err := verify(t, i, stranger); err == nil {
		t.Error("a stranger's token verifies")
	}
	if header, _ := parts(t, stranger); header["kid"] != i.ID() {
		t.Errorf("a stranger's token names the key %v", header["kid"])
	}
}

func TestTokenMakesUp(t *testing.T) {
	t.Parallel()
	i := start(t)
	_, claims := parts(t, i.Token())
	u := i.User(claims["sub"].(string))
	if u == nil {
		t.Fatal("the token's user is not there")
	}
	s, err := sessions.GetSession(t.Context(), i.Client(), claims["sid"].(string))
	if err != nil || s.UserID != u.ID || s.Status != "active" {
		t.Errorf("the token's session is %+v, %v", s, err)
	}
	if _, again := parts(t, i.Token(clerktest.ForUser(u.ID))); again["sid"] != claims["sid"] {
		t.Error("a second token begins a second session")
	}
	bare, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a token for nobody is made")
		}
	}()
	bare.Token(clerktest.ForUser("user_nobody"))
}

func TestJWTKey(t *testing.T) {
	t.Parallel()
	i := start(t)
	block, _ := pem.Decode([]byte(i.JWTKey()))
	if block == nil {
		t.Fatal("the JWT key is no PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if key, _ := publicKey(t, i); !key.Equal(parsed) {
		t.Error("the JWT key is not the key of the JWKS")
	}
}

// templateClaims has every kind of shortcode.
const templateClaims = `{
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
	i := start(t, clerktest.WithClock(c.now))
	client := i.Client()
	u := i.CreateUser(users.CreateUserParams{
		FirstName: clerk.Set("Maria"), EmailAddress: clerk.Set([]string{"maria@example.com"}),
		PublicMetadata:  clerk.SetMetadata(json.RawMessage(`{"profile":{"likes":["reading"]},"n":9007199254740993,"no":false}`)),
		PrivateMetadata: clerk.SetMetadata(map[string]any{"secret": "hidden"}),
	})
	s := i.CreateSession(u.ID)
	template, err := instance.CreateJWTTemplate(t.Context(), client, instance.CreateJWTTemplateParams{
		Name: "supabase", Claims: object(json.RawMessage(templateClaims)), Lifetime: clerk.Set(300), AllowedClockSkew: clerk.Set(0),
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
	if err := verify(t, i, token.JWT); err != nil {
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
		"iss": i.Issuer(), "sub": u.ID, "iat": seconds(c.now()), "nbf": seconds(c.now()), "exp": seconds(c.now()) + 300,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestMintedTemplateToken(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := start(t, clerktest.WithClock(c.now))
	i.CreateUser(users.CreateUserParams{Username: clerk.Set("ada")})
	i.CreateJWTTemplate("supabase", map[string]any{"aud": "authenticated", "name": "{{user.username}}"})
	_, claims := parts(t, i.Token(clerktest.FromTemplate("supabase"), clerktest.Expired()))
	if claims["exp"] != seconds(c.now())-3600 || claims["aud"] != "authenticated" || claims["name"] != "ada" {
		t.Errorf("a minted template token has the claims %v", claims)
	}
}

func TestTemplateSigningKeys(t *testing.T) {
	t.Parallel()
	i := populated(t)
	client := i.Client()
	secret := "an HMAC secret of the other service"
	if _, err := instance.CreateJWTTemplate(t.Context(), client, instance.CreateJWTTemplateParams{
		Name: "legacy", Claims: object(map[string]any{"role": "x"}),
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
			Name: name, Claims: object(map[string]any{}),
			CustomSigningKey: clerk.Set(true), SigningAlgorithm: clerk.Set(algorithm), SigningKey: clerk.Set(signingKey()),
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
