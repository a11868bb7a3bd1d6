package clerk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Option configures a client that New or FromEnv makes. New returns an error for an
// invalid option. If two options set the same thing, the last one takes effect.
type Option interface {
	configure(*settings) error
}

// option is an option of a client alone.
type option func(*settings) error

func (o option) configure(s *settings) error { return o(s) }

// WithBaseURL sends requests to raw instead of https://api.clerk.com, for example to
// a server in a test. The URL must be absolute, with the scheme http or https, and
// without credentials, query or fragment. It may have a path. The API version
// segment is appended to it.
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

// parseBaseURL parses and checks a base URL. Its errors do not repeat the URL, which
// may contain a password.
func parseBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("malformed")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("not absolute: must start with https:// or http://")
	case u.Opaque != "" || u.Hostname() == "":
		return nil, errors.New("not absolute: no host")
	case u.User != nil:
		return nil, errors.New("must not contain credentials")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("must not have a query")
	case u.Fragment != "" || len(raw) > 0 && raw[len(raw)-1] == '#':
		return nil, errors.New("must not have a fragment")
	}
	return u, nil
}

// WithAPIVersion sets the path segment between the base URL and the path of an
// operation; v1 by default. It is not the dated version in [APIVersion], which is
// sent in a header.
func WithAPIVersion(segment string) Option {
	return option(func(s *settings) error {
		if err := checkID(segment); err != nil {
			return fmt.Errorf("clerk: API version segment %w", err)
		}
		s.version = segment
		return nil
	})
}

// WithHTTPClient sends requests through a copy of hc, with its transport, cookie jar
// and timeout. The timeout is one more limit on each attempt. Redirects are never
// followed, whatever hc.CheckRedirect does.
func WithHTTPClient(hc *http.Client) Option {
	return option(func(s *settings) error {
		if hc == nil {
			return errors.New("clerk: HTTP client is nil")
		}
		transport := s.http.Transport
		s.http = *hc
		if hc.Transport == nil {
			s.http.Transport = transport
		}
		return nil
	})
}

// WithTransport sends requests through rt, for example an instrumented transport.
// By default, a client has its own copy of http.DefaultTransport, which keeps the
// connections of many concurrent callers open.
func WithTransport(rt http.RoundTripper) Option {
	return option(func(s *settings) error {
		if rt == nil {
			return errors.New("clerk: transport is nil")
		}
		s.http.Transport = rt
		return nil
	})
}

// WithAttemptTimeout limits the time of one attempt, including reading the body; 10 s
// by default.
func WithAttemptTimeout(d time.Duration) Option {
	return option(func(s *settings) error {
		s.limits.Attempt = d
		return positive("attempt timeout", d)
	})
}

// WithRetryAfterLimit sets the longest Retry-After that a call waits for; 15 s by
// default. If the server asks for more, or for more than the timeouts leave, the call
// returns the error at once. A 429 that asks for more does not hold back other calls: it
// is the limit of one operation, not that of the instance.
func WithRetryAfterLimit(d time.Duration) Option {
	return option(func(s *settings) error {
		s.limits.RetryAfter = d
		return notNegative("Retry-After limit", d)
	})
}

// WithFailureLimit sets how many bytes are read of the body of a response that is not
// 2xx, counted after decompression; 64 KiB by default. A larger body is truncated.
func WithFailureLimit(n int64) Option {
	return option(func(s *settings) error {
		s.limits.Failure = n
		return positive("failure limit", n)
	})
}
