package auth

import (
	"context"
	"sync"

	"github.com/backend-sdk/clerk-go/users"
)

// CurrentUser gives the signed-in user as Clerk's Backend API has it, and nil
// with no error when nobody is signed in. All callers of one request share one
// fetch and its result, which is theirs to read and not to write; an error is not
// kept, so the next call tries again. Where nothing could be decided the error is
// what [Auth.Err] says; without a client it is [ErrNoClient]. The user holds
// private metadata: hand out chosen fields, never the whole.
func CurrentUser(ctx context.Context) (*users.User, error) {
	a := FromContext(ctx)
	claims := a.sessionClaims()
	if claims == nil {
		return nil, a.Err()
	}
	client := a.record.owner.client
	if client == nil {
		return nil, ErrNoClient
	}
	return a.record.user.get(ctx, func() (*users.User, error) {
		return users.GetUser(ctx, client, claims.subject)
	})
}

// fetched is a value that callers at the same time fetch once between them. Only
// success is kept.
type fetched[T any] struct {
	mu     sync.Mutex
	value  *T
	flight *fetching[T] // the fetch under way, if any
}

type fetching[T any] struct {
	done      chan struct{}
	value     *T
	err       error
	abandoned bool // its caller gave up, which says nothing to the others
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

// lead fetches for all who wait, and lets them go even when fetch panics.
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
