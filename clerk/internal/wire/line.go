package wire

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// ErrRateLimited is found in the error of a call that a rate limit held back for longer
// than the call had.
var ErrRateLimited = errors.New("clerk: rate limit exceeded")

// line is where the calls of a client wait for their turn. A 429 closes the gate of the
// key that the call had, and a client can have a budget that all its calls share. Calls
// leave in the order in which they began.
type line struct {
	n   int           // starts within per; 0 for no budget
	per time.Duration // any span of this length

	mu      sync.Mutex
	last    uint64               // the number of the newest call
	gates   map[string]time.Time // when the gate of a key opens
	starts  []time.Time          // those that count against the budget, oldest first
	waiting []*place             // oldest call first
	timer   *time.Timer          // runs advance
	wakes   time.Time            // when timer fires; zero if it does not
}

// place is the place of a waiting call.
type place struct {
	number uint64
	key    string
	counts bool // against the budget
	ready  chan struct{}
}

// number returns the number of a new call.
func (l *line) number() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	return l.last
}

// closeGate closes the gate of key, unless it is already closed for longer.
func (l *line) closeGate(key string, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for k, opens := range l.gates {
		if !opens.After(now) {
			delete(l.gates, k)
		}
	}
	if l.gates == nil {
		l.gates = map[string]time.Time{}
	}
	if until.After(l.gates[key]) {
		l.gates[key] = until
	}
}

// opens returns when the gate of key opens, or a time in the past.
func (l *line) opens(key string) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gates[key]
}

// wait returns when the call of p may start. It waits until deadline at most, and not at
// all if the turn of p certainly comes later.
func (l *line) wait(ctx context.Context, p place, deadline time.Time) error {
	mine, err := l.join(p, deadline)
	if mine == nil {
		return err
	}
	timeout := time.NewTimer(time.Until(deadline))
	defer timeout.Stop()
	select {
	case <-mine.ready:
		return nil
	case <-ctx.Done():
		err = ended(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = &heldError{"its turn did not come before the deadline", err}
		}
	case <-timeout.C:
		err = &heldError{"its turn did not come in time", context.DeadlineExceeded}
	}
	if l.leave(mine) {
		return err
	}
	return nil
}

// join returns the place at which to wait, or nil and why the call must not start, if
// anything.
func (l *line) join(p place, deadline time.Time) (*place, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	turn := l.turn(&p, now)
	if !turn.After(now) {
		// Those whose turn has come since the timer was set go first.
		l.release(now)
		if turn = l.turn(&p, now); !turn.After(now) {
			l.start(&p, now)
			return nil, nil
		}
	}
	if !turn.Before(deadline) {
		return nil, &heldError{text: fmt.Sprintf("it would have to wait %s", turn.Sub(now).Round(time.Millisecond))}
	}
	p.ready = make(chan struct{})
	mine := &p
	// A call that is repeated is older than those that began after it.
	i, _ := slices.BinarySearchFunc(l.waiting, p.number, func(other *place, n uint64) int { return int(other.number) - int(n) })
	l.waiting = slices.Insert(l.waiting, i, mine)
	if l.wakes.IsZero() || turn.Before(l.wakes) {
		l.wakeAt(turn)
	}
	return mine, nil
}

// leave frees a place. It reports false if its turn has already come.
func (l *line) leave(p *place) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.waiting, p)
	if i < 0 {
		return false
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	return true
}

// turn returns the earliest time at which the call of p may start.
func (l *line) turn(p *place, now time.Time) time.Time {
	at := l.gates[p.key]
	if l.n == 0 || !p.counts {
		return at
	}
	for len(l.starts) > 0 && !l.starts[0].Add(l.per).After(now) {
		l.starts = l.starts[1:]
	}
	if over := len(l.starts) - l.n; over >= 0 {
		if free := l.starts[over].Add(l.per); free.After(at) {
			at = free
		}
	}
	return at
}

// start counts the start of the call of p.
func (l *line) start(p *place, now time.Time) {
	if l.n > 0 && p.counts {
		l.starts = append(l.starts, now)
	}
}

// release lets those start whose turn has come, and sets the timer for the next.
func (l *line) release(now time.Time) {
	if len(l.waiting) == 0 {
		return
	}
	var next time.Time
	l.waiting = slices.DeleteFunc(l.waiting, func(p *place) bool {
		turn := l.turn(p, now)
		if !turn.After(now) {
			l.start(p, now)
			close(p.ready)
			return true
		}
		if next.IsZero() || turn.Before(next) {
			next = turn
		}
		return false
	})
	l.wakes = time.Time{}
	if !next.IsZero() {
		l.wakeAt(next)
	}
}

// wakeAt sets the timer.
func (l *line) wakeAt(at time.Time) {
	l.wakes = at
	if l.timer == nil {
		l.timer = time.AfterFunc(time.Until(at), l.advance)
		return
	}
	l.timer.Reset(time.Until(at))
}

// advance is what the timer does.
func (l *line) advance() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wakes = time.Time{}
	l.release(time.Now())
}

// heldError is the error of a call that was not sent because of a rate limit.
type heldError struct {
	text  string
	cause error // nil if only the limit is
}

func (e *heldError) Error() string { return "rate limit exceeded: the call was not sent: " + e.text }

func (e *heldError) Is(target error) bool { return target == ErrRateLimited }

func (e *heldError) Unwrap() error { return e.cause }
