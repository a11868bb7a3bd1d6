package clerk

import (
	"context"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// Hooks are functions that a client calls during each call, for traces and metrics. Any
// of them may be nil. They run in the goroutine of the call, which waits for them. What
// they receive has no ids, query, headers or bodies, except that an error of the API has
// its message and body, and that a path without placeholders is that of the program.
type Hooks struct {
	// Start runs before a call, unless the call is refused because of an argument. The
	// context that it returns replaces that of the call: the transport receives it, and
	// Attempt and Done do. If it is nil, the context stays.
	Start func(context.Context, CallInfo) context.Context
	// Attempt runs after each attempt.
	Attempt func(context.Context, AttemptInfo)
	// Done runs when a call that was started ends.
	Done func(context.Context, CallResult)
}

// CallInfo is what Hooks learn about a call.
type CallInfo struct {
	Operation   string // with its package, such as users.GetUser
	Method      string
	Path        string // with placeholders, such as /users/{user_id}
	RequestSize int64  // of the body in bytes; -1 if unknown
}

// AttemptInfo is what Hooks learn about an attempt.
type AttemptInfo struct {
	CallInfo
	Attempt  int // 1 for the first
	Status   int // 0 without a response
	Start    time.Time
	Duration time.Duration // including reading the body
	Wait     time.Duration // before the attempt, since the start of the call or the previous attempt
	Err      error         // why no response was received as a whole
	Retry    bool          // another attempt follows
	RetryIn  time.Duration // the wait before it, unless a rate limit makes it longer
}

// CallResult is what Hooks learn about the end of a call.
type CallResult struct {
	CallInfo
	Attempts int
	Status   int // of the response that ended the call; 0 if none did
	Duration time.Duration
	Err      error // that of the call
}

// WithHooks calls h during each call. It may be given more than once: each Start receives
// the context of the one before it, and Attempt and Done run in reverse order.
func WithHooks(h Hooks) Option {
	return option(func(s *settings) error {
		s.hooks = append(s.hooks, h)
		return nil
	})
}

// observe makes a call and runs the hooks.
func (s *settings) observe(ctx context.Context, own *call, out any) error {
	m := &own.message
	info := CallInfo{m.Operation, m.Method, m.Template, m.Size()}
	began := time.Now()
	for _, h := range s.hooks {
		if h.Start == nil {
			continue
		}
		if started := h.Start(ctx, info); started != nil {
			ctx = started
		}
	}
	m.Observe = func(a wire.Attempt) {
		for _, h := range slices.Backward(s.hooks) {
			if h.Attempt != nil {
				h.Attempt(ctx, AttemptInfo{info, a.Number, a.Status, a.Start, a.Duration, a.Wait, a.Err, a.Retry, a.RetryIn})
			}
		}
	}
	last, err := s.send(ctx, own, out)
	for _, h := range slices.Backward(s.hooks) {
		if h.Done != nil {
			h.Done(ctx, CallResult{info, last.Attempts, last.Status, time.Since(began), err})
		}
	}
	return err
}
