package auth

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"testing"
)

// minting is a token that is being made.
type minting struct {
	header, claims        map[string]any
	rawHeader, rawPayload []byte
	signature             *string
	key                   *rsa.PrivateKey
}

type mintOption func(*minting)

// withHeader sets a header parameter; nil is a JSON null.
func withHeader(name string, v any) mintOption {
	return func(m *minting) { m.header[name] = v }
}

func withoutHeader(names ...string) mintOption {
	return func(m *minting) {
		for _, name := range names {
			delete(m.header, name)
		}
	}
}

// withClaim sets a claim; nil is a JSON null.
func withClaim(name string, v any) mintOption {
	return func(m *minting) { m.claims[name] = v }
}

func withClaims(claims map[string]any) mintOption {
	return func(m *minting) { maps.Copy(m.claims, claims) }
}

func withoutClaim(names ...string) mintOption {
	return func(m *minting) {
		for _, name := range names {
			delete(m.claims, name)
		}
	}
}

// withRawHeader takes bytes for the header, which need not be JSON.
func withRawHeader(raw string) mintOption {
	return func(m *minting) { m.rawHeader = []byte(raw) }
}

// withRawPayload takes bytes for the payload, which need not be JSON.
func withRawPayload(raw string) mintOption {
	return func(m *minting) { m.rawPayload = []byte(raw) }
}

// withSignature puts text in the place of the signature.
func withSignature(text string) mintOption {
	return func(m *minting) { m.signature = &text }
}

func signedBy(key *rsa.PrivateKey) mintOption {
	return func(m *minting) { m.key = key }
}

// mint makes a session token that is valid at testNow, changed by opts. It is signed as
// its alg says where that is an RSA algorithm with PKCS #1 v1.5, and with RS256 otherwise.
func mint(tb testing.TB, opts ...mintOption) string {
	tb.Helper()
	m := &minting{
		header: map[string]any{"alg": "RS256", "cat": categorySession, "kid": testKeyID, "typ": "JWT"},
		claims: map[string]any{
			"iss": testIssuer, "sub": testUser, "sid": testSession, "azp": testParty,
			"exp": testNow.Unix() + 60, "iat": testNow.Unix(), "nbf": testNow.Unix() - 10,
			"jti": "004f0096e5cd44911924", "fva": []int{7, -1}, "sts": "active", "v": 2,
		},
		key: testKey(),
	}
	for _, opt := range opts {
		opt(m)
	}
	if m.rawHeader == nil {
		m.rawHeader = mustJSON(tb, m.header)
	}
	if m.rawPayload == nil {
		m.rawPayload = mustJSON(tb, m.claims)
	}
	signed := segment(m.rawHeader) + "." + segment(m.rawPayload)
	if m.signature != nil {
		return signed + "." + *m.signature
	}
	alg, _ := m.header["alg"].(string)
	return signed + "." + segment(sign(tb, m.key, alg, signed))
}

func segment(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func mustJSON(tb testing.TB, v any) []byte {
	tb.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func sign(tb testing.TB, key *rsa.PrivateKey, alg, signed string) []byte {
	tb.Helper()
	hash := map[string]crypto.Hash{"RS384": crypto.SHA384, "RS512": crypto.SHA512}[alg]
	if hash == 0 {
		hash = crypto.SHA256
	}
	h := hash.New()
	h.Write([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, hash, h.Sum(nil))
	if err != nil {
		tb.Fatal(err)
	}
	return signature
}

// sessionToken returns a token like those that Clerk issues to members of an organization.
func sessionToken(tb testing.TB) string {
	now := testNow.Unix()
	return mint(tb, withRawPayload(fmt.Sprintf(`{"azp":%q,"exp":%d,"fea":"o:dashboard,o:impersonation,o:teams,`+
		`u:billing,o:audit_log,o:api_keys,o:webhooks,o:sso,u:priority_support,o:custom_domains","fva":[7,-1],"iat":%d,`+
		`"iss":%q,"jti":"004f0096e5cd44911924","nbf":%d,"o":{"fpm":"3,2,7,0,1,5,3,2","id":"org_2fZ8NwE0uIyPa3ScDf7GhJkLz9X",`+
		`"per":"read,manage,delete","rol":"admin","slg":"example-organization"},"pla":"o:pro","sid":%q,"sts":"active",`+
		`"sub":%q,"v":2}`, testParty, now+60, now, testIssuer, now-10, testSession, testUser)))
}

// m2mJWT and oauthJWT make the JWTs that Clerk issues to machines and OAuth applications.
func m2mJWT(tb testing.TB, opts ...mintOption) string {
	tb.Helper()
	return mint(tb, append([]mintOption{withClaim("sub", "mch_1"), withoutClaim("azp", "sid", "v", "fva", "sts"), withHeader("cat", categoryM2M)}, opts...)...)
}

func oauthJWT(tb testing.TB, opts ...mintOption) string {
	tb.Helper()
	return mint(tb, append([]mintOption{withHeader("typ", "at+jwt"), withoutHeader("cat"), withoutClaim("azp", "sid", "v", "fva", "sts"), withClaim("client_id", "client_1")}, opts...)...)
}

// mintHandshake makes a handshake token that sets the cookies of directives.
func mintHandshake(tb testing.TB, directives []any, opts ...mintOption) string {
	opts = append([]mintOption{
		withoutClaim("sub", "sid", "azp", "exp", "nbf", "jti", "fva", "sts", "v"), withClaim("handshake", directives),
	}, opts...)
	return mint(tb, opts...)
}

// claimsOf returns the claims of a token that holds payload and nothing else.
func claimsOf(t *testing.T, payload string) *Claims {
	t.Helper()
	c, ok := decodeClaims(payload)
	if !ok {
		t.Fatalf("payload is refused: %s", payload)
	}
	return c
}
