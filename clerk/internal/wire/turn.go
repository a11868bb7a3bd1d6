package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// waitForTurn waits before an attempt for the rate limits, or returns why it must not be
// made.
func (x *exchange) waitForTurn(r *http.Request) error {
	m, c := x.message, x.client
	if m.Apart {
		return nil
	}
	ctx, deadline := r.Context(), x.deadline
	if end, ok := ctx.Deadline(); ok && end.Before(deadline) {
		deadline = end
	}
	p := place{number: x.number, key: m.Key}
	// If the gate closes while the limiter is asked, what it allowed is out of date by the
	// time the gate opens: the calls that wait there would all start at once.
	for c.limiter != nil {
		if err := c.line.wait(ctx, p, deadline); err != nil {
			return err
		}
		if err := x.askLimiter(ctx, deadline); err != nil {
			return err
		}
		if !c.line.opens(m.Key).After(time.Now()) {
			break
		}
	}
	p.counts = true
	return c.line.wait(ctx, p, deadline)
}

// askLimiter waits for the limiter that the program has given.
func (x *exchange) askLimiter(ctx context.Context, deadline time.Time) error {
	within, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	err := x.client.limiter.Wait(within)
	switch end := within.Err(); {
	case err == nil:
		return nil
	case ended(ctx) != nil:
		return ended(ctx)
	case end != nil && errors.Is(err, end):
		return fmt.Errorf("call timeout of %s: the limiter: %w", x.message.Limits.Call, err)
	}
	return &heldError{sanitize(err).Error(), err}
}

// closeGate closes the gate of the call's key if resp says how long the rate limit lasts.
// Such an attempt does not count against the retries: how often a call is overtaken by
// others once the gate opens says nothing about its chance at the next time.
func (x *exchange) closeGate(resp *http.Response) {
	now := time.Now()
	if after := retryAfter(resp.Header, now); x.closesGate(resp.StatusCode, after) {
		x.client.line.closeGate(x.message.Key, now.Add(after))
		x.held++
	}
}

// closesGate reports whether a response closes the gate. A longer Retry-After than a
// call waits for is the limit of one operation, not that of the instance.
func (x *exchange) closesGate(status int, after time.Duration) bool {
	return status == http.StatusTooManyRequests && after > 0 && after <= x.message.Limits.RetryAfter && !x.message.Apart
}
