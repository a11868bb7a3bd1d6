package api_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

func decode[T any](t *testing.T, data string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(data), &v); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return v
}

// TestUnion decodes known and unknown variants of a union into one struct, which
// keeps unknown members in Raw.
func TestUnion(t *testing.T) {
	t.Parallel()
	email := decode[api.EmailAddress](t, `{"id":"idn_1","object":"email_address","email_address":"a@example.com","reserved":false,"linked_to":[],
		"verification":{"status":"verified","strategy":"email_code","attempts":1,"expire_at":1716883200123}}`)
	v := email.Verification
	if v == nil || v.Status != api.VerificationStatusVerified || v.Strategy != "email_code" || *v.Attempts != 1 {
		t.Fatalf("%+v", v)
	}
	future := decode[api.EmailAddress](t, `{"id":"idn_1","verification":{"status":"half_verified","strategy":"telepathy","medium":{"name":"crystal"}}}`)
	v = future.Verification
	if v == nil || v.Status != "half_verified" || v.Strategy != "telepathy" {
		t.Fatalf("%+v", v)
	}
	var rest struct {
		Medium struct{ Name string }
	}
	if err := json.Unmarshal(v.Raw, &rest); err != nil || rest.Medium.Name != "crystal" {
		t.Errorf("Raw is %s: %v", v.Raw, err)
	}
	if null := decode[api.EmailAddress](t, `{"verification":null}`); null.Verification != nil {
		t.Errorf("null was decoded to %+v", null.Verification)
	}
}

// TestUnionError decodes a union with a member of the wrong type. The error does not
// lose the other members.
func TestUnionError(t *testing.T) {
	t.Parallel()
	var v api.Verification
	err := json.Unmarshal([]byte(`{"status":1,"strategy":"phone_code"}`), &v)
	if err == nil {
		t.Fatal("a number was decoded as a status")
	}
	if v.Strategy != "phone_code" || string(v.Raw) != `{"status":1,"strategy":"phone_code"}` {
		t.Errorf("%+v", v)
	}
}

// TestUnknownAndMissingMembers decodes responses of newer and older versions of the
// API.
func TestUnknownAndMissingMembers(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		`{}`,
		`{"status":"hibernating","new_field":{"a":[1]},"tasks":[{"key":"new-task","more":1}]}`,
		`{"actor":null,"latest_activity":null,"tasks":null,"last_active_organization_id":null}`,
	} {
		decode[api.Session](t, data)
	}
	if s := decode[api.Session](t, `{"status":"hibernating"}`); s.Status != "hibernating" {
		t.Errorf("the status is %q", s.Status)
	}
}

// TestLargeNumbers decodes integers that a float64 cannot represent.
func TestLargeNumbers(t *testing.T) {
	t.Parallel()
	key := decode[api.APIKey](t, `{"created_at":1716883200123,"expiration":9007199254740993,"claims":{"n":9007199254740993}}`)
	if key.CreatedAt != 1716883200123 || *key.Expiration != 9007199254740993 {
		t.Errorf("%d, %d", key.CreatedAt, *key.Expiration)
	}
	if string(key.Claims) != `{"n":9007199254740993}` {
		t.Errorf("the claims are %s", key.Claims)
	}
	user := decode[api.User](t, `{"public_metadata":{"n":9007199254740993},"created_at":1716883200123}`)
	var metadata struct{ N int64 }
	if err := user.PublicMetadata.Decode(&metadata); err != nil || metadata.N != 9007199254740993 {
		t.Errorf("%d, %v", metadata.N, err)
	}
	if user.CreatedAt != clerk.Timestamp(1716883200123) {
		t.Errorf("created at %d", user.CreatedAt)
	}
}

// TestJWKS decodes a key set with a key of every known type and of an unknown one.
func TestJWKS(t *testing.T) {
	t.Parallel()
	set := decode[api.JWKS](t, `{"keys":[
		{"kid":"a","kty":"RSA","alg":"RS256","use":"sig","n":"AQAB","e":"AQAB"},
		{"kid":"b","kty":"EC","alg":"ES256","use":"sig","crv":"P-256","x":"AA","y":"BB"},
		{"kid":"c","kty":"OKP","alg":"EdDSA","use":"sig","crv":"Ed25519","x":"AA","x5t#S256":"t"},
		{"kid":"d","kty":"PQ","new":true}]}`)
	var types []api.JWKType
	for _, k := range set.Keys {
		types = append(types, k.Kty)
	}
	if diff := cmp.Diff([]api.JWKType{api.JWKTypeRSA, api.JWKTypeEC, api.JWKTypeOKP, "PQ"}, types); diff != "" {
		t.Error(diff)
	}
	if *set.Keys[0].N != "AQAB" || *set.Keys[1].Y != "BB" || *set.Keys[2].X5tS256 != "t" {
		t.Errorf("%+v", set.Keys)
	}
}
