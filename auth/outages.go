package auth

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// outageTexts are what an operator reads. Other outcomes are no outages.
var outageTexts = map[outcome]string{
	outOfReach:       "Clerk is out of reach",
	secretKeyRefused: "Clerk refuses the secret key, which may have been deleted",
	ownLimit:         "too many calls to Clerk are under way",
}

// calm is how long no request may have met an outage of calls before it is over, so that
// calls that fail now and then do not fill the log. Keys are fetched much less often.
const calm = 10 * time.Second

// outages logs when something that requests need of Clerk cannot be used, once until it
// works again, and then how long that took. A nil one is silent.
type outages struct {
	log   *slog.Logger
	now   func() time.Time
	which string // what cannot be used
	calm  time.Duration
	each  [outcomeCount]outage
}

type outage struct {
	on          atomic.Bool // whether mu must be taken at all
	mu          sync.Mutex
	began, last time.Time
	requests    int64
}

func newOutages(logger *slog.Logger, now func() time.Time, which string, calm time.Duration) *outages {
	if logger == nil {
		return nil
	}
	return &outages{log: logger, now: now, which: which, calm: calm}
}

// note takes the outcome of a request that needed a call. It counts requests that met an
// outage, and logs its first one and its end.
func (o *outages) note(ctx context.Context, result outcome, err error, attrs ...slog.Attr) {
	if o == nil || result == abandoned {
		return
	}
	if _, isOutage := outageTexts[result]; !isOutage {
		o.works(ctx)
		return
	}
	if o.each[result].count(o.now()) {
		o.begin(ctx, result, err, attrs)
	}
}

func (o *outages) begin(ctx context.Context, result outcome, err error, attrs []slog.Attr) {
	all := append([]slog.Attr{slog.String("which", o.which), cause(err)}, attrs...)
	var answer *clerk.Error
	if errors.As(err, &answer) {
		all = append(all, slog.String("operation", answer.Operation), slog.String("trace_id", answer.TraceID))
	}
	if after := retryAfter(err); after > 0 {
		all = append(all, slog.Duration("retry_after", after))
	}
	level := slog.LevelWarn
	if result == secretKeyRefused {
		level = slog.LevelError
	}
	o.log.LogAttrs(ctx, level, "auth: "+outageTexts[result], all...)
}

// works ends every outage that no request met for a while.
func (o *outages) works(ctx context.Context) {
	for result := range o.each {
		e := &o.each[result]
		if !e.on.Load() {
			continue
		}
		if lasted, requests, over := e.end(o.now(), o.calm); over {
			o.log.LogAttrs(ctx, slog.LevelInfo, "auth: over: "+outageTexts[outcome(result)], slog.String("which", o.which),
				slog.Duration("lasted", lasted), slog.Int64("requests", requests))
		}
	}
}

// count counts a request, and reports whether it is the first one.
func (e *outage) count(now time.Time) (first bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if first = !e.on.Load(); first {
		e.began, e.requests = now, 0
		e.on.Store(true)
	}
	e.last = now
	e.requests++
	return first
}

func (e *outage) end(now time.Time, calm time.Duration) (lasted time.Duration, requests int64, over bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if since := now.Sub(e.last); !e.on.Load() || since >= 0 && since < calm {
		return 0, 0, false
	}
	e.on.Store(false)
	return e.last.Sub(e.began), e.requests, true
}
