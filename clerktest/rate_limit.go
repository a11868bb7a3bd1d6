package clerktest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// RateLimit is a number of requests in a period, which begins with the first request that
// is not in the period before.
type RateLimit struct {
	Requests int
	Per      time.Duration
}

// WithRateLimit limits requests to the Backend API as Clerk does: 100 in 10 seconds, or
// 1,000 for a production instance. What is beyond gets 429 and a Retry-After header. The
// keys of tokens are not limited.
func WithRateLimit() Option { return func(c *config) { c.rateLimited = true } }

// clerkLimit returns the limit of [WithRateLimit].
func clerkLimit(production bool) RateLimit {
	if production {
		return RateLimit{1000, 10 * time.Second}
	}
	return RateLimit{100, 10 * time.Second}
}

// rate counts requests against a limit. The zero rate has none.
type rate struct {
	RateLimit
	since time.Time
	used  int
}

// take counts a request. It returns how long a request that is beyond the limit must wait,
// or 0.
func (r *rate) take(now time.Time) time.Duration {
	if r.Per <= 0 {
		return 0
	}
	if passed := now.Sub(r.since); passed >= r.Per || passed < 0 {
		r.since, r.used = now, 0
	}
	if r.used >= r.Requests {
		return r.since.Add(r.Per).Sub(now)
	}
	r.used++
	return 0
}

func (r *rate) reset() { r.since, r.used = time.Time{}, 0 }

// tooManyRequests returns the error for a request beyond a limit.
func tooManyRequests() *clerk.Error {
	return failure(http.StatusTooManyRequests, "too_many_requests", "too many requests in a short time", "")
}

// wholeSeconds returns a duration in seconds, rounded up.
func wholeSeconds(d time.Duration) string {
	seconds := int64(d / time.Second)
	if d%time.Second > 0 {
		seconds++
	}
	return strconv.FormatInt(seconds, 10)
}

// checkRate returns the error for a request beyond the limit of the instance, or nil.
func (i *Instance) checkRate(w http.ResponseWriter, o *description.Operation) *clerk.Error {
	if !i.rateLimited || o != nil && o.Name == "GetJWKS" {
		return nil
	}
	now := i.now()
	i.mu.Lock()
	rest := i.rate.take(now)
	i.mu.Unlock()
	if rest == 0 {
		return nil
	}
	w.Header().Set("Retry-After", wholeSeconds(rest))
	return tooManyRequests()
}
