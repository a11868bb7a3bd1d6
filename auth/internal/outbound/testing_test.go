package outbound

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	errRefused = errors.New("refused")
	errBusy    = errors.New("429")
)

const (
	testLimit = 3 * time.Second
	pause     = 1800 * time.Millisecond
)

func newTestCalls() *Calls[int] {
	return New[int](testLimit, func(err error) (bool, time.Duration) {
		if errors.Is(err, errBusy) {
			return false, pause
		}
		return errors.Is(err, errRefused), 0
	})
}

// taking returns a call that takes d and then ends with err.
func taking(d time.Duration, err error) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		select {
		case <-time.After(d):
			return 1, err
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// inBubble runs test with a clock that passes only when everything waits.
func inBubble(t *testing.T, test func(*testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		test(t)
		time.Sleep(time.Minute) // until every call has ended
	})
}

// pass lets time pass, and everything happen that is due then.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func wantLimit(t *testing.T, err error, paused bool, retryAfter time.Duration) {
	t.Helper()
	var limit *LimitError
	if !errors.As(err, &limit) || limit.Paused != paused || limit.RetryAfter != retryAfter {
		t.Errorf("error is %v (%+v), want one with Paused %t and RetryAfter %v", err, limit, paused, retryAfter)
	}
}

// counts returns how many calls are in flight, and how many wait for their start.
func counts(c *Calls[int]) (inFlight, waiting int) {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	return c.gate.inFlight, c.gate.queue.Len()
}

// log is a list that calls write to.
type log[T any] struct {
	mu   sync.Mutex
	list []T
}

func (l *log[T]) add(v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, v)
}

// take returns the list and empties it.
func (l *log[T]) take() []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.list
	l.list = nil
	return list
}
