package clerk_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// sharedBudget counts attempts in a store that all processes use.
type sharedBudget struct {
	take func(context.Context) (wait time.Duration, err error)
}

// Wait waits until the store has room. While the store is down, calls go on: Clerk's own
// limit still holds.
func (b sharedBudget) Wait(ctx context.Context) error {
	for {
		wait, err := b.take(ctx)
		if err != nil || wait == 0 {
			return ctx.Err()
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func ExampleWithLimiter() {
	take := func(context.Context) (time.Duration, error) {
		return 0, errors.New("connection refused") // of the store, such as Redis
	}
	client, err := clerk.New("sk_test_0123", clerk.WithLimiter(sharedBudget{take}))
	fmt.Println(client, err)
	// Output: clerk.Client(https://api.clerk.com/v1, development) <nil>
}
