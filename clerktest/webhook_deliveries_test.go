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

// TestOnlyTheReceiverSeesTheQueryOfItsURL looks at the log, the status page, the list of
// deliveries and the error of one that cannot be sent again.
func TestOnlyTheReceiverSeesTheQueryOfItsURL(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	instance := startInstance(t, clerktest.WithPages(), clerktest.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	queries := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		queries <- r.URL.RawQuery
		w.WriteHeader(http.StatusNotFound)
	}))
	defer server.Close()
	stop := instance.Deliver(server.URL+"/hooks?token=s3cret", clerktest.RetryAfter())
	instance.CreateUser(users.CreateUserParams{})
	if err := instance.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := <-queries; got != "token=s3cret" {
		t.Errorf("the receiver gets the query %q", got)
	}
	stop()
	shown := map[string]string{"the log": log.String()}
	shown["the list"] = steer(t, instance, http.MethodGet, "webhooks", "")
	shown["the status page"] = string(ask(t, instance, http.MethodGet, "/", "", "Accept", "text/html").body)
	if err := instance.Redeliver(instance.Deliveries()[0].ID); err != nil {
		shown["the error"] = err.Error()
	}
	for where, text := range shown {
		if !strings.Contains(text, server.URL+"/hooks") || strings.Contains(text, "s3cret") {
			t.Errorf("%s is %s", where, text)
		}
	}
	if len(shown) != 4 {
		t.Error("a message for a receiver that is gone is sent again")
	}
}
