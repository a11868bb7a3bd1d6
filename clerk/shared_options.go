package clerk

import (
	"errors"
	"net/textproto"
	"time"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// SharedOption is an option of a client or of a call. As an option of a client it applies
// to all calls that have no such option of their own.
type SharedOption interface {
	Option
	CallOption
}

// shared is a SharedOption.
type shared func(*common) error

func (o shared) configure(s *settings) error { return o(&s.common) }

func (o shared) change(c *call) error { return o(&c.common) }

// common is what a SharedOption sets.
type common struct {
	limits wire.Limits
	header []wire.Field
}

// WithHeader sets a header of the request. It replaces the value that would be sent
// otherwise; that of Content-Type is only replaced for a single call. Authorization cannot
// be set; it holds the key of [New] or [WithKey]. Headers that the HTTP client controls,
// such as Host and Content-Length, cannot be set either.
func WithHeader(name, value string) SharedOption {
	return shared(func(c *common) error {
		name := textproto.CanonicalMIMEHeaderKey(name)
		switch {
		case !validHeaderName(name):
			return &RequestError{Field: "header", Err: errors.New("malformed name")}
		case !validHeaderValue(value):
			return &RequestError{Field: "header " + name, Err: errors.New("the value contains a control character")}
		}
		switch name {
		case "Authorization":
			return &RequestError{Field: "header " + name, Err: errors.New("cannot be set; use WithKey instead")}
		case "Accept-Encoding", "Connection", "Content-Length", "Host", "Transfer-Encoding":
			return &RequestError{Field: "header " + name, Err: errors.New("cannot be set")}
		}
		c.header = append(c.header, wire.Field{Name: name, Values: []string{value}})
		return nil
	})
}

// WithTimeout limits the time of a call, including all attempts and the waits between
// them; 30 s by default. A deadline of the call's context and the client's attempt timeout
// also apply.
func WithTimeout(d time.Duration) SharedOption {
	return shared(func(c *common) error {
		c.limits.Call = d
		return positive("timeout", d)
	})
}

// WithMaxRetries sets how many attempts may follow the first one; 2 by default, and
// 0 turns retries off. Reads are retried after 429, 502, 503, 504 and a lost
// connection; writes are retried only after 429. A 429 with a Retry-After that a call
// waits for does not count: the call is repeated for as long as its time lasts.
func WithMaxRetries(n int) SharedOption {
	return shared(func(c *common) error {
		c.limits.Retries = n
		return notNegative("retries", n)
	})
}

// WithBodyLimit sets how many bytes are read of the body of a 2xx response, counted after
// decompression; 32 MiB by default. A larger body is a [*DecodeError].
func WithBodyLimit(n int64) SharedOption {
	return shared(func(c *common) error {
		c.limits.Success = n
		return positive("body limit", n)
	})
}

func positive[N ~int | ~int64](what string, n N) error {
	if n <= 0 {
		return &RequestError{Field: what, Err: errors.New("must be positive")}
	}
	return nil
}

func notNegative[N ~int | ~int64](what string, n N) error {
	if n < 0 {
		return &RequestError{Field: what, Err: errors.New("must not be negative")}
	}
	return nil
}
