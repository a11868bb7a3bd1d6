package webhooks_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// An effect, such as a mail, happens once for each event, as far as one process remembers.
func ExampleWithDeduplicator() {
	const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	receiver, err := webhooks.New(secret, webhooks.WithDeduplicator(webhooks.Memory(10_000)))
	if err != nil {
		log.Fatal(err)
	}
	handler := receiver.Handler(webhooks.Handlers{
		UserCreated: func(_ context.Context, _ *webhooks.Event, user *api.User) error {
			if len(user.EmailAddresses) == 0 {
				return webhooks.Permanent(fmt.Errorf("user %s has no address", user.ID))
			}
			fmt.Println("welcome,", user.EmailAddresses[0].EmailAddress)
			return nil
		},
	})

	body := `{"type":"user.created","data":{"id":"user_1","email_addresses":[{"email_address":"ada@example.com"}]}}`
	header, err := webhooks.Sign(secret, "msg_1", time.Now(), []byte(body))
	if err != nil {
		log.Fatal(err)
	}
	for range 2 { // Clerk sends it again, because the first response was lost
		delivery := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(body))
		delivery.Header = header
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, delivery)
		fmt.Println(response.Code)
	}
	// Output:
	// welcome, ada@example.com
	// 204
	// 204
}
