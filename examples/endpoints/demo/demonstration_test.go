package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDemo(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := startDemonstration(t, service).show(testContext(t), &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if got := strings.Count(out.String(), " 401 "); got != 12 {
		t.Errorf("%d responses with status 401, want one per endpoint and refused caller, 12:\n%s", got, out.String())
	}
}

func TestDemoNamesWhatDidNotStart(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing")
	tests := []struct{ name, emulator, service string }{
		{"no emulator", missing, service},
		{"no service", emulator, missing},
		{"an emulator that exits", "/bin/false", service},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := missing
			if tt.service != missing && tt.emulator != missing {
				want = tt.emulator
			}
			if _, err := start(testContext(t), tt.emulator, tt.service); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("start: error %v, want one that contains %q", err, want)
			}
		})
	}
}

func TestDemoFailsWithoutTheEmulator(t *testing.T) {
	t.Parallel()
	d, wire := startBehindWire(t)
	d.emulator.stop()
	wire.connect("")
	err := d.show(testContext(t), io.Discard)
	if err == nil {
		t.Fatal("the demo succeeded without the emulator")
	}
	for _, want := range []string{"GET /api/me as user (header)", "GET /api/data as user (cookie)", "POST /api/name as user (header)"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %q: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "GET /api/auth") {
		t.Errorf("a token was refused although the service has the keys: %v", err)
	}
}

// TestDemoFailsWithABrokenHandler runs the demo with a service in which a handler is
// changed.
func TestDemoFailsWithABrokenHandler(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, old, broken, want string }{
		{
			name:   "guest let in",
			old:    "	if !a.IsAuthenticated() {\n		refuse(w, a)\n		return\n	}\n	reply(w, http.StatusOK, map[string]string{\"user_id\"",
			broken: "	reply(w, http.StatusOK, map[string]string{\"user_id\"",
			want:   "GET /api/auth as guest: status 200, want 401",
		},
		{
			name:   "whole user in the response",
			old:    "	default:\n		reply(w, http.StatusOK, profileOf(user))",
			broken: "	default:\n		reply(w, http.StatusOK, user)",
			want:   "GET /api/me as user (header): private metadata in the body",
		},
		{
			name:   "name not changed",
			old:    "			FirstName: name.FirstName,\n",
			broken: "",
			want:   "GET /api/me as user (header): the first name is not",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := startDemonstration(t, buildAltered(t, tt.old, tt.broken)).show(testContext(t), io.Discard)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("show: error %v, want one that contains %q", err, tt.want)
			}
		})
	}
}

// buildAltered builds the service from sources in which old is replaced.
func buildAltered(t *testing.T, old, replacement string) string {
	t.Helper()
	original, err := filepath.Abs("../service/service.go")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(source), old) != 1 {
		t.Fatalf("service.go does not contain this exactly once:\n%s", old)
	}
	dir := t.TempDir()
	changed, overlay, program := filepath.Join(dir, "service.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "endpoints")
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
