package main

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// asProgram lets the test binary be the program.
const asProgram = "DOCTOR_OF_A_TEST"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// runProgram starts a process with these variables, and no other of Clerk.
func runProgram(t *testing.T, env []string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	setEnvironment(t, nil)
	var out, diagnostics bytes.Buffer
	program := exec.CommandContext(t.Context(), os.Args[0], args...)
	program.Env = append(append(os.Environ(), asProgram+"=1"), env...)
	program.Stdout, program.Stderr = &out, &diagnostics
	if err := program.Run(); err != nil && program.ProcessState == nil {
		t.Fatal(err)
	}
	return program.ProcessState.ExitCode(), out.String(), diagnostics.String()
}

func TestProcess(t *testing.T) {
	emulator := clerktest.New(t, clerktest.WithPages())
	const parties, canary = "CLERK_AUTHORIZED_PARTIES=http://localhost:8080", "sk_test_canary"
	tests := []struct {
		name   string
		env    []string
		args   []string
		status int
		stdout string // an expression
		stderr string
	}{
		{"all is well", append(emulator.Env(), parties), nil, 0, `^(ok .*\n){11}$`, ""},
		{"a warning", emulator.Env(), nil, 0, `(?m)^warning  authorized parties  none: `, ""},
		{"without cookies", append(emulator.Env(), "CLERK_PUBLISHABLE_KEY="), []string{"-without-cookies"}, 0, `(?m)^ok       accepted tokens     session_token$`, ""},
		{"something is wrong", append(emulator.Env(), "CLERK_SECRET_KEY="+canary), nil, 1, `(?m)^wrong    Backend API         http://127\.0\.0\.1:\d+ refuses the secret key: `, ""},
		{"out of reach", append(emulator.Env(), "CLERK_SECRET_KEY="+canary, "CLERK_API_URL=http://127.0.0.1:1"), nil, 1, `(?m)^wrong    Backend API         http://127\.0\.0\.1:1 cannot be reached: `, ""},
		{"nothing is set", nil, nil, 1, `(?m)^wrong    secret key          CLERK_SECRET_KEY is not set\. `, ""},
		{"help", nil, []string{"-help"}, 0, `^usage: doctor \[-without-cookies\]\n  -without-cookies\n`, ""},
		{"an argument", append(emulator.Env(), parties), []string{"now"}, 2, `^$`, "doctor: unknown argument \"now\"\n"},
		{"an unknown flag", append(emulator.Env(), parties), []string{"-cure"}, 2, `^$`, "doctor: flag provided but not defined: -cure\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, stdout, stderr := runProgram(t, tt.env, tt.args...)
			if status != tt.status || !regexp.MustCompile(tt.stdout).MatchString(stdout) || stderr != tt.stderr {
				t.Errorf("status %d, standard error %q, standard output\n%s", status, stderr, stdout)
			}
			for _, secret := range []string{canary, emulator.SecretKey(), emulator.WebhookSecret()} {
				if strings.Contains(stdout+stderr, secret) {
					t.Errorf("the output shows %s", secret)
				}
			}
		})
	}
}

// TestTheRunOfThePage compares the output on the page with that of a run. … stands for any
// text.
func TestTheRunOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "\n## The doctor\n")
	block := regexp.MustCompile("(?s)\n```\n(ok .*?)```\n").FindStringSubmatch(section)
	if !found || block == nil {
		t.Fatal("the page shows no run")
	}
	emulator := clerktest.New(t, clerktest.WithPages())
	_, stdout, _ := runProgram(t, emulator.Env())
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(block[1]), "…", ".*") + "$"
	pattern = strings.ReplaceAll(pattern, regexp.QuoteMeta("127.0.0.1:4010"), regexp.QuoteMeta(strings.TrimPrefix(emulator.URL(), "http://")))
	if !regexp.MustCompile(pattern).MatchString(stdout) {
		t.Errorf("the page shows\n%sand a run\n%s", block[1], stdout)
	}
}
