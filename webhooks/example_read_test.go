package webhooks_test

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// A handler of your own reads the event itself.
func ExampleReceiver_Read() {
	const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	receiver, err := webhooks.New(secret)
	if err != nil {
		log.Fatal(err)
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		event, err := receiver.Read(r)
		switch {
		case errors.Is(err, webhooks.ErrUnverified):
			http.Error(w, "not from Clerk", http.StatusBadRequest)
			return
		case err != nil:
			http.Error(w, "not understood", http.StatusInternalServerError)
			return
		}
		switch data := event.Data.(type) {
		case *api.User:
			fmt.Println(event.Type, data.ID)
		case *webhooks.Session:
			fmt.Println(event.Type, data.UserID)
		}
		w.WriteHeader(http.StatusNoContent)
	}

	body := `{"type":"session.created","data":{"id":"sess_1","user_id":"user_1"}}`
	header, err := webhooks.Sign(secret, "msg_1", time.Now(), []byte(body))
	if err != nil {
		log.Fatal(err)
	}
	for _, sent := range []string{body, strings.Replace(body, "user_1", "user_2", 1)} {
		delivery := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(sent))
		delivery.Header = header
		response := httptest.NewRecorder()
		handler(response, delivery)
		fmt.Println(response.Code)
	}
	// Output:
	// session.created user_1
	// 204
	// 400
}
