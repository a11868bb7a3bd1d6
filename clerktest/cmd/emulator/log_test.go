package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestLinesOfTheLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := slog.New(newLineHandler(&out, slog.LevelInfo))
	at := func(record func()) string {
		out.Reset()
		record()
		_, line, _ := strings.Cut(strings.TrimSuffix(out.String(), "\n"), " ")
		return line
	}
	for want, record := range map[string]func(){
		"GET /v1/users?limit&query ListUsers 200 1.2ms (ignored: query)": func() {
			logger.Info("request", "method", "GET", "path", "/v1/users", "operation", "ListUsers", "status", 200,
				"parameters", []string{"limit", "query"}, "ignored", []string{"query"}, "duration", 1234*time.Microsecond)
		},
		"POST /nothing 404 resource_not_found 12µs": func() {
			logger.Info("request", "method", "POST", "path", "/nothing", "operation", "", "status", 404, "code", "resource_not_found", "duration", 12*time.Microsecond)
		},
		"GET /v1/users ListUsers dropped 0s": func() {
			logger.Info("request", "method", "GET", "path", "/v1/users", "operation", "ListUsers", "status", 0, "duration", time.Duration(0))
		},
		"warning: the file is odd bytes=3 file=state": func() { logger.With("bytes", 3).Warn("the file is odd", "file", "state") },
		"a��[31mb": func() { logger.Info("a\n\x1b[31mb") },
		"":         func() { logger.Debug("nothing") },
	} {
		if got := at(record); got != want {
			t.Errorf("the line is %q, want %q", got, want)
		}
	}
}

func TestLogShowsNoCredentials(t *testing.T) {
	t.Parallel()
	env, stop := startEmulator(t, "-addr", "127.0.0.1:0")
	call(t, env, "GET", "/users?query="+env["CLERK_SECRET_KEY"]+"&"+env["CLERK_SECRET_KEY"])
	call(t, env, "GET", "/clients/handshake_payload?nonce=a_secret_nonce")
	text := stop()
	if !strings.Contains(text, "GET /v1/users?query ListUsers 200 ") || !strings.Contains(text, "?nonce GetHandshakePayload 404 resource_not_found") {
		t.Errorf("the log is\n%s", text)
	}
	for _, secret := range []string{env["CLERK_SECRET_KEY"], "a_secret_nonce", env["CLERK_WEBHOOK_SIGNING_SECRET"]} {
		if strings.Contains(text, secret) {
			t.Errorf("the log shows %s:\n%s", secret, text)
		}
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	env, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-quiet")
	call(t, env, "GET", "/users")
	if text := stop(); text != "" {
		t.Errorf("standard error has\n%s", text)
	}
}
