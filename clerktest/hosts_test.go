package clerktest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// A page whose own name leads to this computer reads nothing.
func TestHostsOfOthersAreMisdirected(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t, clerktest.WithHosts("emulator.test", "Example.COM", "ported.test:4010", ""))
	frontend := httptest.NewServer(instance.Frontend())
	t.Cleanup(frontend.Close)
	for host, status := range map[string]int{
		"": http.StatusOK, "localhost": http.StatusOK, "localhost:4010": http.StatusOK, "app.localhost:4010": http.StatusOK, "LOCALHOST": http.StatusOK,
		"127.0.0.1": http.StatusOK, "127.8.9.1:80": http.StatusOK, "[::1]:4010": http.StatusOK, "emulator.test:4010": http.StatusOK, "example.com": http.StatusOK, "ported.test": http.StatusOK, "ported.test:80": http.StatusOK, ":4010": http.StatusMisdirectedRequest,
		"evil.example": http.StatusMisdirectedRequest, "evil.example:4010": http.StatusMisdirectedRequest, "localhost.evil.example": http.StatusMisdirectedRequest,
		"127.0.0.1.evil.example": http.StatusMisdirectedRequest, "sub.emulator.test": http.StatusMisdirectedRequest, "203.0.113.1": http.StatusMisdirectedRequest,
	} {
		if got := statusAt(t, instance.URL()+"/v1/jwks", host, instance.SecretKey()); got != status {
			t.Errorf("%q: status %d, want %d", host, got, status)
		}
		if got := statusAt(t, frontend.URL+"/sign-in?redirect_url=http://localhost/", host, ""); got != status {
			t.Errorf("%q at the frontend API: status %d, want %d", host, got, status)
		}
	}
	own := instance.Issuer()[len("https://"):]
	if got := statusAt(t, frontend.URL+"/sign-in?redirect_url=http://localhost/", own, ""); got != http.StatusOK {
		t.Errorf("under the host of the publishable key: status %d", got)
	}
	if got := statusAt(t, instance.URL()+"/v1/jwks", own, instance.SecretKey()); got != http.StatusMisdirectedRequest {
		t.Errorf("the Backend API under the host of the frontend API: status %d", got)
	}
}

func statusAt(t *testing.T, url, host, key string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}
