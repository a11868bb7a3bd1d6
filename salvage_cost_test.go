package clerk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	clerk "github.com/backend-sdk/clerk-go"
	"github.com/backend-sdk/clerk-go/api"
)

// A field that does not fit must not make an answer cost many times what it
// costs to read: no timeout ends that work.
func TestSalvagingCostsLittleMoreThanReading(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"created_at":"no number"`)
	for n := range 50_000 {
		fmt.Fprintf(&b, `,"member%d":1`, n)
	}
	body := b.String() + "}"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(body)) }))
	defer server.Close()
	c, err := clerk.New(testKey, clerk.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	reading := fastest(func() {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(body), &members); err != nil {
			t.Fatal(err)
		}
	})
	salvaging := fastest(func() {
		var e *clerk.DecodeError
		if _, err := clerk.Call[api.User](t.Context(), c, get("/users")); !errors.As(err, &e) || e.Path != "created_at" {
			t.Fatal(err)
		}
	})
	if salvaging > 6*reading {
		t.Errorf("salvaging takes %v, reading %v", salvaging, reading)
	}
}

func fastest(f func()) time.Duration {
	least := time.Hour
	for range 3 {
		began := time.Now()
		f()
		least = min(least, time.Since(began))
	}
	return least
}
