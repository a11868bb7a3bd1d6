package clerktest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

func TestStartRefusesOtherInterfaces(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:0", "127.0.0.1", "", "127.0.0.1:99999"} {
		instance, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey})
		if err != nil {
			t.Fatal(err)
		}
		if err := instance.Start(addr); err == nil || strings.ContainsAny(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "clerktest: ") {
			t.Errorf("Start(%q) = %v", addr, err)
			instance.Close()
		}
	}
}

func TestStartTwice(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	if err := instance.Start("127.0.0.1:0"); err == nil {
		t.Error("a started instance can be started again")
	}
	if err := instance.Close(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(instance.URL()); err == nil {
		t.Error("a closed instance responds")
	}
	idle, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey})
	if err != nil {
		t.Fatal(err)
	}
	if err := idle.Close(); err != nil {
		t.Errorf("closing an instance that was not started: %v", err)
	}
}

func TestOtherOperations(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	instance.Handlers().ListOrganizations = nil // as a test may
	for _, tc := range []struct {
		method, path string
		status       int
		text         string
	}{
		{"GET", "/organizations", http.StatusNotImplemented, "ListOrganizations"},
		{"POST", "/users/user_1/verify_totp", http.StatusUnprocessableEntity, "code"},
		{"GET", "/organizations?colour=red", http.StatusNotImplemented, "ListOrganizations"},
		{"GET", "/nothing", http.StatusNotFound, "path"},
		{"PUT", "/users", http.StatusMethodNotAllowed, "method"},
	} {
		got := send(t, instance, tc.method, tc.path, "")
		if got.problemLines(t); got.status != tc.status || !strings.Contains(string(got.body), tc.text) {
			t.Errorf("%s %s = %d %s", tc.method, tc.path, got.status, got.body)
		}
		if allow := got.header.Get("Allow"); (tc.status == http.StatusMethodNotAllowed) != (allow == "GET, POST") {
			t.Errorf("%s %s: Allow %q", tc.method, tc.path, allow)
		}
	}
	r, err := http.Get(instance.URL() + "/users")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode == http.StatusOK {
		t.Error("a path without the version is served")
	}
}

func TestBodyTooLarge(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	body := `{"first_name":"` + strings.Repeat("a", 2<<20) + `"}`
	if got := send(t, instance, "POST", "/users", body); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("the status for a body of 2 MiB is %d", got.status)
	}
	if len(instance.Seed().Users) != 0 {
		t.Error("a refused request created a user")
	}
}

func TestVersionParameter(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	if got := send(t, instance, "GET", "/users?limit=1&__clerk_api_version=2026-05-12", ""); got.status != http.StatusOK {
		t.Errorf("the version in the query is refused: %d %s", got.status, got.body)
	}
}
