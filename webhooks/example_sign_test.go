package webhooks_test

import (
	"fmt"
	"log"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/webhooks"
)

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
