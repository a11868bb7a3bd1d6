package clerk

import (
	"context"
	"errors"
	"time"

	"github.com/backend-sdk/clerk-go/internal/calloption"
)

// Limiter decides when an attempt may be sent. Wait returns nil when it may, and an error
// when it may not, at the latest when ctx ends. *rate.Limiter of golang.org/x/time is a
// Limiter. It must be safe for concurrent use.
type Limiter interface {
	Wait(ctx context.Context) error
}

// WithRateLimit sends at most n attempts of all the client's calls in any span of per.
// Clerk allows an instance 1,000 requests in 10 s in production and 100 in development.
// Calls over the limit wait in the order in which they began. A call that cannot wait so
// long, because of its context or [WithTimeout], is not sent, and [ErrRateLimited] is found
// in its error.
//
// Without this option calls wait by the same rules, but only after a 429 with a
// Retry-After: it holds back all calls with the same key until then.
func WithRateLimit(n int, per time.Duration) Option {
	return option(func(s *settings) error {
		if n <= 0 {
			return errors.New("clerk: rate limit must be positive")
		}
		s.rate, s.per = n, per
		return positive("the time of the rate limit", per)
	})
}

// WithLimiter asks l before every attempt, after the wait for a 429, for example for a limit
// that several processes share. The context that l receives ends when the call must end.
// An error of l ends the call without sending it. [ErrRateLimited] is found in the call's
// error then, unless l returned the error of its context.
func WithLimiter(l Limiter) Option {
	return option(func(s *settings) error {
		if l == nil {
			return errors.New("clerk: limiter is nil")
		}
		s.limiter = l
		return nil
	})
}

func init() {
	calloption.Apart = callOption(func(c *call) error {
		c.message.Apart = true
		return nil
	})
}
