package webhooks

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Option configures a [Receiver].
type Option func(*config) error

type config struct {
	receiver Receiver
	more     []string
}

// WithSecrets adds signing secrets: those of further endpoints or instances that send to
// the same URL, or the one before a rotation.
func WithSecrets(more ...string) Option {
	return func(c *config) error {
		c.more = append(c.more, more...)
		return nil
	}
}

// WithTolerance sets how far the time of a delivery may differ from the clock, in either
// direction: whole seconds up to 24 hours. It is 5 minutes by default.
func WithTolerance(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 || d > maxTolerance || d%time.Second != 0 {
			return fmt.Errorf("WithTolerance: %v is not a number of whole seconds between 1s and %v", d, maxTolerance)
		}
		c.receiver.tolerance = int64(d / time.Second)
		return nil
	}
}

// WithClock replaces time.Now.
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("WithClock: the clock is nil")
		}
		c.receiver.now = now
		return nil
	}
}

// WithBodyLimit sets the number of bytes that a body has at most. It is 1 MiB by default.
func WithBodyLimit(n int64) Option {
	return func(c *config) error {
		if n <= 0 {
			return fmt.Errorf("WithBodyLimit: %d is not positive", n)
		}
		c.receiver.bodyLimit = n
		return nil
	}
}

// WithLogger logs the result of each delivery with its type and id. Nothing of a body, a
// header or a secret is logged. Without this option nothing is logged.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) error {
		if l == nil {
			return errors.New("WithLogger: the logger is nil")
		}
		c.receiver.log = l
		return nil
	}
}

// WithDeduplicator lets [Receiver.Handler] call the function of a type once for each event,
// as far as d remembers; Handlers.Other and Handlers.Malformed are called each time. It is for effects, such as mails and charges. It is not for state: an
// event that is replayed has the same id as before, and state must be repaired by it.
func WithDeduplicator(d Deduplicator) Option {
	return func(c *config) error {
		if d == nil {
			return errors.New("WithDeduplicator: the Deduplicator is nil")
		}
		c.receiver.once = d
		return nil
	}
}
