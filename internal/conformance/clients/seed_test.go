package clients

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// IDs of what the API has no call to make, so that every instance begins with it.
const (
	seedUser             = "user_2abcdefghijklmnopqrstuvwxyz"
	seedOrganization     = "org_2abcdefghijklmnopqrstuvwxyz"
	seedSession          = "sess_2abcdefghijklmnopqrstuvwxyz"
	seedClient           = "client_2abcdefghijklmnopqrstuvwxyz"
	seedClientToken      = "the-cookie-of-a-browser"
	seedOAuthClient      = "AbCdEfGhIjKlMnOp"
	seedOAuthApplication = "oa_2abcdefghijklmnopqrstuvwxyz"
	seedOAuthToken       = "oat_0123456789abcdef0123456789abcdef"
	seedRevocable        = "oat_fedcba9876543210fedcba9876543210"
	seedExternalAccount  = "eac_2abcdefghijklmnopqrstuvwxyz"
	seedPasskey          = "idn_2passkeyklmnopqrstuvwxyzabc"
	seedSignUp           = "sua_2abcdefghijklmnopqrstuvwxyz"
	seedPlan             = "cplan_2abcdefghijklmnopqrstuvwxy"
	seedItem             = "subi_2abcdefghijklmnopqrst"
	seedDiscount         = "disc_2abcdefghijklmnopqrst"
	seedStatement        = "stmt_2abcdefghijklmnopqrst"
)

const seedJSON = `{
  "users": [{
    "id": "` + seedUser + `",
    "username": "seeded",
    "email_addresses": [{"email_address": "seeded@example.com"}],
    "external_accounts": [{
      "id": "` + seedExternalAccount + `", "object": "external_account", "provider": "oauth_google", "identification_id": "idn_2googleklmnopqrstuvwxyzabcd",
      "provider_user_id": "1234567890", "approved_scopes": "email profile", "email_address": "seeded@example.com",
      "first_name": "Seed", "last_name": "Ed", "public_metadata": {}, "created_at": 1700000000000, "updated_at": 1700000000000, "verification": null
    }],
    "oauth_access_tokens": [{"provider": "oauth_google", "token": "ya29.seeded", "external_account_id": "` + seedExternalAccount + `"}],
    "passkeys": [{"id": "` + seedPasskey + `", "object": "passkey", "name": "Laptop", "last_used_at": 1700000000000, "verification": null}]
  }],
  "sessions": [{"id": "` + seedSession + `", "user_id": "` + seedUser + `", "client_id": "` + seedClient + `"}],
  "organizations": [{"id": "` + seedOrganization + `", "name": "Seeded", "slug": "seeded"}],
  "plans": [
    {"id": "` + seedPlan + `", "name": "Pro", "slug": "pro", "free_trial_enabled": true, "free_trial_days": 14,
      "fee": {"amount": 1000, "amount_formatted": "10.00", "currency": "USD", "currency_symbol": "$"}},
    {"id": "cplan_free", "name": "Free", "slug": "free", "is_default": true},
    {"id": "cplan_team", "name": "Team", "slug": "team", "is_default": true, "for_payer_type": "org"}
  ],
  "discounts": [{"id": "` + seedDiscount + `", "name": "Early", "percent_off": 20}],
  "subscription_items": [{"id": "` + seedItem + `", "owner_id": "` + seedUser + `", "plan_id": "` + seedPlan + `", "is_free_trial": true}],
  "statements": [{"id": "` + seedStatement + `", "payer": {"id": "payer_1"}, "groups": [{"object": "commerce_statement_group", "items": []}]}],
  "clients": [{"id": "` + seedClient + `", "token": "` + seedClientToken + `", "session_id": "` + seedSession + `"}],
  "sign_ups": [{"id": "` + seedSignUp + `", "email_address": "guest@example.com"}],
  "oauth_applications": [{"id": "` + seedOAuthApplication + `", "name": "Notes", "client_id": "` + seedOAuthClient + `", "redirect_uris": ["https://notes.example/done"]}],
  "oauth_tokens": [
    {"token": "` + seedOAuthToken + `", "client_id": "` + seedOAuthClient + `", "subject": "` + seedUser + `", "scopes": ["email"]},
    {"token": "` + seedRevocable + `", "client_id": "` + seedOAuthClient + `", "subject": "` + seedUser + `"}
  ]
}`

// startSeeded starts an instance with what the API has no call to make.
func startSeeded(t *testing.T) *clerktest.Instance {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(seedJSON))
	if err != nil {
		t.Fatal(err)
	}
	return clerktest.New(t, clerktest.WithSeed(seed))
}

// seedNames are the IDs by the names that the JavaScript scenarios use.
var seedNames = map[string]string{
	"user": seedUser, "organization": seedOrganization, "session": seedSession, "externalAccount": seedExternalAccount,
	"passkey": seedPasskey, "signUp": seedSignUp, "plan": seedPlan, "oauthClient": seedOAuthClient, "oauthApplication": seedOAuthApplication, "subscriptionItem": seedItem,
	"certificate": seedCertificate,
}

// seedCertificate is the certificate of an identity provider, in the form that the API takes.
var seedCertificate = func() string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(4_000_000_000, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}()
