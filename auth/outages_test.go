package auth

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestOutageIsLoggedOnceAndWhenItIsOver(t *testing.T) {
	t.Parallel()
	var log recorded
	now := testNow
	o := newOutages(slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })
	step := func(d time.Duration, want ...string) {
		t.Helper()
		now = now.Add(d)
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
	ctx, errDown := context.Background(), errors.New("down")
	first := "which=\"signing keys\" cause=down"
	o.works(ctx, serviceKeys)
	step(0)
	for range 3 {
		o.met(ctx, serviceKeys, outOfReach, errDown)
		step(time.Second, first)
	}
	o.works(ctx, serviceKeys) // One success is not yet the end.
	o.works(ctx, serviceRefresh)
	step(calm, first)
	o.met(ctx, serviceKeys, outOfReach, errDown)
	o.works(ctx, serviceKeys)
	step(calm, first)
	o.works(ctx, serviceKeys)
	over := "lasted=13s requests=4"
	step(time.Second, first, over)
	o.works(ctx, serviceKeys)
	o.met(ctx, serviceKeys, keyRefused, errDown)
	step(0, first, over, "level=ERROR")
	o.met(ctx, serviceRefresh, limitReached, errDown)
	step(0, first, over, "level=ERROR", "too many calls")
}
