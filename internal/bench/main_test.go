package main

import (
	"strings"
	"testing"
	"time"
)

// TestRun checks that every case works, and that both tables have every pair.
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
}
