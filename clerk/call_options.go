package clerk

import (
	"errors"
	"net/http"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// CallOption changes one call. It takes precedence over the client's settings.
type CallOption interface {
	change(*call) error
}

// callOption is an option of a call alone.
type callOption func(*call) error

func (o callOption) change(c *call) error { return o(c) }

// call is one call in progress.
type call struct {
	common
	message  wire.Message
	key      string // replaces the client's, if set
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

// WithKey authenticates the call with another secret key, such as a machine's. The
// key must meet the same conditions as the one passed to New.
func WithKey(secretKey string) CallOption {
	return callOption(func(c *call) error {
		if err := checkKey(secretKey); err != nil {
			return &RequestError{Field: "key", Err: err}
		}
		c.key = secretKey
		return nil
	})
}

// WithResponse stores the status, header, trace id and number of attempts in r,
// also when the call fails. An iterator, which makes several requests, stores those
// of the last one.
func WithResponse(r *Response) CallOption {
	return callOption(func(c *call) error {
		if r == nil {
			return &RequestError{Field: "response", Err: errors.New("must not be nil")}
		}
		*r = Response{}
		c.response = r
		return nil
	})
}
