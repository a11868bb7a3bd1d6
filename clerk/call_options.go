package clerk

import (
	"errors"
	"net/http"
	"net/textproto"
	"time"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// CallOption changes one call, and wins over what the client says.
type CallOption func(*call) error

// call is one call being made.
type call struct {
	message  wire.Message
	key      string      // in place of the client's
	header   [][2]string // on top of the client's
	response *Response
	fields   [8]wire.Field
}

// Response is what WithResponse tells about the answer to a call.
type Response struct {
	StatusCode int // 0 when no answer came
	Header     http.Header
	TraceID    string // for Clerk's support, empty when there was none
	Attempts   int
}

// WithHeader sets a header of the request, in place of one that the client
// would send. Those that say who is calling and how the body is framed cannot be
// set: for another key there is WithKey.
func WithHeader(name, value string) CallOption {
	return func(c *call) error {
		name := textproto.CanonicalMIMEHeaderKey(name)
		switch {
		case !validHeaderName(name):
			return &RequestError{Field: "header", Err: errors.New("malformed name")}
		case !validHeaderValue(value):
			return &RequestError{Field: "header " + name, Err: errors.New("the value holds a control character")}
		}
		switch name {
		case "Authorization":
			return &RequestError{Field: "header " + name, Err: errors.New("is set by WithKey")}
		case "Accept-Encoding", "Connection", "Content-Length", "Host", "Transfer-Encoding":
			return &RequestError{Field: "header " + name, Err: errors.New("belongs to the client")}
		}
		c.header = append(c.header, [2]string{name, value})
		return nil
	}
}

// WithTimeout bounds the call with all its attempts and waits, in place of the
// client's call timeout. Each attempt still has the client's attempt timeout.
func WithTimeout(d time.Duration) CallOption {
	return func(c *call) error {
		if d <= 0 {
			return &RequestError{Field: "timeout", Err: errors.New("must be positive")}
		}
		c.message.Limits.Call = d
		return nil
	}
}

// WithMaxRetries sets how many attempts may follow the first; 0 for none.
func WithMaxRetries(n int) CallOption {
	return func(c *call) error {
		if n < 0 {
			return &RequestError{Field: "retries", Err: errors.New("must not be negative")}
		}
		c.message.Limits.Retries = n
		return nil
	}
}

// WithKey authenticates the call with another secret key, such as a machine's.
// It is held to the rules that New has for keys.
func WithKey(secretKey string) CallOption {
	return func(c *call) error {
		if err := checkKey(secretKey); err != nil {
			return &RequestError{Field: "key", Err: err}
		}
		c.key = secretKey
		return nil
	}
}

// WithResponse stores what there is to know about the answer in r, also when
// the call fails. Of several requests, as an iterator makes them, r tells of the
// last one.
func WithResponse(r *Response) CallOption {
	return func(c *call) error {
		if r == nil {
			return &RequestError{Field: "response", Err: errors.New("is nil")}
		}
		*r = Response{}
		c.response = r
		return nil
	}
}

// WithBodyLimit sets how many bytes of a 2xx body are read, in place of the
// client's limit.
func WithBodyLimit(n int64) CallOption {
	return func(c *call) error {
		if n <= 0 {
			return &RequestError{Field: "body limit", Err: errors.New("must be positive")}
		}
		c.message.Limits.Success = n
		return nil
	}
}
