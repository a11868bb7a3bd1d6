package clerk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// A field that does not fit must not make an answer cost many times what it
// costs to read: no timeout ends that work. It counts the memory of the whole
// program, so it is not parallel.
func TestSalvagingCostsLittleMoreThanReading(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"created_at":"no number"`)
	for n := range 50_000 {
		fmt.Fprintf(&b, `,"member%d":1`, n)
	}
	body := b.String() + "}"
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { write(w, body) })
	reading := allocated(func() {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(body), &members); err != nil {
			t.Fatal(err)
		}
	})
	salvaging := allocated(func() {
		var e *clerk.DecodeError
		if _, err := clerk.Call[api.User](t.Context(), c, get("/users")); !errors.As(err, &e) || e.Path != "created_at" {
			t.Fatal(err)
		}
	})
	if salvaging > 3*reading {
		t.Errorf("salvaging takes %d bytes, reading %d", salvaging, reading)
	}
}

// allocated returns how many bytes f takes from the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
