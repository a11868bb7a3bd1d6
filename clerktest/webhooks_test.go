package clerktest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// inbox is a service that receives webhooks.
type inbox struct {
	*httptest.Server
	mu     sync.Mutex
	lines  []string // "type id of the data"
	events []*webhooks.Event
	fail   func(e *webhooks.Event) error
}

func newInbox(t *testing.T, instance *clerktest.Instance) *inbox {
	t.Helper()
	receiver, err := webhooks.New(instance.WebhookSecret())
	if err != nil {
		t.Fatal(err)
	}
	box := &inbox{}
	box.Server = httptest.NewServer(receiver.Handler(webhooks.Handlers{Other: func(_ context.Context, e *webhooks.Event) error {
		box.mu.Lock()
		defer box.mu.Unlock()
		if box.fail != nil {
			if err := box.fail(e); err != nil {
				return err
			}
		}
		box.events = append(box.events, e)
		box.lines = append(box.lines, string(e.Type))
		return nil
	}}))
	t.Cleanup(box.Close)
	return box
}

// taken waits for every delivery and returns what has arrived since the last call.
func (b *inbox) taken(t *testing.T, instance *clerktest.Instance) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := instance.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	lines := b.lines
	b.lines = nil
	return lines
}

func TestEventsOfChanges(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	box := newInbox(t, instance)
	instance.Deliver(box.URL)
	for _, step := range []struct{ method, path, body, want string }{
		{"POST", "/users", `{"email_address":["new@example.com"]}`, "user.created"},
		{"PATCH", "/users/user_1", `{"first_name":"New"}`, "user.updated"},
		{"GET", "/users/user_1", "", ""},
		{"PATCH", "/users/user_1", `{"username":"!"}`, ""},
		{"POST", "/sessions", `{"user_id":"user_1"}`, "session.created user.updated"},
		{"POST", "/sessions/sess_1/revoke", "", "session.revoked"},
		{"POST", "/waitlist_entries", `{"email_address":"waits@example.com"}`, "waitlistEntry.created"},
		{"DELETE", "/users/user_1", "", "session.removed user.deleted"},
		{"DELETE", "/users/user_9", "", "organizationMembership.deleted user.deleted"},
	} {
		got := send(t, instance, step.method, step.path, step.body)
		if taken := strings.Join(box.taken(t, instance), " "); taken != step.want {
			t.Errorf("%s %s %s = %d, events %q, want %q", step.method, step.path, step.body, got.status, taken, step.want)
		}
	}
	for _, e := range box.events {
		if _, err := webhooks.Decode(e.Raw); err != nil || e.InstanceID != instance.ID() || e.Time.IsZero() {
			t.Errorf("%s: %v", e.Type, err)
		}
	}
}

func TestFailedDeliveriesAreRepeated(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	box := newInbox(t, instance)
	failures := 2
	box.fail = func(*webhooks.Event) error {
		if failures--; failures >= 0 {
			return fmt.Errorf("not now")
		}
		return nil
	}
	instance.Deliver(box.URL, clerktest.RetryAfter(time.Millisecond, time.Millisecond))
	send(t, instance, "POST", "/users", `{"email_address":["a@example.com"]}`)
	if got := box.taken(t, instance); !slices.Equal(got, []string{"user.created"}) {
		t.Errorf("events %v", got)
	}
	list := instance.Deliveries()
	if len(list) != 1 || len(list[0].Attempts) != 3 || !list[0].Accepted || list[0].Attempts[0].Status/100 != 5 {
		t.Errorf("deliveries %+v", list)
	}
	failures = 99
	send(t, instance, "POST", "/users", `{"email_address":["b@example.com"]}`)
	if got := box.taken(t, instance); len(got) != 0 || instance.Deliveries()[1].Accepted || len(instance.Deliveries()[1].Attempts) != 3 {
		t.Errorf("events %v, deliveries %+v", got, instance.Deliveries())
	}
	failures = 0
	if err := instance.Redeliver(instance.Deliveries()[1].ID); err != nil {
		t.Fatal(err)
	}
	if got := box.taken(t, instance); len(got) != 1 || !instance.Deliveries()[1].Accepted {
		t.Errorf("events %v after sending again", got)
	}
	if err := instance.Redeliver("msg_none"); err == nil {
		t.Error("an unknown message is sent again")
	}
}

func TestARefusalForGoodEndsTheRepetitions(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	box := newInbox(t, instance)
	box.fail = func(*webhooks.Event) error { return webhooks.Permanent(fmt.Errorf("never")) }
	instance.Deliver(box.URL)
	send(t, instance, "POST", "/users", `{"email_address":["a@example.com"]}`)
	box.taken(t, instance)
	if list := instance.Deliveries(); len(list) != 1 || len(list[0].Attempts) != 1 || list[0].Accepted {
		t.Errorf("deliveries %+v", list)
	}
}

func TestDeliveriesShuffledDuplicatedAndDropped(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	box, short := newInbox(t, instance), newInbox(t, instance)
	instance.Deliver(box.URL, clerktest.Shuffled(7), clerktest.Duplicated(3))
	stop := instance.Deliver(short.URL, clerktest.Dropping(2), clerktest.OnlyTypes(webhooks.UserCreated))
	var want []string
	for n := range 30 {
		address := fmt.Sprintf("user%d@example.com", n)
		want = append(want, address)
		send(t, instance, "POST", "/users", `{"email_address":["`+address+`"]}`)
	}
	if got := box.taken(t, instance); len(got) != 40 {
		t.Errorf("%d events arrived, want 40", len(got))
	}
	var order []string
	for _, e := range box.events {
		if address := e.Data.(*api.User).EmailAddresses[0].EmailAddress; !slices.Contains(order, address) {
			order = append(order, address)
		}
	}
	if slices.Equal(order, want) || len(order) != 30 {
		t.Errorf("the order of %d events is that of the changes", len(order))
	}
	if got := short.taken(t, instance); len(got) != 15 {
		t.Errorf("%d events arrived, want 15", len(got))
	}
	stop()
	send(t, instance, "POST", "/users", `{"email_address":["last@example.com"]}`)
	if got := short.taken(t, instance); len(got) != 0 {
		t.Errorf("%v arrived after the end", got)
	}
}

func TestWebhookRequests(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	receiver, err := webhooks.New(instance.WebhookSecret())
	if err != nil {
		t.Fatal(err)
	}
	other := startInstance(t)
	for name, c := range map[string]struct {
		opts []clerktest.WebhookOption
		want webhooks.Reason
	}{
		"good":      {nil, ""},
		"tampered":  {[]clerktest.WebhookOption{clerktest.Tampered()}, webhooks.ReasonNoMatchingSignature},
		"stranger":  {[]clerktest.WebhookOption{clerktest.SignedWith(other.WebhookSecret())}, webhooks.ReasonNoMatchingSignature},
		"old":       {[]clerktest.WebhookOption{clerktest.SentAt(time.Now().Add(-time.Hour))}, webhooks.ReasonTooOld},
		"with a ID": {[]clerktest.WebhookOption{clerktest.MessageID("msg_1")}, ""},
	} {
		e, err := receiver.Read(instance.Webhook(webhooks.UserCreated, api.User{ID: "user_1"}, c.opts...))
		refused, _ := err.(*webhooks.VerificationError)
		if c.want == "" && (err != nil || e.Data.(*api.User).ID != "user_1" || name == "with a ID" && e.ID != "msg_1") || c.want != "" && (refused == nil || refused.Reason != c.want) {
			t.Errorf("%s: %v, %v", name, e, err)
		}
	}
	again, err := clerktest.NewInstance(clerktest.Seed{SecretKey: instance.SecretKey()})
	if err != nil {
		t.Fatal(err)
	}
	if instance.WebhookSecret() != again.WebhookSecret() || instance.WebhookSecret() == other.WebhookSecret() {
		t.Error("the secret is not that of the instance")
	}
}

func TestRotationLosesNoDelivery(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t)
	before := instance.WebhookSecret()
	after := instance.RotateWebhookSecret()
	if before == after || instance.WebhookSecret() != after {
		t.Fatal("the secret is not replaced")
	}
	accepted := func(secret string) bool {
		receiver, err := webhooks.New(secret, webhooks.WithClock(instance.Now))
		if err != nil {
			t.Fatal(err)
		}
		var read atomic.Bool
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := receiver.Read(r); err == nil {
				read.Store(true)
			}
		}))
		defer server.Close()
		instance.Deliver(server.URL, clerktest.RetryAfter())
		instance.CreateUser(users.CreateUserParams{})
		if err := instance.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err = receiver.Read(instance.Webhook(webhooks.UserCreated, api.User{ID: "user_1"}))
		if read.Load() != (err == nil) {
			t.Errorf("Deliver and Webhook differ: %v", err)
		}
		return read.Load()
	}
	if !accepted(before) || !accepted(after) {
		t.Error("a delivery after the rotation is not signed with both secrets")
	}
	instance.Advance(23 * time.Hour)
	newest := instance.RotateWebhookSecret()
	for secret, want := range map[string]bool{before: true, after: true, newest: true} {
		if accepted(secret) != want {
			t.Errorf("after the second rotation, a secret is accepted: %t", !want)
		}
	}
	instance.Advance(2 * time.Hour)
	for secret, want := range map[string]bool{before: false, after: true, newest: true} {
		if accepted(secret) != want {
			t.Errorf("a day after the first rotation, a secret is accepted: %t", !want)
		}
	}
}
