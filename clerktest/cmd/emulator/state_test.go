package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// The users of the default seed.
const (
	ada   = "user_ada000000000000000000000000"
	grace = "user_grace0000000000000000000000"
)

func TestExportIsASeed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first.json"), filepath.Join(dir, "second.json")
	env, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-export", first)
	if status, body := call(t, env, http.MethodDelete, "/users/"+grace); status != http.StatusOK {
		t.Fatalf("deleting: %d %s", status, body)
	}
	stop()
	again, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-seed", first, "-export", second)
	if again["CLERK_SECRET_KEY"] != env["CLERK_SECRET_KEY"] {
		t.Error("the seed has another secret key")
	}
	if text := stop(); !strings.Contains(text, "must protect nothing") {
		t.Errorf("standard error does not say that the keys are public:\n%s", text)
	}
	texts := [2]string{}
	for n, path := range []string{first, second} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[n] = string(text)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v, %v", path, info.Mode(), err)
		}
	}
	if texts[0] != texts[1] || strings.Contains(texts[0], grace) {
		t.Errorf("the export is %s, and that of an instance with this seed %s", texts[0], texts[1])
	}
}

func TestContentIsKeptInAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state, seed := filepath.Join(dir, "state"), filepath.Join(dir, "seed.json")
	if err := os.WriteFile(seed, []byte(`{"users": [{"id": "user_of_the_seed"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	env, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-persist", state)
	call(t, env, http.MethodDelete, "/users/"+grace)
	if text := stop(); strings.Contains(text, "instead of the seed") || strings.Contains(text, "must protect nothing") {
		t.Errorf("standard error of the first run:\n%s", text)
	}
	again, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-persist", state, "-seed", seed)
	if again["CLERK_SECRET_KEY"] != env["CLERK_SECRET_KEY"] {
		t.Error("the second run has another secret key")
	}
	for path, want := range map[string]int{"/users/" + ada: 200, "/users/" + grace: 404, "/users/user_of_the_seed": 404} {
		if status, body := call(t, again, http.MethodGet, path); status != want {
			t.Errorf("%s: %d %s, want %d", path, status, body, want)
		}
	}
	if text := stop(); !strings.Contains(text, "instead of the seed") {
		t.Errorf("standard error does not say that the file wins:\n%s", text)
	}
}

func TestSecretKeyOfTheFlag(t *testing.T) {
	t.Parallel()
	env, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-secret-key", "sk_test_pinned")
	if env["CLERK_SECRET_KEY"] != "sk_test_pinned" {
		t.Errorf("the environment is %v", env)
	}
	if text := stop(); !strings.Contains(text, "must protect nothing") {
		t.Errorf("standard error does not say that the key is public:\n%s", text)
	}
}

func TestAPersistedFileKeepsItsKeys(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "state")
	args := []string{"-addr", "127.0.0.1:0", "-quiet", "-persist", state}
	pinned := append(slices.Clone(args), "-secret-key", "sk_test_pinned")
	for n, args := range [][]string{pinned, pinned, args, args} {
		env, stop := startEmulator(t, args...)
		if status, body := request(t, env, http.MethodPost, "/_emulator/reset", ""); status != http.StatusOK || env["CLERK_SECRET_KEY"] != "sk_test_pinned" {
			t.Errorf("run %d: a reset is answered with %d %s, the environment is %v", n+1, status, body, env)
		}
		if text := stop(); !strings.Contains(text, "must protect nothing") {
			t.Errorf("run %d: standard error does not say that the key is public:\n%s", n+1, text)
		}
	}
	before, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var stdout, stderr bytes.Buffer
	err = run(ctx, append(args, "-secret-key", "sk_test_another"), &stdout, &stderr)
	if want := "clerktest: " + state + ": seed: secret_key is not that of the instance, whose keys do not change"; err == nil || err.Error() != want || stdout.Len()+stderr.Len() > 0 {
		t.Errorf("%v, want %s; standard output %q, standard error %q", err, want, stdout.String(), stderr.String())
	}
	if after, err := os.ReadFile(state); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file has changed, %v", err)
	}
}

func TestRateLimitOfTheFlag(t *testing.T) {
	t.Parallel()
	env, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-rate-limit", "-quiet")
	defer stop()
	for n := range 101 {
		want := http.StatusOK
		if n == 100 {
			want = http.StatusTooManyRequests
		}
		if status, body := call(t, env, http.MethodGet, "/users/count"); status != want {
			t.Fatalf("request %d: %d %s, want %d", n+1, status, body, want)
		}
	}
}

func TestAPortInUseIsOneLine(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	state := filepath.Join(t.TempDir(), "state")
	for range 2 { // the file must be free again
		var stdout, stderr bytes.Buffer
		err = run(t.Context(), []string{"-addr", taken.Addr().String(), "-persist", state, "-quiet"}, &stdout, &stderr)
		if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "in use") || stdout.Len()+stderr.Len() > 0 {
			t.Errorf("%v, standard output %q, standard error %q", err, stdout.String(), stderr.String())
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"-help"}, &stdout, &stderr); err != nil || !strings.Contains(stdout.String(), "-persist") || stderr.Len() > 0 {
		t.Errorf("%v, standard output %q, standard error %q", err, stdout.String(), stderr.String())
	}
}

func TestTheDefaultSeedIsReady(t *testing.T) {
	t.Parallel()
	seed, err := clerktest.ParseSeed(defaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	if seed.SecretKey != "" || seed.SigningKey != "" {
		t.Error("the default seed has keys")
	}
}
