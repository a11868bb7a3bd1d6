package clerk_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// limiter is a function as a clerk.Limiter.
type limiter func(context.Context) error

func (f limiter) Wait(ctx context.Context) error { return f(ctx) }

func TestTheLimiterIsAskedBeforeEveryAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gateServer{after: "3", begin: time.Now()}
		var asked []time.Duration
		c := newQuotaClient(t, g, clerk.WithLimiter(limiter(func(context.Context) error {
			asked = append(asked, time.Since(g.begin))
			time.Sleep(time.Second)
			return nil
		})))
		if _, err := clerk.Call[clerk.None](t.Context(), c, post("/a", nil)); err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(asked, g.sent), "[0s 4s] [a 1s a 5s]"; got != want {
			t.Errorf("asked and sent at %s, want %s", got, want)
		}
	})
}

func TestTheLimiterIsAskedAgainIfTheGateClosedMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gateServer{after: "5", begin: time.Now()}
		wait := time.Duration(0)
		var asked []time.Duration
		c := newQuotaClient(t, g, clerk.WithLimiter(limiter(func(context.Context) error {
			asked = append(asked, time.Since(g.begin))
			wait += time.Second
			time.Sleep(wait)
			return nil
		})))
		var all sync.WaitGroup
		for _, path := range []string{"/a", "/b"} {
			all.Go(func() {
				_, _ = clerk.Call[clerk.None](t.Context(), c, post(path, nil), clerk.WithMaxRetries(0))
			})
			synctest.Wait()
		}
		all.Wait()
		if got, want := fmt.Sprint(asked, g.sent), "[0s 0s 6s] [a 1s b 9s]"; got != want {
			t.Errorf("asked and sent at %s, want %s", got, want)
		}
	})
}

// Calls that a 429 holds back leave at the pace of the limiter afterwards, not all at once.
func TestCallsLeaveTheGateAtThePaceOfTheLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := &quota{n: 100, per: time.Second, sliding: true, steady: true}
		turn := make(chan struct{}, 1)
		c := newQuotaClient(t, q, clerk.WithLimiter(limiter(func(context.Context) error {
			turn <- struct{}{}
			time.Sleep(time.Second / 90)
			<-turn
			return nil
		})))
		var others, first int
		time.AfterFunc(1500*time.Millisecond, func() { // another program takes what is left
			for range 60 {
				_, _ = q.RoundTrip(nil)
			}
			others = q.refusals()
		})
		time.AfterFunc(3*time.Second, func() { first = q.refusals() })
		if failed := inBulk(t, c, 500, 64); failed != 0 {
			t.Errorf("%d failed", failed)
		}
		synctest.Wait() // for what the timers have written
		if later := q.refusals() - first; first == others || later != 0 {
			t.Errorf("%d calls were refused at first, and %d later, want some and none", first-others, later)
		}
	})
}

func TestAnErrorOfTheLimiterEndsTheCallUnsent(t *testing.T) {
	t.Parallel()
	down := errors.New("over the budget")
	for _, test := range []struct {
		name        string
		wait        limiter
		is          []error
		rateLimited bool
	}{
		{"its own", func(context.Context) error { return down }, []error{down}, true},
		{"of the call timeout", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, []error{context.DeadlineExceeded}, false},
		{"of the context", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, []error{context.Canceled}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.name == "of the context" {
					time.AfterFunc(time.Second, cancel)
				}
				g := &gateServer{}
				_, err := clerk.Call[clerk.None](ctx, newQuotaClient(t, g, clerk.WithLimiter(test.wait)), post("/a", nil))
				for _, want := range test.is {
					if !errors.Is(err, want) {
						t.Errorf("error %v, want %v", err, want)
					}
				}
				if errors.Is(err, clerk.ErrRateLimited) != test.rateLimited || len(g.sent) != 0 {
					t.Errorf("error %v after %d requests", err, len(g.sent))
				}
			})
		})
	}
}
