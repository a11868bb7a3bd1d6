package clerktest_test

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

func TestJWTKey(t *testing.T) {
	t.Parallel()
	i := startInstance(t)
	block, _ := pem.Decode([]byte(i.JWTKey()))
	if block == nil {
		t.Fatal("the JWT key is not PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if key, _ := publicKey(t, i); !key.Equal(parsed) {
		t.Error("the JWT key is not the key of the JWKS")
	}
}

func TestProductionKeys(t *testing.T) {
	t.Parallel()
	i := startSeeded(t, `{"production": true}`)
	if !strings.HasPrefix(i.SecretKey(), "sk_live_emulated_") || !strings.HasPrefix(i.PublishableKey(), "pk_live_Y2xlcmsuZW11bGF0b3It") || !strings.HasPrefix(i.Issuer(), "https://clerk.emulator-") {
		t.Errorf("the keys are %s, %s, %s", i.SecretKey(), i.PublishableKey(), i.Issuer())
	}
	if kind := i.Client().InstanceType(); kind != "production" {
		t.Errorf("the instance type of the client is %s", kind)
	}
	again := clerktest.New(t, clerktest.WithSeed(i.Seed()))
	if !slices.Equal(again.Env()[:2], i.Env()[:2]) {
		t.Error("the seed of a production instance has different keys")
	}
	r := httptest.NewRequest(http.MethodGet, "https://app.emulator.test/", nil)
	i.CreateSession(madeUpUser(t, i))
	i.SignInCookies(r, i.Seed().Users[0].ID)
	if _, err := r.Cookie("__clerk_db_jwt"); err == nil {
		t.Error("a production instance sets a development browser token")
	}
	for text, want := range map[string]string{
		`{"production":true,"secret_key":"sk_live_abc"}`:                              "secret_key must be sk_live_emulated_",
		`{"production":true,"secret_key":"sk_live_emulated_"}`:                        "secret_key must be sk_live_emulated_",
		`{"production":true,"secret_key":"sk_test_abc"}`:                              "secret_key must be sk_live_emulated_",
		`{"secret_key":"sk_live_emulated_abc"}`:                                       "secret_key must be sk_test_",
		`{"production":true,"publishable_key":"pk_test_Y2xlcmsuZW11bGF0b3IudGVzdCQ"}`: "publishable_key does not begin with pk_live_",
		`{"production":true,"frontend_api":"api.example.com"}`:                        "must be clerk. and the domain",
		`{"production":true,"frontend_api":"clerk.com"}`:                              "must be clerk. and the domain",
		`{"production":true,"publishable_key":"pk_live_YXBpLmV4YW1wbGUuY29tJA"}`:      "must be clerk. and the domain",
		`{"production":"yes"}`:                                                        "production",
	} {
		seed, err := clerktest.ParseSeed([]byte(text))
		if err == nil {
			seed.SigningKey = signingKey
			_, err = clerktest.NewInstance(seed)
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// madeUpUser returns the ID of the user that Token creates in an empty instance.
func madeUpUser(t *testing.T, i *clerktest.Instance) string {
	t.Helper()
	i.Token()
	return i.Seed().Users[0].ID
}
