package outbound

import (
	"container/list"
	"context"
	"sync"
	"time"
)

const (
	places     = 32   // calls in flight
	maxWaiting = 1024 // calls that wait for a place

	// While more than refusalBudget answers of the last second were refusals, calls
	// start at intervals of pace. Both figures come from a simulation: two kinds of
	// made-up credentials over 64 connections each, beside good callers, where Clerk
	// admits 100 calls a second. At 30 a second good callers wait almost as long as
	// they may, and at 50 the floods exceed Clerk's limit. So they do with a budget of
	// 40, and a budget of 10 turns callers away where 60 good calls and 25 refusals a
	// second would fit.
	refusalBudget = 20
	refusalWindow = time.Second
	pace          = time.Second / 40

	// maxPause bounds how long one answer can hold up all calls.
	maxPause = time.Minute
)

// LimitError reports that a call was not made.
type LimitError struct {
	RetryAfter time.Duration
	Paused     bool // Clerk limits the rate; otherwise too many calls were under way
}

func (e *LimitError) Error() string {
	if e.Paused {
		return "the rate limit was reached, so no call was made"
	}
	return "too many calls are under way"
}

// gate admits the calls of one kind, in order of arrival.
type gate struct {
	mu          sync.Mutex
	inFlight    int
	queue       list.List                    // of *waiter
	refusals    [refusalBudget + 1]time.Time // when the last ones came, as a ring
	oldest      int                          // index in refusals
	slowUntil   time.Time
	pausedUntil time.Time
	lastStart   time.Time
	alarm       *time.Timer // for calls that wait for a point in time, not for a place
}

// waiter is a call that waits for its start.
type waiter struct {
	deadline time.Time
	settled  chan struct{} // closed when the call may start, or when err is set
	err      error
}

// enter waits for a place until ctx ends, which must have a deadline. Unless it returns
// an error, leave must be called.
func (g *gate) enter(ctx context.Context) error {
	w := &waiter{settled: make(chan struct{})}
	w.deadline, _ = ctx.Deadline()
	place, err := g.queueUp(w)
	if err != nil {
		return err
	}
	select {
	case <-w.settled:
		return w.err
	case <-ctx.Done():
		return g.giveUp(w, place)
	}
}

func (g *gate) queueUp(w *waiter) (*list.Element, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if g.queue.Len() >= maxWaiting || w.deadline.Before(g.pausedUntil) {
		return nil, g.limit(now)
	}
	place := g.queue.PushBack(w)
	g.dispatch(now)
	return place, nil
}

// giveUp takes w out of the queue. It returns nil if the call was admitted meanwhile.
func (g *gate) giveUp(w *waiter, place *list.Element) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-w.settled:
		return w.err
	default:
		g.queue.Remove(place)
		return g.limit(time.Now())
	}
}

// leave frees the place of a call. It takes into account whether the answer was a
// refusal, and how long the server wants no calls.
func (g *gate) leave(refused bool, pause time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inFlight--
	now := time.Now()
	if refused {
		g.refusals[g.oldest] = now
		g.oldest = (g.oldest + 1) % len(g.refusals)
		g.slowUntil = later(g.slowUntil, g.refusals[g.oldest].Add(refusalWindow))
	}
	if until := now.Add(min(pause, maxPause)); pause > 0 && until.After(g.pausedUntil) {
		if g.slowUntil.After(now) {
			// A pause without answers does not mean that the flood is over.
			g.slowUntil = until.Add(refusalWindow)
		}
		g.pausedUntil = until
		g.turnAway(now)
	}
	g.dispatch(now)
}

// turnAway ends the wait of those whose time will be over before the pause is.
func (g *gate) turnAway(now time.Time) {
	for e := g.queue.Front(); e != nil; {
		next := e.Next()
		if w := e.Value.(*waiter); w.deadline.Before(g.pausedUntil) {
			w.err = g.limit(now)
			close(w.settled)
			g.queue.Remove(e)
		}
		e = next
	}
}

// dispatch admits as many calls as may start now. If the next one must wait for a point
// in time, it sets the alarm.
func (g *gate) dispatch(now time.Time) {
	for g.queue.Len() > 0 && g.inFlight < places {
		if wait := g.nextStart().Sub(now); wait > 0 {
			g.setAlarm(wait)
			return
		}
		w := g.queue.Remove(g.queue.Front()).(*waiter)
		g.inFlight++
		g.lastStart = now
		close(w.settled)
	}
}

// nextStart returns when the next call may start.
func (g *gate) nextStart() time.Time {
	next := g.lastStart.Add(pace)
	if g.slowUntil.Before(next) {
		next = g.slowUntil
	}
	return later(next, g.pausedUntil)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (g *gate) setAlarm(wait time.Duration) {
	if g.alarm == nil {
		g.alarm = time.AfterFunc(wait, g.wake)
		return
	}
	g.alarm.Reset(wait)
}

func (g *gate) wake() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dispatch(time.Now())
}

// limit returns why a call is not made.
func (g *gate) limit(now time.Time) error {
	if pause := g.pausedUntil.Sub(now); pause > 0 {
		return &LimitError{RetryAfter: pause, Paused: true}
	}
	return &LimitError{RetryAfter: time.Second}
}
