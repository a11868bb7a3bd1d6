package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

const (
	// patience is how long an attempt waits for Redis to respond.
	patience = time.Second
	// pause is how long Redis is left alone after it was out of reach.
	pause = time.Second
)

// limiter is a [clerk.Limiter] that shares its limit with every process that uses the same
// Redis. While Redis is out of reach it holds back nothing: the client still waits when
// Clerk says so.
type limiter struct {
	store *redis_rate.Limiter
	name  string // of the limit
	limit redis_rate.Limit
	log   *slog.Logger

	turn  chan struct{} // holds a token; whoever has taken it may ask Redis
	lost  bool          // Redis was out of reach; for the holder of the token
	asked time.Time     // when that was found last
}

// newLimiter returns a limiter of at most n attempts in any span of per; n is at least 2. A
// tenth of them may start at once.
func newLimiter(client redis.UniversalClient, name string, n int, per time.Duration, log *slog.Logger) *limiter {
	burst := max(1, n/10)
	l := &limiter{
		store: redis_rate.NewLimiter(client),
		name:  name,
		limit: redis_rate.Limit{Rate: n - burst, Burst: burst, Period: per},
		log:   log,
		turn:  make(chan struct{}, 1),
	}
	l.turn <- struct{}{}
	return l
}

// Wait returns nil when an attempt may start. Attempts ask Redis one after another, so that
// they start in order and those that wait cost nothing.
func (l *limiter) Wait(ctx context.Context) error {
	select {
	case <-l.turn:
		defer func() { l.turn <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		if l.lost && time.Since(l.asked) < pause {
			return nil
		}
		wait := l.ask(ctx)
		if wait == 0 {
			return ctx.Err()
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ask returns how long to wait before asking again, or 0 if nothing more is to be asked. The
// first error of an outage is logged.
func (l *limiter) ask(ctx context.Context) time.Duration {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	result, err := l.store.Allow(within, l.name, l.limit)
	switch {
	case err != nil && ctx.Err() != nil: // it says nothing about Redis
	case err != nil:
		if l.asked = time.Now(); !l.lost {
			l.log.WarnContext(ctx, "the shared rate limit is out of reach: calls go on without it", "error", err)
		}
		l.lost = true
	case l.lost:
		l.lost = false
		l.log.InfoContext(ctx, "the shared rate limit is back")
	}
	if err != nil || result.Allowed > 0 {
		return 0
	}
	return result.RetryAfter
}
