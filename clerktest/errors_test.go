package clerktest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// TestErrorsHaveAShortAndALongMessage checks that the short message says what is wrong, and
// the long one with which resource or parameter.
func TestErrorsHaveAShortAndALongMessage(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	for _, c := range []struct{ method, path, body, short, long string }{
		{"GET", "/users/user_nobody", "", "not found", "no user was found with id user_nobody"},
		{"GET", "/email_addresses/idn_nothing", "", "not found", "no email address was found with id idn_nothing"},
		{"POST", "/users", `{"email_address":["one@example.com"]}`, "is taken", "email_address is taken"},
		{"POST", "/users", `{"surprise":1}`, "is unknown", "surprise is unknown"},
		{"POST", "/users/user_1/verify_password", `{"password":"x"}`, "no password set", "user user_1 has no password"},
		{"POST", "/users/user_9/verify_totp", `{"code":"0"}`, "totp invalid length", "code must have 6 characters"},
		{"GET", "/nothing", "", "not found", "the API has no such path"},
		{"POST", "/sessions", `{"user_id":"user_nobody"}`, "not found", "no user was found with id user_nobody"},
	} {
		var answer struct {
			Errors []struct {
				Message string `json:"message"`
				Long    string `json:"long_message"`
			} `json:"errors"`
		}
		got := send(t, instance, c.method, c.path, c.body)
		if err := json.Unmarshal(got.body, &answer); err != nil || len(answer.Errors) == 0 {
			t.Fatalf("%s %s: %s", c.method, c.path, got.body)
		}
		if e := answer.Errors[0]; e.Message != c.short || e.Long != c.long {
			t.Errorf("%s %s: the messages are %q and %q, want %q and %q", c.method, c.path, e.Message, e.Long, c.short, c.long)
		}
	}
}

// TestShortIDsThatExistFitPatterns checks that the ID of a resource is right in paths,
// queries and bodies whatever its length, and that other IDs are not.
func TestShortIDsThatExistFitPatterns(t *testing.T) {
	t.Parallel()
	instance := startInstance(t, clerktest.WithSeed(parseSeed(t, `{"users": [{"id": "user_ada"}],
		"machines": [{"id": "mch_1"}], "sessions": [{"id": "sess_1", "user_id": "user_ada"}]}`)))
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/api_keys?subject=user_ada", "", http.StatusOK},
		{"GET", "/api_keys?subject=user_bob", "", http.StatusUnprocessableEntity},
		{"GET", "/api_keys?subject=sess_1", "", http.StatusUnprocessableEntity},
		{"POST", "/api_keys", `{"name": "key", "subject": "user_ada"}`, http.StatusOK},
		{"POST", "/api_keys", `{"name": "key", "subject": "user_bob"}`, http.StatusUnprocessableEntity},
		{"GET", "/m2m_tokens?subject=mch_1", "", http.StatusOK},
	} {
		if got := send(t, instance, c.method, c.path, c.body); got.status != c.status {
			t.Errorf("%s %s %s: %d %s, want %d", c.method, c.path, c.body, got.status, got.body, c.status)
		}
	}
}
