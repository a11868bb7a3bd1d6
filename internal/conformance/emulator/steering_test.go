package emulator

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// TestSteeringIsAsDescribed sends the requests under /_emulator/ and validates each response
// against the description that the instance serves there. Every operation of the
// description is called.
func TestSteeringIsAsDescribed(t *testing.T) {
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(receiver.Close)
	instance := clerktest.New(t, clerktest.WithPages(), clerktest.WithWebhook(receiver.URL))
	_, body := steer(t, instance, http.MethodGet, "/_emulator/", "")
	description, err := openapi3.NewLoader().LoadFromData([]byte(body))
	if err == nil {
		err = description.Validate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	owner := instance.CreateUser(users.CreateUserParams{EmailAddress: clerk.Set([]string{"ada@example.com"})})
	o := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme", CreatedBy: clerk.Set(owner.ID)})
	if _, err := organizations.CreateOrganizationInvitation(t.Context(), instance.Client(), o.ID, organizations.CreateOrganizationInvitationParams{EmailAddress: "guest@example.com", Role: "org:member"}); err != nil {
		t.Fatal(err)
	}
	_, exported := steer(t, instance, http.MethodGet, "/_emulator/export", "")
	if err := instance.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	called := map[string]bool{}
	for _, tc := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "", "", 200},
		{"GET", "emails", "", 200},
		{"GET", "webhooks", "", 200},
		{"POST", "webhooks/{id}/resend", "", 200},
		{"GET", "requests", "", 200},
		{"DELETE", "requests", "", 200},
		{"GET", "clock", "", 200},
		{"POST", "clock", `{"advance": "1h"}`, 200},
		{"POST", "clock", `{"now": "2030-01-01T00:00:00Z"}`, 200},
		{"POST", "clock", `{"now": 5}`, 422},
		{"POST", "faults", `{"operation": "GetUser", "times": 2, "status": 503, "retry_after": "5s"}`, 200},
		{"POST", "faults", `{"delay": "1ms", "drop": true, "hang": true, "cut": true, "html": true, "limit": {"requests": 100, "per": "1s"}}`, 200},
		{"POST", "faults", `{"status": 1}`, 422},
		{"GET", "faults", "", 200},
		{"DELETE", "faults", "", 200},
		{"GET", "export", "", 200},
		{"PUT", "seed", `{"users": [{"id": "user_1"}]}`, 200},
		{"POST", "seed", `{"users": [{"id": "user_1"}]}`, 422},
		{"POST", "seed", `{"users": [{"id": "user_2"}]}`, 200},
		{"PUT", "seed", exported, 200},
		{"POST", "reset", "", 200},
	} {
		item := description.Paths.Value("/_emulator/" + tc.path)
		if item == nil || item.GetOperation(tc.method) == nil {
			t.Errorf("%s /_emulator/%s is not described", tc.method, tc.path)
			continue
		}
		operation := item.GetOperation(tc.method)
		called[tc.method+" /_emulator/"+tc.path] = true
		status, body := steer(t, instance, tc.method, "/_emulator/"+strings.Replace(tc.path, "{id}", instance.Deliveries()[0].ID, 1), tc.body)
		response := operation.Responses.Status(status)
		if response == nil {
			response = operation.Responses.Default()
		}
		var value any
		err := json.Unmarshal([]byte(body), &value)
		if err == nil {
			err = response.Value.Content["application/json"].Schema.Value.VisitJSON(value)
		}
		if status != tc.status || err != nil {
			t.Errorf("%s %s %s: %d, want %d: %v: %s", tc.method, tc.path, tc.body, status, tc.status, err, body)
		}
		if tc.body == "" {
			continue
		}
		err = json.Unmarshal([]byte(tc.body), &value)
		if err == nil {
			err = operation.RequestBody.Value.Content["application/json"].Schema.Value.VisitJSON(value)
		}
		// A seed is described elsewhere.
		if (err == nil) != (status == 200) && tc.path != "seed" {
			t.Errorf("%s %s %s: the description says %v, the instance %d", tc.method, tc.path, tc.body, err, status)
		}
	}
	for path, item := range description.Paths.Map() {
		for method := range item.Operations() {
			if !called[method+" "+path] {
				t.Errorf("%s %s is not called", method, path)
			}
		}
	}
}

func steer(t *testing.T, instance *clerktest.Instance, method, path, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, instance.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}
