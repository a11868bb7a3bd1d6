package clerktest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// Clerk's SDK for JavaScript leaves the version out of the paths of machines, and that for
// Go always sends a body.
func TestRequestsAsOtherClientsSendThem(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/users/user_1", "", http.StatusOK},
		{"GET", "/v1/users/user_1", "null", http.StatusOK},
		{"DELETE", "/v1/users/user_1", "null", http.StatusOK},
		{"POST", "/v1/users/user_1/ban", "{}", http.StatusOK},
		{"POST", "/v1/users/user_1/ban", `{"a":1}`, http.StatusBadRequest},
		{"POST", "/v1/users/user_1/ban", "ban", http.StatusBadRequest},
		{"GET", "/v1/users?limit=10&offset=0&foo=bar", "", http.StatusOK},
		{"GET", "/v1/users/count?limit=3&offset=0&order_by=-created_at", "", http.StatusOK},
		{"GET", "/v1/users?limit=0", "", http.StatusUnprocessableEntity},
		{"GET", "/v2/users/user_1", "", http.StatusNotFound},
		{"GET", "/v1/v1/users/user_1", "", http.StatusNotFound},
		{"GET", "/v1", "", http.StatusNotFound},
		{"GET", "/", "", http.StatusNotFound},
	} {
		instance := startPopulated(t)
		r, err := http.NewRequestWithContext(t.Context(), test.method, instance.URL()+test.path, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+instance.SecretKey())
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != test.status {
			var body json.RawMessage
			_ = json.NewDecoder(resp.Body).Decode(&body)
			t.Errorf("%s %s with %s: status %d, want %d: %s", test.method, test.path, test.body, resp.StatusCode, test.status, body)
		}
	}
}
