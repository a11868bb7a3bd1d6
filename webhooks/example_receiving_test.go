package webhooks_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// The functions of this file are the code of docs/webhooks.md. Tests run them.

func receiveUsers(mux *http.ServeMux, client *clerk.Client, copied *mirror) error {
	receiver, err := webhooks.FromEnv( // CLERK_WEBHOOK_SIGNING_SECRET
		webhooks.WithLogger(slog.Default()))
	if err != nil {
		return err
	}
	mux.Handle("POST /webhooks", receiver.Handler(webhooks.Handlers{
		UserCreated: copied.save,
		UserUpdated: copied.save,
		UserDeleted: copied.remove,
		Other:       ignoreEvent,
		Malformed:   saveFetched(client, copied),
	}))
	return nil
}

func ignoreEvent(ctx context.Context, e *webhooks.Event) error {
	slog.InfoContext(ctx, "an event that nobody asked for", "event", e) // type, id and instance
	return nil
}

func saveFetched(client *clerk.Client, copied *mirror) func(context.Context, *webhooks.Event, *webhooks.PayloadError) error {
	return func(ctx context.Context, e *webhooks.Event, misfit *webhooks.PayloadError) error {
		user, ok := e.Data.(*api.User) // with everything that does decode
		if !ok || user.ID == "" {
			return misfit // 500, so that Clerk keeps the event
		}
		fresh, err := users.GetUser(ctx, client, user.ID)
		if errors.Is(err, clerk.ErrNotFound) {
			return nil // deleted meanwhile, of which there is another event
		}
		if err != nil {
			return err
		}
		return copied.save(ctx, e, fresh)
	}
}

func welcome(send func(ctx context.Context, to string) error) webhooks.Handlers {
	return webhooks.Handlers{
		UserCreated: func(ctx context.Context, _ *webhooks.Event, user *api.User) error {
			if len(user.EmailAddresses) == 0 {
				return webhooks.Permanent(errors.New("the user has no address")) // which no other attempt would change
			}
			ctx, cancel := context.WithTimeout(ctx, 10*time.Second) // Clerk waits for 15
			defer cancel()
			return send(ctx, user.EmailAddresses[0].EmailAddress)
		},
	}
}

func TestPageAboutReceiving(t *testing.T) {
	instance := clerktest.New(t)
	t.Setenv("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX,"+instance.WebhookSecret())
	mux, copied := http.NewServeMux(), &mirror{users: map[string]row{}}
	if err := receiveUsers(mux, instance.Client(), copied); err != nil {
		t.Fatal(err)
	}
	ada := instance.CreateUser(users.CreateUserParams{FirstName: clerk.Set("Ada")})
	for _, test := range []struct {
		what   string
		event  *http.Request
		status int
		name   string // of the user in the copy, afterwards
	}{
		{"forged", instance.Webhook(webhooks.UserUpdated, ada, clerktest.Tampered()), 400, ""},
		{"of nobody", instance.Webhook(webhooks.UserUpdated, map[string]any{"banned": "x"}), 500, ""},
		{"an unknown type", instance.Webhook("moon.full", map[string]any{}), 204, ""},
		{"with a misfit", instance.Webhook(webhooks.UserUpdated, map[string]any{"id": ada.ID, "first_name": "Augusta", "banned": "x"}), 204, "Ada"},
		{"with a misfit, of a user who is gone", instance.Webhook(webhooks.UserUpdated, map[string]any{"id": "user_gone", "banned": "x"}), 204, "Ada"},
		{"as old as the copy", instance.Webhook(webhooks.UserCreated, map[string]any{"id": ada.ID, "first_name": "Grace", "updated_at": ada.UpdatedAt}), 204, "Grace"},
		{"older than the copy", instance.Webhook(webhooks.UserCreated, map[string]any{"id": ada.ID, "first_name": "Augusta", "updated_at": 1}), 204, "Grace"},
		{"the deletion", instance.Webhook(webhooks.UserDeleted, map[string]any{"id": ada.ID, "deleted": true}), 204, ""},
		{"after the deletion", instance.Webhook(webhooks.UserUpdated, ada), 204, ""},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, test.event)
		if name := copied.users[ada.ID].name; w.Code != test.status || name != test.name {
			t.Errorf("%s: %d %s and the name %q, want %d and %q", test.what, w.Code, w.Body, name, test.status, test.name)
		}
	}
}

func TestWelcomeOfThePage(t *testing.T) {
	t.Parallel()
	const address = `{"type":"user.created","data":{"id":"user_1","email_addresses":[{"email_address":"ada@example.com"}]}}`
	r := receiver(t, first, webhooks.WithDeduplicator(webhooks.Memory(10)))
	fails := true
	var sent []string
	handler := r.Handler(welcome(func(ctx context.Context, to string) error {
		if _, limited := ctx.Deadline(); !limited {
			t.Error("the mail may take forever")
		}
		if fails {
			fails = false
			return errHandler
		}
		sent = append(sent, to)
		return nil
	}))
	for _, test := range []struct {
		id, body string
		status   int
	}{{"msg_1", address, 500}, {"msg_1", address, 204}, {"msg_1", address, 204}, {"msg_2", creation, 422}} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, post(sign(t, first, test.id, epoch, test.body), test.body))
		if w.Code != test.status {
			t.Errorf("%s: %d %s, want %d", test.id, w.Code, w.Body, test.status)
		}
	}
	if !slices.Equal(sent, []string{"ada@example.com"}) {
		t.Errorf("welcomed %v", sent)
	}
}
