package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// startEmulator runs the command until the test ends. It returns the environment that the
// command prints, and a function that stops it and returns its standard error.
func startEmulator(t *testing.T, args ...string) (env map[string]string, stop func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var stderr bytes.Buffer
	done := make(chan error, 1)
	go func() {
		err := run(ctx, args, in, &stderr)
		in.Close()
		done <- err
	}()
	lines := bufio.NewScanner(out)
	env = readVariables(lines)
	stop = func() string {
		cancel()
		for lines.Scan() {
			t.Errorf("unexpected line on standard output: %s", lines.Text())
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		return stderr.String()
	}
	t.Cleanup(cancel)
	return env, stop
}

// readVariables reads what the command prints to standard output.
func readVariables(lines *bufio.Scanner) map[string]string {
	env := map[string]string{}
	for len(env) < 7 && lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), "=")
		env[name] = value
	}
	return env
}

func call(t *testing.T, env map[string]string, method, path string) (int, string) {
	t.Helper()
	return request(t, env, method, "/v1"+path, "")
}

func request(t *testing.T, env map[string]string, method, path, content string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, env["CLERK_API_URL"]+path, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+env["CLERK_SECRET_KEY"])
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestServesDefaultSeed(t *testing.T) {
	t.Parallel()
	env, stop := startEmulator(t, "-addr", "127.0.0.1:0")
	if !strings.HasPrefix(env["CLERK_SECRET_KEY"], "sk_test_") || !strings.HasPrefix(env["CLERK_PUBLISHABLE_KEY"], "pk_test_") ||
		!strings.HasPrefix(env["CLERK_API_URL"], "http://127.0.0.1:") || strings.HasSuffix(env["CLERK_API_URL"], ":0") {
		t.Fatalf("the environment is %v", env)
	}
	for _, path := range []string{"/sessions/sess_ada000000000000000000000000/tokens", "/sessions/sess_ada000000000000000000000000/tokens/supabase"} {
		if status, body := call(t, env, http.MethodPost, path); status != http.StatusOK || !strings.Contains(body, `"jwt":"ey`) {
			t.Errorf("POST %s = %d %s", path, status, body)
		}
	}
	text := stop()
	for _, want := range []string{"user_ada000000000000000000000000 ada@example.com", "curl -s -X POST", "/v1/sessions/sess_ada000000000000000000000000/tokens\n", "/tokens/supabase", env["CLERK_API_URL"]} {
		if !strings.Contains(text, want) {
			t.Errorf("standard error does not say %q:\n%s", want, text)
		}
	}
	if _, err := http.Get(env["CLERK_API_URL"]); err == nil {
		t.Error("the emulator still responds")
	}
}

func TestServesSeedFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(path, []byte(`{"secret_key":"sk_test_mine","users":[{"id":"user_mine"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	env, stop := startEmulator(t, "-addr", "localhost:0", "-seed", path)
	if status, body := call(t, env, http.MethodGet, "/users/user_mine"); status != http.StatusOK {
		t.Errorf("GET the user of the seed = %d %s", status, body)
	}
	if env["CLERK_SECRET_KEY"] != "sk_test_mine" {
		t.Errorf("the environment is %v", env)
	}
	text := stop()
	if !strings.Contains(text, "must protect nothing") {
		t.Errorf("the description does not say that the keys are public:\n%s", text)
	}
	if strings.Contains(text, "curl") {
		t.Errorf("the description names a session that does not exist:\n%s", text)
	}
}

func TestRefusesArguments(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"users":[{"id":"user_1","nam":"x"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"loopback":         {"-addr", "0.0.0.0:0"},
		"host:port":        {"-addr", "4010"},
		"users[0].nam":     {"-addr", "127.0.0.1:0", "-seed", bad},
		"no such file":     {"-seed", bad + ".not"},
		"unknown argument": {"serve"},
		"not defined":      {"-colour", "red"},
	} {
		var stdout, stderr bytes.Buffer
		err := run(t.Context(), args, &stdout, &stderr)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || stdout.Len() > 0 {
			t.Errorf("%v: %v, standard output %q", args, err, stdout.String())
		}
	}
}

func TestPrintsSeed(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"-print-seed"}, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	seed, err := clerktest.ParseSeed(stdout.Bytes())
	if err != nil || len(seed.Users) < 2 || len(seed.JWTTemplates) == 0 {
		t.Errorf("the seed is %+v, %v", seed, err)
	}
	for _, u := range seed.Users {
		if _, rest, _ := strings.Cut(u.ID, "_"); len(rest) != 27 {
			t.Errorf("the ID %s does not have the length that the API's have", u.ID)
		}
	}
}

func TestEachRunHasKeysOfItsOwn(t *testing.T) {
	t.Parallel()
	first, stopFirst := startEmulator(t, "-addr", "127.0.0.1:0")
	second, stopSecond := startEmulator(t, "-addr", "127.0.0.1:0", "-host", "emulator.test")
	if first["CLERK_SECRET_KEY"] == second["CLERK_SECRET_KEY"] {
		t.Error("both runs have the same secret key")
	}
	_, ofFirst := call(t, first, http.MethodGet, "/jwks")
	if _, ofSecond := call(t, second, http.MethodGet, "/jwks"); ofFirst == ofSecond {
		t.Error("both runs have the same signing key")
	}
	for _, text := range []string{stopFirst(), stopSecond()} {
		if strings.Contains(text, "must protect nothing") {
			t.Errorf("keys of one run are called public:\n%s", text)
		}
	}
}
