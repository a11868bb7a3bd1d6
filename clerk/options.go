package clerk

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// Option changes a client that is being made. It is checked at once; of two
// that set the same thing the last one wins.
type Option func(*Client) error

// option keeps a finished client from being changed by an Option called on it.
func option(set func(*settings) error) Option {
	return func(c *Client) error {
		if c == nil || c.s == nil || c.s().wire != nil {
			return errors.New("clerk: an option is for New, a client does not change")
		}
		return set(c.s())
	}
}

// WithBaseURL sends requests to another server than https://api.clerk.com, such
// as a test double. The URL is absolute, http or https, and without credentials,
// query or fragment; it may have a path. The API version segment is added to it.
func WithBaseURL(raw string) Option {
	return option(func(s *settings) error {
		u, err := parseBaseURL(raw)
		if err != nil {
			return fmt.Errorf("clerk: base URL: %w", err)
		}
		p, err := newPrefix(u)
		if err != nil {
			return fmt.Errorf("clerk: base URL: %w", err)
		}
		s.base = url.URL{Scheme: u.Scheme, Host: u.Host}
		s.path = p
		return nil
	})
}

// The messages do not repeat the URL, for it may hold a password.
func parseBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("malformed")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("not absolute: it must start with https:// or http://")
	case u.Opaque != "" || u.Hostname() == "":
		return nil, errors.New("not absolute: no host")
	case u.User != nil:
		return nil, errors.New("must not hold credentials")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("must not have a query")
	case u.Fragment != "" || len(raw) > 0 && raw[len(raw)-1] == '#':
		return nil, errors.New("must not have a fragment")
	}
	return u, nil
}

// WithAPIVersion sets the path segment between the base URL and the path of an
// operation, v1 by default. It is not the dated APIVersion, which is a header.
func WithAPIVersion(segment string) Option {
	return option(func(s *settings) error {
		if err := checkID(segment); err != nil {
			return fmt.Errorf("clerk: API version segment %w", err)
		}
		s.version = segment
		return nil
	})
}

// WithHTTPClient sends requests through a copy of hc: its transport, cookie jar
// and timeout, which is then one more limit on each attempt. Redirects are
// never followed, whatever hc says.
func WithHTTPClient(hc *http.Client) Option {
	return option(func(s *settings) error {
		if hc == nil {
			return errors.New("clerk: nil HTTP client")
		}
		transport := s.http.Transport
		s.http = *hc
		if hc.Transport == nil {
			s.http.Transport = transport
		}
		return nil
	})
}

// WithTransport sends requests through rt, which may be an instrumented one.
// By default a client has its own copy of http.DefaultTransport that keeps the
// connections of many concurrent callers.
func WithTransport(rt http.RoundTripper) Option {
	return option(func(s *settings) error {
		if rt == nil {
			return errors.New("clerk: nil transport")
		}
		s.http.Transport = rt
		return nil
	})
}

// WithLogger logs one record an attempt: operation, method, path with its
// placeholders, status, duration. Attempts that failed or are tried again are
// warnings, the others are at debug level. No key, id, query, header or body is
// logged. Without this option nothing is.
func WithLogger(log *slog.Logger) Option {
	return option(func(s *settings) error {
		if log == nil {
			return errors.New("clerk: nil logger")
		}
		s.log = log
		return nil
	})
}

// WithAttemptTimeout bounds one attempt from its start to the end of its body;
// 10 s by default.
func WithAttemptTimeout(d time.Duration) Option {
	return option(func(s *settings) error {
		s.limits.Attempt = d
		return positive("attempt timeout", d)
	})
}

// WithCallTimeout bounds a call with all its attempts and the waits between
// them; 30 s by default. A deadline of the call's context counts as well.
func WithCallTimeout(d time.Duration) Option {
	return option(func(s *settings) error {
		s.limits.Call = d
		return positive("call timeout", d)
	})
}

// WithRetryLimit sets how many attempts may follow the first one; 2 by default,
// and 0 for none. Reads are tried again after 429, 502, 503, 504 and a lost
// connection, writes after 429 only.
func WithRetryLimit(n int) Option {
	return option(func(s *settings) error {
		s.limits.Retries = n
		return notNegative("retry limit", n)
	})
}

// WithRetryAfterLimit sets the longest wait that a server may ask for in
// Retry-After; 15 s by default. A call that would have to wait longer, or longer
// than its time allows, returns its error at once.
func WithRetryAfterLimit(d time.Duration) Option {
	return option(func(s *settings) error {
		s.limits.RetryAfter = d
		return notNegative("Retry-After limit", d)
	})
}

// WithBodyLimits sets how many bytes are read of the body of a 2xx answer and
// of any other, counted after decompression; 32 MiB and 64 KiB by default. A
// larger 2xx body is a DecodeError; a larger one of the others is cut.
func WithBodyLimits(success, failure int64) Option {
	return option(func(s *settings) error {
		s.limits.Success, s.limits.Failure = success, failure
		return positive("every body limit", min(success, failure))
	})
}

func positive[N ~int64](what string, n N) error {
	if n <= 0 {
		return fmt.Errorf("clerk: %s must be positive", what)
	}
	return nil
}

func notNegative[N ~int | ~int64](what string, n N) error {
	if n < 0 {
		return fmt.Errorf("clerk: %s must not be negative", what)
	}
	return nil
}
