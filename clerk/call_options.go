package clerk

import (
	"errors"
	"net/http"
	"net/textproto"
	"time"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// CallOption changes one call. It takes precedence over the client's settings.
type CallOption func(*call) error

// call is one call in progress.
type call struct {
	message  wire.Message
	key      string      // replaces the client's, if set
	header   [][2]string // in addition to the client's
	response *Response
	fields   [8]wire.Field
}

// Response holds what WithResponse stores about the response to a call.
type Response struct {
	StatusCode int // 0 when there was no response
	Header     http.Header
	TraceID    string // identifies the request to Clerk's support; empty when there was none
	Attempts   int
}

// WithHeader sets a header of the request. It replaces the value that the client
// would send. Authorization cannot be set; use WithKey instead. Headers that the
// HTTP client controls, such as Host and Content-Length, cannot be set either.
func WithHeader(name, value string) CallOption {
	return func(c *call) error {
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
		c.header = append(c.header, [2]string{name, value})
		return nil
	}
}

// WithTimeout limits the time of the call, including all attempts and the waits
// between them. It replaces the client's call timeout. The client's attempt timeout
// still applies to each attempt.
func WithTimeout(d time.Duration) CallOption {
	return func(c *call) error {
		if d <= 0 {
			return &RequestError{Field: "timeout", Err: errors.New("must be positive")}
		}
		c.message.Limits.Call = d
		return nil
	}
}

// WithMaxRetries sets how many attempts may follow the first one; 0 turns retries
// off. It replaces the client's retry limit.
func WithMaxRetries(n int) CallOption {
	return func(c *call) error {
		if n < 0 {
			return &RequestError{Field: "retries", Err: errors.New("must not be negative")}
		}
		c.message.Limits.Retries = n
		return nil
	}
}

// WithKey authenticates the call with another secret key, such as a machine's. The
// key must meet the same conditions as the one passed to New.
func WithKey(secretKey string) CallOption {
	return func(c *call) error {
		if err := checkKey(secretKey); err != nil {
			return &RequestError{Field: "key", Err: err}
		}
		c.key = secretKey
		return nil
	}
}

// WithResponse stores the status, header, trace id and number of attempts in r,
// also when the call fails. An iterator, which makes several requests, stores those
// of the last one.
func WithResponse(r *Response) CallOption {
	return func(c *call) error {
		if r == nil {
			return &RequestError{Field: "response", Err: errors.New("must not be nil")}
		}
		*r = Response{}
		c.response = r
		return nil
	}
}

// WithBodyLimit sets how many bytes are read of the body of a 2xx response. It
// replaces the client's limit.
func WithBodyLimit(n int64) CallOption {
	return func(c *call) error {
		if n <= 0 {
			return &RequestError{Field: "body limit", Err: errors.New("must be positive")}
		}
		c.message.Limits.Success = n
		return nil
	}
}
