package main

import (
	"sync"
	"sync/atomic"
	"time"
)

// clock passes faster than the real one, and can skip time as a machine does that slept.
type clock struct {
	begun   time.Time
	speed   int
	skipped atomic.Int64
}

func newClock(speed int) *clock { return &clock{begun: time.Now(), speed: speed} }

// now has no monotonic part, which could not show that time was skipped.
func (c *clock) now() time.Time {
	passed := time.Since(c.begun)*time.Duration(c.speed) + time.Duration(c.skipped.Load())
	return c.begun.Round(0).Add(passed)
}

func (c *clock) skip(d time.Duration) { c.skipped.Add(int64(d)) }

// real returns how long d of this clock takes.
func (c *clock) real(d time.Duration) time.Duration { return d / time.Duration(c.speed) }

// fast returns how long d of the real clock is on this one.
func (c *clock) fast(d time.Duration) time.Duration { return d * time.Duration(c.speed) }

// since returns how long after the start of the run t is.
func (c *clock) since(t time.Time) time.Duration { return t.Sub(c.begun.Round(0)) }

// ordinaryDelay is how much later than it could a goroutine runs on a busy machine,
// beyond what the watch notices.
const ordinaryDelay = 100 * time.Millisecond

// watch notices when the machine has no time for this process, so that its delays are
// not mistaken for those of the service.
type watch struct {
	mu    sync.Mutex
	late  [64]lateness // as a ring
	next  int
	worst time.Duration
}

type lateness struct {
	at time.Time
	by time.Duration
}

// run returns when done is closed.
func (w *watch) run(done <-chan struct{}) {
	const step = 5 * time.Millisecond
	timer := time.NewTicker(step)
	defer timer.Stop()
	last := time.Now()
	for {
		select {
		case <-done:
			return
		case <-timer.C:
		}
		now := time.Now()
		if by := now.Sub(last) - step; by > step {
			w.mu.Lock()
			w.late[w.next] = lateness{now, by}
			w.next = (w.next + 1) % len(w.late)
			w.worst = max(w.worst, by)
			w.mu.Unlock()
		}
		last = now
	}
}

// slack returns by how much two observers may disagree about a moment since start.
func (w *watch) slack(start time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	slack := ordinaryDelay
	for _, l := range w.late {
		if l.at.After(start.Add(-time.Second)) {
			slack += l.by
		}
	}
	return min(slack, time.Second)
}
