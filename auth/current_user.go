package auth

import (
	"context"
	"errors"
	"sync"

	"github.com/backend-sdk/clerk-go/users"
)

// CurrentUser returns the signed-in user as the Backend API has it, or nil without an
// error if nobody is signed in. All calls for one request share one fetch and its
// result, which callers must not modify; an error is not kept, so the next call tries
// again. If nothing could be decided, the error is that of [Auth.Err]; without a client
// it is [ErrNoClient]. The user includes private metadata: hand out selected fields,
// never the whole value.
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
		user, err := users.GetUser(ctx, client, claims.subject)
		if err == nil && user.ID == "" {
			return nil, errors.New("auth: the response of Clerk has no user")
		}
		return user, err
	})
}

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
