package auth

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestOutageIsLoggedOnceAndWhenItIsOver(t *testing.T) {
	t.Parallel()
	var log recorded
	now := testNow
	o := newOutages(slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now }, "a service", calm)
	var want []string
	// step notes an outcome, and checks that the log has one more line with that text, or none.
	step := func(after time.Duration, result outcome, line string) {
		t.Helper()
		now = now.Add(after)
		o.note(t.Context(), result, errors.New("down"))
		if line != "" {
			want = append(want, line)
		}
		lines := log.lines()
		if len(lines) != len(want) {
			t.Fatalf("log is %q, want %d lines", lines, len(want))
		}
		for i := range want {
			if !strings.Contains(lines[i], want[i]) {
				t.Errorf("line %d is %q, want %q in it", i, lines[i], want[i])
			}
		}
	}
	step(0, answered, "")
	step(0, outOfReach, `level=WARN msg="auth: Clerk is out of reach" which="a service" cause=down`)
	step(time.Second, outOfReach, "")
	step(time.Second, abandoned, "")
	step(time.Second, answered, "") // One success is not yet the end.
	step(calm, outOfReach, "")
	step(calm-1, refused, "")
	step(1, refused, `level=INFO msg="auth: over: Clerk is out of reach" which="a service" lasted=13s requests=3`)
	step(calm, answered, "")
	step(0, secretKeyRefused, "level=ERROR")
	step(0, ownLimit, "too many calls")
	step(0, outOfReach, "level=WARN")
	step(0, outOfReach, "")
}

// The first record of an outage names the call for Clerk's support.
func TestOutageNamesTheCall(t *testing.T) {
	t.Parallel()
	option, records := debugLog(slog.LevelInfo)
	b := newMachineBackend(t, http.StatusTooManyRequests, `{"errors":[{"code":"x","message":"x"}],"clerk_trace_id":"trace_1"}`)
	a := b.authenticator(t, option, everyType())
	for range 3 {
		stateOf(t, a, newRequest(t, "/", withBearer("ak_secret")))
	}
	got := records(t)
	if len(got) != 1 || got[0]["which"] != "verifying an opaque token" || got[0]["trace_id"] != "trace_1" || got[0]["operation"] == "" {
		t.Fatalf("records are %v", got)
	}
	if text := fmt.Sprint(got); strings.Contains(text, "secret") {
		t.Errorf("the log shows a token: %s", text)
	}
}
