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

// service is what a request may need of Clerk.
type service int

const (
	serviceKeys service = iota
	serviceNonce
	serviceRefresh
	serviceAPIKey
	serviceM2MToken
	serviceOAuthToken
	services
)

var serviceNames = [services]string{
	"signing keys", "handshake nonce", "session refresh", "API key verification", "M2M token verification", "OAuth token verification",
}

// hindrance is why a service could not be used.
type hindrance int

const (
	outOfReach hindrance = iota
	keyRefused
	limitReached
	hindrances
)

var hindranceTexts = [hindrances]string{
	"Clerk is out of reach",
	"Clerk refuses the secret key, which may have been deleted",
	"too many calls to Clerk are under way",
}

// calm is how long a service must have worked before its outage is over, so that one
// that works now and then does not fill the log.
const calm = 10 * time.Second

// outages logs when a service cannot be used, once until it works again, and then how
// long that took. A nil one is silent.
type outages struct {
	log  *slog.Logger
	now  func() time.Time
	each [services][hindrances]outage
}

type outage struct {
	on          atomic.Bool // whether mu must be taken at all
	mu          sync.Mutex
	began, last time.Time
	requests    int64
}

func newOutages(logger *slog.Logger, now func() time.Time) *outages {
	if logger == nil {
		return nil
	}
	return &outages{log: logger, now: now}
}

// met counts a request that the service could not help because of err, and logs the
// first one of an outage.
func (o *outages) met(ctx context.Context, s service, h hindrance, err error, attrs ...slog.Attr) {
	if o == nil {
		return
	}
	now := o.now()
	if !o.each[s][h].count(now) {
		return
	}
	all := []slog.Attr{slog.String("which", serviceNames[s]), cause(err)}
	level := slog.LevelWarn
	var refused *clerk.Error
	if errors.As(err, &refused) {
		all = append(all, slog.String("operation", refused.Operation), slog.String("trace_id", refused.TraceID))
		if refused.RetryAfter > 0 {
			all = append(all, slog.Duration("retry_after", refused.RetryAfter))
		}
	}
	if h == keyRefused {
		level = slog.LevelError
	}
	o.log.LogAttrs(ctx, level, "auth: "+hindranceTexts[h], append(all, attrs...)...)
}

// works ends every outage of the service that has not been met for a while.
func (o *outages) works(ctx context.Context, s service) {
	if o == nil {
		return
	}
	for h := range o.each[s] {
		e := &o.each[s][h]
		if !e.on.Load() {
			continue
		}
		if lasted, requests, over := e.end(o.now()); over {
			o.log.LogAttrs(ctx, slog.LevelInfo, "auth: over: "+hindranceTexts[h], slog.String("which", serviceNames[s]),
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

func (e *outage) end(now time.Time) (lasted time.Duration, requests int64, over bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if since := now.Sub(e.last); !e.on.Load() || since >= 0 && since < calm {
		return 0, 0, false
	}
	e.on.Store(false)
	return e.last.Sub(e.began), e.requests, true
}
