package clerktest_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// TestResponsesFitTheDescription checks the responses of the instance against the schemas
// of the API's responses.
func TestResponsesFitTheDescription(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	for _, tc := range []struct {
		method, path, body, schema string
		list                       bool
	}{
		{"GET", "/jwks", "", "JWKS", false},
		{"POST", "/users", `{"email_address":["a@example.com","b@example.com"],"email_address_identification_status":["verified","reserved"],
			"phone_number":["+15555550101"],"web3_wallet":["0x0123456789abcdef0123456789abcdef01234567"],"username":"aaaa","password":"long enough",
			"totp_secret":"JBSWY3DPEHPK3PXP","legal_accepted_at":"2026-01-02T03:04:05Z","locked":true}`, "User", false},
		{"GET", "/users/user_1", "", "User", false},
		{"GET", "/users", "", "User", true},
		{"GET", "/users/count", "", "TotalCount", false},
		{"POST", "/users/user_1/lock", "", "User", false},
		{"POST", "/users/user_1/unlock", "", "User", false},
		{"POST", "/sessions", `{"user_id":"user_1"}`, "Session", false},
		{"GET", "/sessions", "", "Session", true},
		{"POST", "/sessions/sess_1/revoke", "", "Session", false},
		{"POST", "/jwt_templates", `{"name":"n","claims":{"a":1}}`, "JWTTemplate", false},
		{"GET", "/jwt_templates", "", "JWTTemplate", true},
		{"DELETE", "/jwt_templates/jtmp_1", "", "DeletedObject", false},
		{"DELETE", "/users/user_1", "", "DeletedObject", false},
	} {
		got := send(t, instance, tc.method, tc.path, tc.body)
		if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/json" || got.header.Get("Location") != "" {
			t.Errorf("%s %s = %d, content type %q: %s", tc.method, tc.path, got.status, got.header.Get("Content-Type"), got.body)
			continue
		}
		schema := description.Named(tc.schema)
		if tc.list {
			schema = &description.Schema{Type: description.Array, Items: schema}
			if string(got.body) == "[]" {
				t.Errorf("%s %s returns an empty list", tc.method, tc.path)
			}
		}
		// This is the only difference: api.Verification leaves out an expire_at that is null.
		body := bytes.ReplaceAll(got.body, []byte(`"attempts":null}`), []byte(`"attempts":null,"expire_at":null}`))
		if refusal := description.Check(schema, body); refusal != nil {
			t.Errorf("the response to %s %s does not fit %s: %v: %s", tc.method, tc.path, tc.schema, refusal, got.body)
		}
	}
}

func TestErrorsFitTheDescription(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	instance.Handlers().ListOrganizations = nil
	for _, path := range []string{"/nothing", "/users/user_2", "/users?limit=0", "/organizations"} {
		got := send(t, instance, "GET", path, "")
		if refusal := description.Check(description.Named("ClerkErrors"), got.body); refusal != nil || !json.Valid(got.body) {
			t.Errorf("the response to GET %s does not fit ClerkErrors: %v: %s", path, refusal, got.body)
		}
	}
}
