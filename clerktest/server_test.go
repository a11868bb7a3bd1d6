package clerktest_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
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
		if _, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey}, clerktest.WithAddress(addr)); err == nil || strings.ContainsAny(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "clerktest: ") {
			t.Errorf("WithAddress(%q): %v", addr, err)
		}
	}
}

func TestAddressIsTakenBeforeTheFile(t *testing.T) {
	t.Parallel()
	first := clerktest.New(t, clerktest.WithAddress("localhost:0"))
	if err := first.Start("127.0.0.1:0"); err == nil {
		t.Error("an instance with an address can be started again")
	}
	taken, path := strings.TrimPrefix(first.URL(), "http://"), filepath.Join(t.TempDir(), "state")
	if _, err := clerktest.NewInstance(clerktest.Seed{}, clerktest.WithPersistence(path), clerktest.WithAddress(taken)); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("the address of another instance: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file was touched: %v", err)
	}
}

func TestRefusedInstanceLeavesItsAddress(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(path, []byte("of another program\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	for range 5 { // somebody else may take the port in between, but hardly five times
		free, listenErr := net.Listen("tcp", "127.0.0.1:0")
		if listenErr != nil {
			t.Fatal(listenErr)
		}
		free.Close()
		addr := clerktest.WithAddress(free.Addr().String())
		if _, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey}, addr, clerktest.WithPersistence(path)); err == nil {
			t.Fatal("the file of another program is accepted")
		}
		var second *clerktest.Instance
		if second, err = clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey}, addr); err == nil {
			second.Close()
			return
		}
	}
	t.Error(err)
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
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, instance.URL()+"/v1/jwks", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+instance.SecretKey())
	if response, err := http.DefaultClient.Do(r); err == nil { // whoever has the port now
		defer response.Body.Close()
		if body, _ := io.ReadAll(response.Body); bytes.Contains(body, []byte(instance.ID())) {
			t.Error("a closed instance responds")
		}
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
