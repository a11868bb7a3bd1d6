// Package outbound bounds the calls to Clerk that anybody can cause by sending requests:
// how many are in flight, how fast they follow each other, how long they are waited for,
// and what is kept of them.
package outbound

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// ErrGaveUp reports that the caller's context ended before the call did.
var ErrGaveUp = errors.New("the request ended first")

// Calls makes the calls of one kind. A call belongs to no request: a caller that stops
// waiting does not end it, and the client of an aborted request cannot free its place
// for another call.
type Calls[T any] struct {
	limit time.Duration
	judge func(error) (refused bool, pause time.Duration)
	gate  gate

	mu      sync.Mutex
	flights map[Key]*flight[T]
}

// New returns Calls of which each takes at most limit, the wait for its start included.
// judge says of the error of a call, nil included, whether the answer was a refusal, and
// how long no other call may start.
func New[T any](limit time.Duration, judge func(error) (refused bool, pause time.Duration)) *Calls[T] {
	return &Calls[T]{limit: limit, judge: judge, flights: make(map[Key]*flight[T])}
}

// flight is one call and those who wait for its result.
type flight[T any] struct {
	key     Key
	done    chan struct{}
	value   T     // to be read when done is closed, like err
	err     error // of the call, or a *LimitError
	waiting int
	started bool
	abandon context.CancelFunc // ends the wait for the start
}

// Do makes a call. The error is that of call, a [*LimitError] if the call was not made,
// or [ErrGaveUp] with that of ctx. Strings that call holds must not share memory with a
// request.
func (c *Calls[T]) Do(ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	c.mu.Lock()
	f := c.begin(Key{}, call)
	f.waiting++
	c.mu.Unlock()
	return c.wait(ctx, f)
}

// Share is like Do, but makes one call for all callers with the same key that come
// before it ends. They get the same result, which they must not change.
func (c *Calls[T]) Share(ctx context.Context, key Key, call func(context.Context) (T, error)) (T, error) {
	c.mu.Lock()
	f := c.flights[key]
	if f == nil {
		f = c.begin(key, call)
		c.flights[key] = f
	}
	f.waiting++
	c.mu.Unlock()
	return c.wait(ctx, f)
}

// begin begins a flight.
func (c *Calls[T]) begin(key Key, call func(context.Context) (T, error)) *flight[T] {
	f := &flight[T]{key: key, done: make(chan struct{})}
	ctx, cancel := context.WithTimeout(context.Background(), c.limit)
	// A call that had to wait still needs time for its answer.
	start, abandon := context.WithTimeout(ctx, c.limit*5/6)
	f.abandon = abandon
	go func() {
		defer cancel()
		defer abandon()
		defer c.end(f)
		if f.err = c.gate.enter(start); f.err == nil {
			c.fly(ctx, f, call)
		}
	}()
	return f
}

// fly makes the call. A panic, from which no server would recover here, counts as a
// call that failed.
func (c *Calls[T]) fly(ctx context.Context, f *flight[T], call func(context.Context) (T, error)) {
	c.mu.Lock()
	f.started = true
	c.mu.Unlock()
	defer func() {
		if p := recover(); p != nil {
			f.err = panicked(p)
		}
		c.gate.leave(c.judge(f.err))
	}()
	f.err = errUnfinished
	f.value, f.err = call(ctx)
}

// errUnfinished is the error of a call whose goroutine ended in it.
var errUnfinished = errors.New("the call did not return")

// panicked describes a panic without its value, which may contain the request.
func panicked(p any) error {
	if fault, ok := p.(runtime.Error); ok {
		return fmt.Errorf("the call panicked: %w", fault)
	}
	return fmt.Errorf("the call panicked with a %T", p)
}

func (c *Calls[T]) end(f *flight[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(f)
	close(f.done)
}

// forget keeps others from joining f.
func (c *Calls[T]) forget(f *flight[T]) {
	if c.flights[f.key] == f {
		delete(c.flights, f.key)
	}
}

func (c *Calls[T]) wait(ctx context.Context, f *flight[T]) (T, error) {
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		c.leave(f)
		var none T
		return none, fmt.Errorf("%w: %w", ErrGaveUp, ctx.Err())
	}
}

// leave is for a caller that stops waiting. A call that nobody waits for need not start:
// otherwise aborted requests would fill the queue.
func (c *Calls[T]) leave(f *flight[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting == 0 && !f.started {
		c.forget(f)
		f.abandon()
	}
}
