package auth

import (
	"context"
	"sync"
)

// fetched is a value that concurrent callers fetch once. Only success is kept.
type fetched[T any] struct {
	mu     sync.Mutex
	value  *T
	flight *fetching[T] // the fetch in flight, if any
}

type fetching[T any] struct {
	done      chan struct{}
	value     *T
	err       error
	abandoned bool // its caller gave up, so the others fetch themselves
}

func (f *fetched[T]) get(ctx context.Context, fetch func() (*T, error)) (*T, error) {
	for {
		f.mu.Lock()
		if f.value != nil {
			defer f.mu.Unlock()
			return f.value, nil
		}
		flight := f.flight
		if flight == nil {
			flight = &fetching[T]{done: make(chan struct{})}
			f.flight = flight
			f.mu.Unlock()
			return f.lead(ctx, flight, fetch)
		}
		f.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-flight.done:
		}
		if !flight.abandoned {
			return flight.value, flight.err
		}
	}
}

// lead fetches for all who wait, and releases them even if fetch panics.
func (f *fetched[T]) lead(ctx context.Context, flight *fetching[T], fetch func() (*T, error)) (*T, error) {
	flight.abandoned = true
	defer func() {
		f.mu.Lock()
		f.value, f.flight = flight.value, nil
		f.mu.Unlock()
		close(flight.done)
	}()
	value, err := fetch()
	flight.value, flight.err = value, err
	flight.abandoned = err != nil && ctx.Err() != nil
	return value, err
}
