package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The programs under test, built once.
var emulator, service string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "clerk-demo-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	emulator, service = filepath.Join(dir, "emulator"), filepath.Join(dir, "endpoints")
	for program, source := range map[string]string{emulator: "../../../clerktest/cmd/emulator", service: ".."} {
		if out, err := build("-o", program, source).CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "building %s: %v\n%s", source, err, out)
			os.Exit(1)
		}
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// build compiles as make demo does, so that each finds what the other has compiled.
func build(args ...string) *exec.Cmd {
	command := exec.Command("go", append([]string{"build", "-gcflags=all=-dwarf=false", "-ldflags=-s -w"}, args...)...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	return command
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func started(t *testing.T, service string) *demonstration {
	t.Helper()
	d, err := start(within(t), emulator, service)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.stop)
	return d
}

func TestDemo(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := started(t, service).show(within(t), &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if got := strings.Count(out.String(), " 401 "); got != 12 {
		t.Errorf("%d answers with 401, want four endpoints for each of three strangers:\n%s", got, out.String())
	}
}

func TestDemoSaysWhatDidNotStart(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing")
	tests := []struct{ name, emulator, service string }{
		{"no emulator", missing, service},
		{"no service", emulator, missing},
		{"an emulator that ends", "/bin/false", service},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := missing
			if tt.service != missing && tt.emulator != missing {
				want = tt.emulator
			}
			if _, err := start(within(t), tt.emulator, tt.service); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("start: %v, want an error with %q", err, want)
			}
		})
	}
}

func TestDemoFailsWithoutTheEmulator(t *testing.T) {
	t.Parallel()
	d := started(t, service)
	d.emulator.stop()
	err := d.show(within(t), io.Discard)
	if err == nil {
		t.Fatal("the demo succeeded although the emulator was gone")
	}
	for _, want := range []string{"GET /api/me as header", "GET /api/data as cookie", "POST /api/name as header"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %q: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "GET /api/auth") {
		t.Errorf("a token needs no emulator once the keys are known: %v", err)
	}
}

// TestDemoFailsWithABrokenHandler builds the service with one line changed.
func TestDemoFailsWithABrokenHandler(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, old, broken, want string }{
		{
			name:   "anonymous let in",
			old:    "	if !a.IsAuthenticated() {\n		refuse(w, a)\n		return\n	}\n	reply(w, http.StatusOK, map[string]string{\"user_id\"",
			broken: "	reply(w, http.StatusOK, map[string]string{\"user_id\"",
			want:   "GET /api/auth as anonymous: status 200, want 401",
		},
		{
			name:   "whole user handed out",
			old:    "	default:\n		reply(w, http.StatusOK, profileOf(user))",
			broken: "	default:\n		reply(w, http.StatusOK, user)",
			want:   "GET /api/me as header: private metadata in the body",
		},
		{
			name:   "name not changed",
			old:    "			FirstName: name.FirstName,\n",
			broken: "",
			want:   "GET /api/me as header: the first name is not",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := started(t, altered(t, tt.old, tt.broken)).show(within(t), io.Discard)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("demo: %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// altered builds the service from sources in which old is replaced.
func altered(t *testing.T, old, replacement string) string {
	t.Helper()
	original, err := filepath.Abs("../endpoints.go")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(source), old) != 1 {
		t.Fatalf("endpoints.go does not hold this once:\n%s", old)
	}
	dir := t.TempDir()
	changed, overlay, program := filepath.Join(dir, "endpoints.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "endpoints")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		changed: []byte(strings.Replace(string(source), old, replacement, 1)),
		overlay: replace,
	} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := build("-overlay", overlay, "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("building the altered service: %v\n%s", err, out)
	}
	return program
}

func (d *demonstration) status(t *testing.T, who caller, path string) int {
	t.Helper()
	status, _, err := d.ask(t.Context(), step{method: http.MethodGet, path: path, who: who})
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func TestServiceSurvivesTheEmulator(t *testing.T) {
	t.Parallel()
	d := started(t, service)
	if got := d.status(t, d.header, "/api/me"); got != http.StatusOK {
		t.Fatalf("GET /api/me = %d before the outage", got)
	}
	d.emulator.stop()
	for range 3 {
		if got := d.status(t, d.header, "/api/auth"); got != http.StatusOK {
			t.Errorf("GET /api/auth = %d during the outage, want 200: the key is known", got)
		}
		if got := d.status(t, d.header, "/api/me"); got != http.StatusBadGateway && got != http.StatusServiceUnavailable {
			t.Errorf("GET /api/me = %d during the outage, want 502 or 503", got)
		}
		if got := d.status(t, d.anonymous, "/api/auth"); got != http.StatusUnauthorized {
			t.Errorf("GET /api/auth = %d for a guest during the outage, want 401", got)
		}
	}
	var err error
	if d.emulator, err = launch(within(t), nil, emulator, "-addr", d.api, "-seed", d.seed); err != nil {
		t.Fatal(err)
	}
	if _, err := d.emulator.expect(within(t), "CLERK_API_URL="); err != nil {
		t.Fatal(err)
	}
	if got := d.status(t, d.header, "/api/me"); got != http.StatusOK {
		t.Errorf("GET /api/me = %d after the outage, want 200", got)
	}
}

// TestServiceThatNeverReachedTheKeys starts the service while nothing answers at
// the API's address: it cannot tell who is calling, and says so.
func TestServiceThatNeverReachedTheKeys(t *testing.T) {
	t.Parallel()
	d := started(t, service)
	env := d.env
	d.emulator.stop()
	late, err := launch(within(t), env, service, "-addr", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(late.stop)
	lines, err := late.expect(within(t), ready)
	if err != nil {
		t.Fatal(err)
	}
	d.url = strings.TrimPrefix(lines[0], ready)
	for _, path := range []string{"/api/auth", "/api/data", "/api/me"} {
		if got := d.status(t, d.header, path); got != http.StatusServiceUnavailable {
			t.Errorf("GET %s = %d, want 503", path, got)
		}
	}
	if got := d.status(t, d.anonymous, "/api/auth"); got != http.StatusUnauthorized {
		t.Errorf("GET /api/auth = %d for a guest, want 401", got)
	}
}

// TestServiceRefusesBadConfiguration wants one line and exit status 1, and no
// key in it.
func TestServiceRefusesBadConfiguration(t *testing.T) {
	t.Parallel()
	d := started(t, service)
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
			command := exec.CommandContext(within(t), service, "-addr", "127.0.0.1:0")
			command.Env = append(env, tt.variable+"="+tt.value)
			var said strings.Builder
			command.Stderr = &said
			err := command.Run()
			if exit := command.ProcessState.ExitCode(); err == nil || exit != 1 {
				t.Errorf("exit status %d (%v), want 1", exit, err)
			}
			if line := said.String(); strings.Count(line, "\n") != 1 || !strings.Contains(line, tt.want) {
				t.Errorf("it said %q, want one line with %q", line, tt.want)
			}
			if tt.value != "" && strings.HasPrefix(tt.value, "sk_") && strings.Contains(said.String(), tt.value) {
				t.Errorf("the line shows the key: %q", said.String())
			}
		})
	}
}
