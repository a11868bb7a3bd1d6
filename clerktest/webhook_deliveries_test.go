package clerktest_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

func TestDeliverRefusesOtherComputersAndPasswords(t *testing.T) {
	t.Parallel()
	instance, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey})
	if err != nil {
		t.Fatal(err)
	}
	defer instance.Close()
	for _, to := range []string{
		"http://example.com/webhooks", "ftp://127.0.0.1", "webhooks", "",
		"http://ada@127.0.0.1/", "http://ada:s3cret@127.0.0.1/", "http://ada:s3cret@example.com/", "http://ada:s3cret@127.0.0.1:port/", "http://127.0.0.1/%zz?s3cret",
	} {
		func() {
			defer func() {
				if reason := recover(); reason == nil || strings.Contains(fmt.Sprint(reason), "s3cret") {
					t.Errorf("%q is answered with %v", to, reason)
				}
			}()
			instance.Deliver(to)
		}()
		_, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey}, clerktest.WithWebhook(to))
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q is answered with %v", to, err)
		}
	}
}

func TestTheLogOfADeliveryHasNoParameters(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	instance := startInstance(t, clerktest.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	instance.Deliver(server.URL+"/hooks?token=s3cret", clerktest.RetryAfter())
	instance.CreateUser(users.CreateUserParams{})
	if err := instance.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); !strings.Contains(text, server.URL+"/hooks") || strings.Contains(text, "s3cret") {
		t.Errorf("the log is %s", text)
	}
}
