package main

import (
	"strings"
	"testing"
	"time"
)

// TestRun checks that every case works, that both tables have every pair, and that there is
// one of the service.
func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(&out, 1, time.Microsecond, 4); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"auth.VerifyToken, new token", "auth.VerifyToken, seen token",
		"auth.Middleware, new token", "auth.Middleware, seen token",
		"clerk-sdk-go middleware", "SHA-256 + rsa.VerifyPKCS1v15", "one value in the context",
	} {
		if n := strings.Count(out.String(), want); n < 2 {
			t.Errorf("the tables mention %q %d times:\n%s", want, n, out.String())
		}
	}
	if service := "service behind auth.Middleware"; !strings.Contains(out.String(), service) {
		t.Errorf("the tables do not mention %q:\n%s", service, out.String())
	}
}
