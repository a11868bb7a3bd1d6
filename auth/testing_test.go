package auth

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// What a token holds unless a test says otherwise.
const (
	testKeyID   = "ins_2fZ7pQxYkJm3VbT0sRc9WnLdE1u"
	testIssuer  = "https://clerk.example.com"
	testParty   = "https://app.example.com"
	testUser    = "user_2fZ8Ksa93LqPzYv0NbXc7RtWmE4"
	testSession = "sess_2fZ8LdT5hGkWq1JxVo6MnYbCr2A"
)

// testNow is the time at which tokens are minted and, by default, verified.
var testNow = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func testClock() time.Time { return testNow }

// minting is a token in the making.
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

// withRawHeader takes bytes for the header, which need be no JSON.
func withRawHeader(raw string) mintOption {
	return func(m *minting) { m.rawHeader = []byte(raw) }
}

// withRawPayload takes bytes for the payload, which need be no JSON.
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

// keyMap is a key source that has its keys already.
type keyMap map[string]verificationKey

func (m keyMap) key(_ context.Context, kid string) (verificationKey, error) {
	if key, ok := m[kid]; ok {
		return key, nil
	}
	return verificationKey{}, refuse(ReasonJWKKidMismatch)
}

// testVerifier accepts what mint makes.
func testVerifier() *verifier {
	keys := keyMap{testKeyID: {key: &testKey().PublicKey, alg: "RS256"}}
	v := newVerifier(keys, testClock)
	v.skew = 5 * time.Second
	return v
}

// reasonOf returns the reason for which err refuses a token, and "" for no error.
func reasonOf(tb testing.TB, err error) Reason {
	tb.Helper()
	if err == nil {
		return ""
	}
	var refused *TokenError
	if !errors.As(err, &refused) {
		tb.Fatalf("error is %T (%v), want a *TokenError", err, err)
	}
	return refused.Reason
}

// The instance that testIssuer belongs to, taken for one in production and one
// in development.
var (
	liveKey = publishableKeyOf("pk_live_", "clerk.example.com")
	devKey  = publishableKeyOf("pk_test_", "clerk.example.com")
)

func publishableKeyOf(prefix, host string) string {
	return prefix + base64.RawStdEncoding.EncodeToString([]byte(host+"$"))
}

func testPEM(tb testing.TB) string {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(&testKey().PublicKey)
	if err != nil {
		tb.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// newTestAuthenticator accepts what mint makes, in production, with no client.
func newTestAuthenticator(tb testing.TB, opts ...Option) *Authenticator {
	tb.Helper()
	base := []Option{WithJWTKey(testPEM(tb)), WithPublishableKey(liveKey), WithClock(testClock)}
	a, err := New(nil, append(base, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

type requestOption func(*http.Request)

// withField adds a line to the request's header.
func withField(name, value string) requestOption {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

func withBearer(token string) requestOption { return withField("Authorization", "Bearer "+token) }

// withCookie adds to the one Cookie line that browsers send.
func withCookie(name, value string) requestOption {
	return func(r *http.Request) {
		line := name + "=" + value
		if before := r.Header.Get("Cookie"); before != "" {
			line = before + "; " + line
		}
		r.Header.Set("Cookie", line)
	}
}

// asPageLoad makes the request what a browser sends for a new page.
func asPageLoad(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "document") }

func withMethod(method string) requestOption { return func(r *http.Request) { r.Method = method } }

func newRequest(tb testing.TB, target string, opts ...requestOption) *http.Request {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, target, nil)
	r.Host = "app.example.com"
	for _, opt := range opts {
		opt(r)
	}
	return r
}

func stateOf(tb testing.TB, a *Authenticator, r *http.Request) *State {
	tb.Helper()
	s, err := a.Authenticate(r)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
