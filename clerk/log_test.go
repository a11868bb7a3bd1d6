package clerk_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestEachAttemptIsLoggedWithoutSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	first := true
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		if first {
			first = false
			w.WriteHeader(http.StatusTooManyRequests)
			write(w, "hunter2")
			return
		}
		write(w, `{"id":"hunter2"}`)
	}, clerk.WithLogger(logger))
	req := clerk.Request{
		Method: "POST", Path: "/things/{thing_id}", IDs: []string{"hunter2"}, Operation: "UpdateThing",
		Query: clerk.Query{"q": "hunter2"}, Body: map[string]string{"password": "hunter2"},
	}
	if _, err := clerk.Call[thing](t.Context(), c, req, clerk.WithKey("sk_test_hunter2"), clerk.WithHeader("X-Secret", "hunter2")); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String(), "hunter2") || strings.Contains(log.String(), testKey) {
		t.Errorf("logged %s", log.String())
	}
	var got []map[string]any
	for line := range strings.Lines(log.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"time", "duration", "retry_in"} {
			if _, ok := record[name].(float64); ok {
				record[name] = "some"
			}
		}
		delete(record, "time")
		got = append(got, record)
	}
	record := func(more map[string]any) map[string]any {
		r := map[string]any{"msg": "clerk: attempt", "operation": "UpdateThing", "method": "POST", "path": "/things/{thing_id}", "duration": "some"}
		maps.Copy(r, more)
		return r
	}
	want := []map[string]any{
		record(map[string]any{"level": "WARN", "attempt": 1.0, "status": 429.0, "retry_in": "some"}),
		record(map[string]any{"level": "DEBUG", "attempt": 2.0, "status": 200.0}),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
