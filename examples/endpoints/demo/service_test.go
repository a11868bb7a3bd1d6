package main

import (
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestServiceDuringAnOutage(t *testing.T) {
	t.Parallel()
	d, wire := startBehindWire(t)
	if got := d.status(t, d.byHeader, "/api/me"); got != http.StatusOK {
		t.Fatalf("GET /api/me = %d before the outage", got)
	}
	d.emulator.stop()
	wire.connect("")
	for range 3 {
		if got := d.status(t, d.byHeader, "/api/auth"); got != http.StatusOK {
			t.Errorf("GET /api/auth = %d during the outage, want 200 because the service has the keys", got)
		}
		if got := d.status(t, d.byHeader, "/api/me"); got != http.StatusBadGateway && got != http.StatusServiceUnavailable {
			t.Errorf("GET /api/me = %d during the outage, want 502 or 503", got)
		}
		if got := d.status(t, d.guest, "/api/auth"); got != http.StatusUnauthorized {
			t.Errorf("GET /api/auth = %d for a guest during the outage, want 401", got)
		}
	}
	var err error
	if d.emulator, err = launch(testContext(t), nil, emulator, "-addr", "127.0.0.1:0", "-seed", d.seed); err != nil {
		t.Fatal(err)
	}
	lines, err := d.emulator.expect(testContext(t), apiURL)
	if err != nil {
		t.Fatal(err)
	}
	wire.connect(strings.TrimPrefix(lines[0], apiURL))
	if got := d.status(t, d.byHeader, "/api/me"); got != http.StatusOK {
		t.Errorf("GET /api/me = %d after the outage, want 200", got)
	}
}

// TestServiceStartedDuringAnOutage starts the service while nothing listens at the
// API's address. It responds 503 to tokens, which it cannot verify.
func TestServiceStartedDuringAnOutage(t *testing.T) {
	t.Parallel()
	d := startDemonstration(t, service)
	env := append(slices.Clone(d.env[:2]), apiURL+nowhere)
	late, err := launch(testContext(t), env, service, "-addr", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(late.stop)
	lines, err := late.expect(testContext(t), ready)
	if err != nil {
		t.Fatal(err)
	}
	d.url = strings.TrimPrefix(lines[0], ready)
	for _, path := range []string{"/api/auth", "/api/data", "/api/me"} {
		if got := d.status(t, d.byHeader, path); got != http.StatusServiceUnavailable {
			t.Errorf("GET %s = %d, want 503", path, got)
		}
	}
	if got := d.status(t, d.guest, "/api/auth"); got != http.StatusUnauthorized {
		t.Errorf("GET /api/auth = %d for a guest, want 401", got)
	}
}

// TestServiceRefusesBadConfiguration requires exit status 1 and an error of one line
// without a secret key.
func TestServiceRefusesBadConfiguration(t *testing.T) {
	t.Parallel()
	d := startDemonstration(t, service)
	good := map[string]string{}
	for _, pair := range d.env {
		name, value, _ := strings.Cut(pair, "=")
		good[name] = value
	}
	tests := []struct {
		name, variable, value, want string
	}{
		{"no secret key", "CLERK_SECRET_KEY", "", "CLERK_SECRET_KEY"},
		{"publishable key as secret", "CLERK_SECRET_KEY", "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k", "CLERK_SECRET_KEY"},
		{"secret key with a space", "CLERK_SECRET_KEY", "sk_test_very secret", "CLERK_SECRET_KEY"},
		{"another instance's secret key", "CLERK_SECRET_KEY", "sk_test_verysecret", "secret key"},
		{"secret key of the other mode", "CLERK_SECRET_KEY", "sk_live_verysecret", "secret key"},
		{"malformed publishable key", "CLERK_PUBLISHABLE_KEY", "pk_test_nonsense", "CLERK_PUBLISHABLE_KEY"},
		{"no publishable key", "CLERK_PUBLISHABLE_KEY", "", "CLERK_PUBLISHABLE_KEY"},
		{"API URL without a scheme", "CLERK_API_URL", "api.example.com", "CLERK_API_URL"},
		{"API URL of another scheme", "CLERK_API_URL", "ftp://127.0.0.1", "CLERK_API_URL"},
		{"malformed JWT key", "CLERK_JWT_KEY", "nonsense", "CLERK_JWT_KEY"},
		{"malformed clock skew", "CLERK_CLOCK_SKEW", "five", "CLERK_CLOCK_SKEW"},
		{"malformed trusted proxies", "CLERK_TRUSTED_PROXIES", "10.0.0.0/99", "CLERK_TRUSTED_PROXIES"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var env []string
			for name, value := range good {
				if name != tt.variable {
					env = append(env, name+"="+value)
				}
			}
			command := exec.CommandContext(testContext(t), service, "-addr", "127.0.0.1:0")
			command.Env = append(env, tt.variable+"="+tt.value)
			var stderr strings.Builder
			command.Stderr = &stderr
			err := command.Run()
			if exit := command.ProcessState.ExitCode(); err == nil || exit != 1 {
				t.Errorf("exit status %d (%v), want 1", exit, err)
			}
			if line := stderr.String(); strings.Count(line, "\n") != 1 || !strings.Contains(line, tt.want) {
				t.Errorf("standard error is %q, want one line that contains %q", line, tt.want)
			}
			if tt.value != "" && strings.HasPrefix(tt.value, "sk_") && strings.Contains(stderr.String(), tt.value) {
				t.Errorf("standard error contains the secret key: %q", stderr.String())
			}
		})
	}
}
