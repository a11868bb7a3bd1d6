package decode_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

// One field that does not fit must not make decoding cost many times what reading
// the JSON costs, because no timeout ends that work. The test counts the memory of
// the whole program, so it is not parallel.
func TestPartialCostsLittleMoreThanReading(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"created_at":"not a number"`)
	for n := range 50_000 {
		fmt.Fprintf(&b, `,"member%d":1`, n)
	}
	body := []byte(b.String() + "}")
	reading := allocated(func() {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(body, &members); err != nil {
			t.Fatal(err)
		}
	})
	decoding := allocated(func() {
		var user api.User
		if path, err := decode.Partial(body, &user, nil); path != "created_at" {
			t.Fatal(path, err)
		}
	})
	t.Logf("decoding allocates %d bytes, reading %d", decoding, reading)
	if decoding > 2*reading {
		t.Errorf("decoding allocates %d bytes, reading %d", decoding, reading)
	}
}

// allocated returns how many bytes f allocates on the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
