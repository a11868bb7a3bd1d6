package webhooks_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// mirror is a copy of the users. Events come in no promised order, so each row remembers
// the version that it has, and a deletion is final.
type mirror struct {
	mu    sync.Mutex
	users map[string]row
}

type row struct {
	name    string
	version time.Time
	deleted bool
}

func (m *mirror) save(_ context.Context, _ *webhooks.Event, user *api.User) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	have := m.users[user.ID]
	if version := user.UpdatedAt.Time(); !have.deleted && version.After(have.version) {
		m.users[user.ID] = row{name: *user.FirstName, version: version}
	}
	return nil
}

func (m *mirror) remove(_ context.Context, _ *webhooks.Event, gone *api.DeletedObject) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users[gone.ID] = row{deleted: true}
	return nil
}

// A service that keeps a copy of its users.
func Example() {
	receiver, err := webhooks.FromEnv(webhooks.WithLogger(slog.Default()))
	if err != nil {
		log.Fatal(err) // CLERK_WEBHOOK_SIGNING_SECRET is not set, or is not a signing secret
	}
	copied := &mirror{users: map[string]row{}}
	http.Handle("POST /webhooks", receiver.Handler(webhooks.Handlers{
		UserCreated: copied.save,
		UserUpdated: copied.save,
		UserDeleted: copied.remove,
	}))
	log.Fatal(http.ListenAndServe(":8080", nil))
}

// A handler of your own reads the event itself.
func ExampleReceiver_Read() {
	receiver, err := webhooks.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("POST /webhooks", func(w http.ResponseWriter, r *http.Request) {
		event, err := receiver.Read(r)
		if err != nil {
			http.Error(w, "refused", http.StatusBadRequest)
			return
		}
		switch data := event.Data.(type) {
		case *api.User:
			fmt.Println(event.Type, data.ID)
		case *webhooks.Session:
			fmt.Println(event.Type, data.UserID)
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// A mail is sent once for each event, as far as one process remembers.
func ExampleWithDeduplicator() {
	receiver, err := webhooks.FromEnv(webhooks.WithDeduplicator(webhooks.Memory(10_000)))
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("POST /webhooks/welcome", receiver.Handler(webhooks.Handlers{
		UserCreated: func(ctx context.Context, _ *webhooks.Event, user *api.User) error {
			if len(user.EmailAddresses) == 0 {
				return webhooks.Permanent(fmt.Errorf("user %s has no address", user.ID))
			}
			return sendWelcome(ctx, user)
		},
	}))
}

func sendWelcome(_ context.Context, user *api.User) error {
	fmt.Println("welcome", user.ID)
	return nil
}

// The header of a delivery, for a test of your own.
func ExampleSign() {
	const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	body := []byte(`{"type":"user.deleted","data":{"id":"user_1"}}`)
	header, err := webhooks.Sign(secret, "msg_1", time.Now(), body)
	if err != nil {
		log.Fatal(err)
	}
	receiver, err := webhooks.New(secret)
	if err != nil {
		log.Fatal(err)
	}
	event, err := receiver.Event(header, body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(event.Type, event.Data.(*api.DeletedObject).ID)
	// Output: user.deleted user_1
}
