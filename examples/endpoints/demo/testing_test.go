package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The programs under test. TestMain builds them once.
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

// build returns the go command that builds as make demo does, so that both use the
// same build cache.
func build(args ...string) *exec.Cmd {
	command := exec.Command("go", append([]string{"build", "-gcflags=all=-dwarf=false", "-ldflags=-s -w"}, args...)...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	return command
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func startDemonstration(t *testing.T, service string) *demonstration {
	t.Helper()
	d, err := start(testContext(t), emulator, service)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.stop)
	return d
}

// status sends a GET request and returns the status of the response.
func (d *demonstration) status(t *testing.T, who caller, path string) int {
	t.Helper()
	status, _, err := d.send(t.Context(), step{method: http.MethodGet, path: path, who: who})
	if err != nil {
		t.Fatal(err)
	}
	return status
}
