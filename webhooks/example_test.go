package webhooks_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
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
	if version := user.UpdatedAt.Time(); !have.deleted && !version.Before(have.version) { // a replay repairs
		m.users[user.ID] = row{name: clerk.Value(user.FirstName), version: version}
	}
	return nil
}

func (m *mirror) remove(_ context.Context, _ *webhooks.Event, gone *api.DeletedObject) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users[gone.ID] = row{deleted: true}
	return nil
}

// A service that keeps a copy of its users. It would take its secret from
// CLERK_WEBHOOK_SIGNING_SECRET, with [webhooks.FromEnv], and log with [webhooks.WithLogger].
func Example() {
	const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	receiver, err := webhooks.New(secret)
	if err != nil {
		log.Fatal(err)
	}
	copied := &mirror{users: map[string]row{}}
	service := http.NewServeMux()
	service.Handle("/webhooks", receiver.Handler(webhooks.Handlers{
		UserCreated: copied.save,
		UserUpdated: copied.save,
		UserDeleted: copied.remove,
	}))

	for i, body := range []string{ // the update overtakes the creation
		`{"type":"user.updated","data":{"id":"user_1","first_name":"Ada","updated_at":1767225600002}}`,
		`{"type":"user.created","data":{"id":"user_1","first_name":"Augusta","updated_at":1767225600001}}`,
		`{"type":"session.created","data":{"id":"sess_1"}}`,
	} {
		header, err := webhooks.Sign(secret, fmt.Sprint("msg_", i), time.Now(), []byte(body))
		if err != nil {
			log.Fatal(err)
		}
		delivery := httptest.NewRequest(http.MethodPost, "/webhooks", bytes.NewReader([]byte(body)))
		delivery.Header = header
		response := httptest.NewRecorder()
		service.ServeHTTP(response, delivery)
		fmt.Println(response.Code, copied.users["user_1"].name)
	}
	// Output:
	// 204 Ada
	// 204 Ada
	// 204 Ada
}
