package clerktest_test

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/instance"
	"github.com/backend-sdk/clerk-go/users"
	gocmp "github.com/google/go-cmp/cmp"
)

const seedFile = `{
	"secret_key": "sk_test_seeded",
	"frontend_api": "quick-fox-7.clerk.accounts.dev",
	"instance_id": "ins_seeded",
	"users": [
		{"id": "user_ada", "username": "ada", "public_metadata": {"n": 9007199254740993},
		 "email_addresses": [{"email_address": "ada@example.com"}, {"email_address": "held@example.com", "reserved": true}],
		 "phone_numbers": [{"phone_number": "+15555550100"}]},
		{"id": "user_bob", "created_at": 1700000000000, "delete_self_enabled": false, "banned": true, "locked": true}
	],
	"sessions": [
		{"id": "sess_ada", "user_id": "user_ada", "organization": {"id": "org_1", "slug": "acme", "role": "org:admin", "permissions": ["org:a:read"]}},
		{"id": "sess_old", "user_id": "user_ada", "status": "ended"},
		{"id": "sess_new", "user_id": "user_bob", "status": "pending"}
	],
	"jwt_templates": [
		{"name": "supabase", "claims": {"role": "authenticated"}},
		{"name": "legacy", "claims": {}, "allowed_clock_skew": 0, "custom_signing_key": true, "signing_algorithm": "HS256", "signing_key": "secret"}
	]
}`

// startWithoutKey starts an instance that has no signing key from its seed, and so derives
// or generates one.
func startWithoutKey(t *testing.T, text string) *clerktest.Instance {
	t.Helper()
	seed := parseSeed(t, text)
	seed.SigningKey = ""
	return clerktest.New(t, clerktest.WithSeed(seed))
}

func TestSeed(t *testing.T) {
	t.Parallel()
	i := startSeeded(t, seedFile)
	if i.SecretKey() != "sk_test_seeded" || i.ID() != "ins_seeded" || i.Issuer() != "https://quick-fox-7.clerk.accounts.dev" {
		t.Errorf("the keys are %s, %s, %s", i.SecretKey(), i.ID(), i.Issuer())
	}
	if i.PublishableKey() != "pk_test_cXVpY2stZm94LTcuY2xlcmsuYWNjb3VudHMuZGV2JA" {
		t.Errorf("the publishable key is %s", i.PublishableKey())
	}
	ada, bob := i.User("user_ada"), i.User("user_bob")
	if *ada.PrimaryEmailAddressID != ada.EmailAddresses[0].ID || ada.EmailAddresses[0].Verification == nil || ada.EmailAddresses[1].Verification != nil {
		t.Errorf("the email addresses are %+v", ada.EmailAddresses)
	}
	if !ada.DeleteSelfEnabled || bob.DeleteSelfEnabled || !bob.Banned || !bob.Locked || bob.CreatedAt != 1700000000000 || bob.UpdatedAt != bob.CreatedAt {
		t.Errorf("the users are %+v and %+v", ada, bob)
	}
	_, claims := parts(t, i.Token(clerktest.ForSession("sess_ada")))
	if diff := gocmp.Diff(map[string]any{"id": "org_1", "slg": "acme", "rol": "admin", "per": "read", "fpm": "1"}, claims["o"]); diff != "" {
		t.Errorf("organization (-want +got):\n%s", diff)
	}
	if _, claims := parts(t, i.Token(clerktest.ForSession("sess_new"))); claims["sts"] != "pending" {
		t.Errorf("the status of a pending session is %v", claims["sts"])
	}
	if got := send(t, i, "POST", "/sessions/sess_ada/tokens/legacy", ""); got.status != 200 {
		t.Errorf("a template of the seed: %d %s", got.status, got.body)
	}
}

// TestSeedRestart checks that two instances with the same seed are equal, also if the
// seed is that of a running instance.
func TestSeedRestart(t *testing.T) {
	t.Parallel()
	one, two := startWithoutKey(t, seedFile), startWithoutKey(t, seedFile)
	if diff := gocmp.Diff(dump(t, one), dump(t, two)); diff != "" {
		t.Errorf("a restart differs (-before +after):\n%s", diff)
	}
	if one.JWTKey() != two.JWTKey() {
		t.Error("the signing key changes with a restart")
	}
	token := one.Token(clerktest.ForSession("sess_ada"))
	if err := verifySignature(t, two, token); err != nil {
		t.Errorf("a token from before the restart: %v", err)
	}
	u := one.CreateUser(users.CreateUserParams{
		EmailAddress: clerk.Set([]string{"new@example.com"}), Web3Wallet: clerk.Set([]string{"0x0123456789abcdef0123456789abcdef01234567"}),
		Password: clerk.Set("long enough"), PrivateMetadata: clerk.SetMetadata(map[string]any{"a": nil}),
	})
	one.CreateSession(u.ID)
	if _, err := instance.CreateJWTTemplate(t.Context(), one.Client(), instance.CreateJWTTemplateParams{Name: "n", Claims: toMetadata(map[string]any{"a": 1})}); err != nil {
		t.Fatal(err)
	}
	if _, err := users.DeleteUser(t.Context(), one.Client(), "user_ada"); err != nil {
		t.Fatal(err)
	}
	held := dump(t, one)
	if diff := gocmp.Diff(held, dump(t, startSeeded(t, held))); diff != "" {
		t.Errorf("an instance with the seed of another differs (-want +got):\n%s", diff)
	}
}

// TestSeedKeys checks that missing keys are generated, and that a secret key determines
// them.
func TestSeedKeys(t *testing.T) {
	t.Parallel()
	one, two, other := startWithoutKey(t, `{"secret_key":"sk_test_a"}`), startWithoutKey(t, `{"secret_key":"sk_test_a"}`), startWithoutKey(t, `{"secret_key":"sk_test_b"}`)
	if one.ID() != two.ID() || one.JWTKey() != two.JWTKey() {
		t.Error("the same secret key leads to different keys")
	}
	if one.ID() == other.ID() || one.JWTKey() == other.JWTKey() {
		t.Error("different secret keys lead to the same keys")
	}
	if err := verifySignature(t, one, one.Token()); err != nil {
		t.Error(err)
	}
	if a, b := startWithoutKey(t, `{}`), startWithoutKey(t, `{}`); a.SecretKey() == b.SecretKey() || a.JWTKey() == b.JWTKey() {
		t.Error("two empty seeds lead to the same keys")
	}
	kept := startSeeded(t, `{"signing_key":`+string(encodeJSON(t, signingKey))+`}`)
	if kept.Seed().SigningKey != signingKey {
		t.Error("the signing key is not the seed's")
	}
}

func encodeJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSeedRefusals(t *testing.T) {
	t.Parallel()
	const ed25519 = `-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n`
	for text, want := range map[string]string{
		`{`:                            "not well-formed",
		`[]`:                           "not a JSON object",
		`{"user":[]}`:                  "user is",
		`{"users":{}}`:                 "users must be of type array",
		`{"secret_key":1}`:             "secret_key must be of type string",
		`{"secret_key":"sk_live_abc"}`: "secret_key must be sk_test_",
		`{"secret_key":"sk_test_"}`:    "secret_key must be sk_test_",
		`{"publishable_key":"pk_live_Y2xlcmsuZXhhbXBsZS5jb20k"}`:                  "publishable_key does not begin with pk_test_",
		`{"publishable_key":"pk_test_!"}`:                                         "publishable_key is not base64",
		`{"publishable_key":"pk_test_Y2xlcms"}`:                                   "publishable_key does not hold a host",
		`{"frontend_api":"https://a.b"}`:                                          "frontend_api must be a host",
		`{"frontend_api":"a.example","publishable_key":"pk_test_Yi5leGFtcGxlJA"}`: "frontend_api is not the host in publishable_key",
		`{"instance_id":"1"}`:                                                     "instance_id must be ins_",
		`{"signing_key":"x"}`:                                                     "signing_key is not one PEM block",
		`{"signing_key":"` + ed25519 + `"}`:                                       "signing_key is not an RSA key",
		`{"users":[{}]}`:                                                          "users[0].id must be user_",
		`{"users":[{"id":"user_1","nam":"x"}]}`:                                   "users[0].nam is",
		`{"users":[{"id":"user_1"},{"id":"user_1"}]}`:                             "users[1].id belongs to another user",
		`{"users":[{"id":"user_1","email_addresses":[{"email_address":"x"}]}]}`:   "users[0].email_addresses[0].email_address must be a valid email address",
		`{"users":[{"id":"user_1","email_addresses":[{"email_address":"a@b.c"}]},{"id":"user_2","email_addresses":[{"email_address":"A@b.c"}]}]}`: "users[1].email_addresses[0].email_address belongs to another user",
		`{"users":[{"id":"user_1","email_addresses":[{"email_address":"x"}],"phone_numbers":[{"phone_number":"1"}]}]}`:                            "users[0].email_addresses[0].email_address must be a valid email address",
		`{"users":[{"id":"user_1","phone_numbers":[{"phone_number":"1"}]}]}`:                                                                      "users[0].phone_numbers[0].phone_number must be an E.164 phone number",
		`{"users":[{"id":"user_1","username":"a"},{"id":"user_2","username":"a"}]}`:                                                               "users[1].username belongs to another user",
		`{"users":[{"id":"user_1","external_id":"a"},{"id":"user_2","external_id":"a"}]}`:                                                         "users[1].external_id belongs to another user",
		`{"users":[{"id":"user_1","primary_email_address_id":"idn_1"}]}`:                                                                          "users[0].primary_email_address_id is not the id of one",
		`{"sessions":[{"id":"sess_1","user_id":"user_1"}]}`:                                                                                       "sessions[0].user_id is not the id of a user",
		`{"sessions":[{"id":"1"}]}`:                        "sessions[0].id must be sess_",
		`{"sessions":[{"id":"sess_1","status":"asleep"}]}`: "sessions[0].status must be one of",
		`{"users":[{"id":"user_1"}],"sessions":[{"id":"sess_1","user_id":"user_1","organization":{}}]}`:                       "sessions[0].organization.id is required",
		`{"jwt_templates":[{"name":"a b","claims":{}}]}`:                                                                      "jwt_templates[0].name must be",
		`{"jwt_templates":[{"name":"a"}]}`:                                                                                    "jwt_templates[0].claims is required",
		`{"jwt_templates":[{"name":"a","claims":{"exp":1}}]}`:                                                                 "jwt_templates[0].claims cannot set exp",
		`{"jwt_templates":[{"name":"a","claims":{}},{"name":"a","claims":{}}]}`:                                               "jwt_templates[1].name belongs to another",
		`{"jwt_templates":[{"name":"a","claims":{},"custom_signing_key":true}]}`:                                              "jwt_templates[0].signing_key and custom_signing_key",
		`{"jwt_templates":[{"name":"a","claims":{},"custom_signing_key":true,"signing_key":"k","signing_algorithm":"none"}]}`: "jwt_templates[0].signing_algorithm must be one of",
		`{"jwt_templates":[{"name":"a","claims":{},"custom_signing_key":true,"signing_key":"k"}]}`:                            "jwt_templates[0].signing_key is not one PEM block",
	} {
		seed, err := clerktest.ParseSeed([]byte(text))
		if err == nil {
			// Generating a key for each seed would be slow.
			seed.SigningKey = cmp.Or(seed.SigningKey, signingKey)
			_, err = clerktest.NewInstance(seed)
		}
		if err == nil || !strings.HasPrefix(err.Error(), "clerktest: seed: ") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestReadSeed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seed.json")
	if _, err := clerktest.ReadSeed(path); err == nil {
		t.Error("a missing file can be read")
	}
	if err := os.WriteFile(path, []byte(seedFile), 0o600); err != nil {
		t.Fatal(err)
	}
	if seed, err := clerktest.ReadSeed(path); err != nil || len(seed.Users) != 2 {
		t.Errorf("the seed is %+v, %v", seed, err)
	}
}
