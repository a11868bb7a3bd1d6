package clerk_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestTimestampsAreMilliseconds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 12, 1, 2, 3, 4_999_999, time.UTC)
	if got := clerk.At(at); got != 1778547723004 || !got.Time().Equal(at.Truncate(time.Millisecond)) {
		t.Errorf("%d, %v", got, got.Time())
	}
	var v struct{ At *clerk.Timestamp }
	if err := json.Unmarshal([]byte(`{"At":1778547723004}`), &v); err != nil || *v.At != clerk.At(at) {
		t.Errorf("%v, error %v", v.At, err)
	}
	if text := fmt.Sprint(v.At, clerk.Timestamp(0)); text != "2026-05-12T01:02:03.004Z 1970-01-01T00:00:00.000Z" {
		t.Errorf("printed %s", text)
	}
	if raw, err := json.Marshal(v); err != nil || string(raw) != `{"At":1778547723004}` {
		t.Errorf("encoded %s, error %v", raw, err)
	}
}
