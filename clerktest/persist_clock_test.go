package clerktest_test

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// TestPersistedClockGoesOnAfterARestart restarts an instance after each thing that moves
// its clock, and after a write.
func TestPersistedClockGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "state")
	instance := startPersisted(t, path, clerktest.WithPages(), clerktest.WithClock(func() time.Time { return now }))
	for _, step := range []struct {
		name  string
		do    func()
		ahead time.Duration
	}{
		{"nothing", func() {}, 0},
		{"Advance", func() { instance.Advance(90 * time.Minute) }, 90 * time.Minute},
		{"a write", func() { send(t, instance, "PATCH", "/users/user_1", `{"first_name":"One"}`) }, 90 * time.Minute},
		{"a move back", func() { instance.Advance(-2 * time.Hour) }, -30 * time.Minute},
		{"SetTime", func() { instance.SetTime(now.Add(48 * time.Hour)) }, 48 * time.Hour},
		{"another seed", func() { instance.SetSeed(clerktest.Seed{}) }, 48 * time.Hour},
		{"over HTTP", func() { steer(t, instance, http.MethodPost, "clock", `{"advance": "1h"}`) }, 49 * time.Hour},
		{"Reset", func() { instance.Reset() }, 0},
	} {
		step.do()
		for range 2 { // the second finds what the first has rewritten
			if err := instance.Close(); err != nil {
				t.Fatal(err)
			}
			now = now.Add(time.Second)
			instance = startPersisted(t, path, clerktest.WithPages(), clerktest.WithClock(func() time.Time { return now }))
		}
		if got := instance.Now().Sub(now); got != step.ahead {
			t.Errorf("after %s and a restart the clock is %v ahead, want %v", step.name, got, step.ahead)
		}
	}
}
