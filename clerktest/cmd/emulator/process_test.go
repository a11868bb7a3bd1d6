package main

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// asProgram lets the test binary be the program.
const asProgram = "EMULATOR_OF_A_TEST"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1")
	return command
}

// startProgram starts a process and returns the variables that it prints.
func startProgram(t *testing.T, args ...string) (command *exec.Cmd, env map[string]string, stderr *bytes.Buffer) {
	t.Helper()
	command, stderr = program(t, args...), new(bytes.Buffer)
	command.Stderr = stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return command, readVariables(bufio.NewScanner(stdout)), stderr
}

// What a request that is under way when the program is told to end writes is in its response,
// in the file and in the export.
func TestSIGTERMLosesNoRequest(t *testing.T) {
	t.Parallel()
	state, export := filepath.Join(t.TempDir(), "state"), filepath.Join(t.TempDir(), "export.json")
	command, env, stderr := startProgram(t, "-addr", "127.0.0.1:0", "-persist", state, "-export", export)
	if got, body := request(t, env, http.MethodPost, "/_emulator/faults", `{"operation": "DeleteUser", "times": 1, "delay": "500ms"}`); got/100 != 2 {
		t.Fatalf("the fault is refused: %d %s", got, body)
	}
	status := make(chan int, 1)
	go func() {
		defer close(status)
		got, _ := call(t, env, http.MethodDelete, "/users/"+grace)
		status <- got
	}()
	for n := 0; hasFault(t, env); n++ {
		if n == 1000 {
			t.Fatal("the request does not arrive")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := <-status; got != http.StatusOK {
		t.Errorf("the request that was under way has the status %d", got)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("the program ends with %v:\n%s", err, stderr)
	}
	seed, err := clerktest.ReadSeed(export)
	if err != nil {
		t.Fatal(err)
	}
	kept, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-persist", state)
	defer stop()
	if got, _ := call(t, kept, http.MethodGet, "/users/"+grace); got != http.StatusNotFound || len(seed.Users) != 1 {
		t.Errorf("the deleted user has the status %d in the file, and the export has %d users, want 404 and 1", got, len(seed.Users))
	}
}

// hasFault reports whether a fault waits for a request.
func hasFault(t *testing.T, env map[string]string) bool {
	t.Helper()
	_, body := request(t, env, http.MethodGet, "/_emulator/faults", "")
	return strings.Contains(body, "DeleteUser")
}

func TestExitStatus(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // after the subtests
		if kept, err := os.ReadFile(broken); err != nil || string(kept) != "{" {
			t.Errorf("the foreign file is now %q, %v", kept, err)
		}
	})
	for name, args := range map[string][]string{
		"broken seed":        {"-seed", broken},
		"foreign file":       {"-persist", broken},
		"unknown flag":       {"-unknown"},
		"address of a world": {"-addr", "0.0.0.0:0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := program(t, append(args, "-quiet")...).CombinedOutput()
			exit, ended := errors.AsType[*exec.ExitError](err)
			if !ended || exit.ExitCode() != 1 || strings.Count(string(text), "\n") != 1 || !strings.HasPrefix(string(text), "emulator: ") {
				t.Errorf("%v, want exit status 1 and one line:\n%s", err, text)
			}
		})
	}
}
