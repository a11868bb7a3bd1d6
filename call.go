package clerk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/backend-sdk/clerk-go/internal/wire"
)

// Request is one call of the Backend API, as the generated packages make it and
// as a program may for what they do not have yet.
type Request struct {
	Method string
	// Path starts with a slash and is added to the client's base URL and API
	// version. A segment in braces is a placeholder: "/users/{user_id}/ban".
	Path      string
	IDs       []string // fill the placeholders in their order, each checked by CheckID
	Query     Query
	Body      any    // encoded as JSON; nil for none
	Form      Form   // instead of Body
	Operation string // names the call in errors and logs; method and path when empty
}

// None is the result of an operation without one: Call[None] discards whatever
// body comes with a success.
type None struct{}

// HTML is the result of an operation that answers with a page: Call[HTML]
// returns the body as it is.
type HTML string

// Call makes one call and decodes its answer into a T, or returns nil and an
// error: a *RequestError when the request was refused before anything was sent,
// an *Error for every answer that is not a success, a *DecodeError for a success
// whose body is not a T, and otherwise what kept an answer from coming, in which
// errors.Is finds context.Canceled and context.DeadlineExceeded.
func Call[T any](ctx context.Context, c *Client, req Request, opts ...CallOption) (*T, error) {
	out := new(T)
	if err := c.do(ctx, &req, out, opts); err != nil {
		return nil, err
	}
	return out, nil
}

func (c *Client) do(ctx context.Context, req *Request, out any, opts []CallOption) error {
	var own call
	m, err := c.message(ctx, req, out, &own, opts)
	if err != nil {
		return refused(req, err)
	}
	answer, err := c.s().wire.Send(ctx, m)
	defer answer.Release()
	if own.response != nil {
		*own.response = Response{answer.Status, answer.Header, traceID(&answer), answer.Attempts}
	}
	switch {
	case err != nil && answer.Attempts > 1:
		return fmt.Errorf("clerk: %s: after %d attempts: %w", m.Operation, answer.Attempts, err)
	case err != nil:
		return fmt.Errorf("clerk: %s: %w", m.Operation, err)
	case !answer.OK():
		return newError(m.Operation, &answer)
	}
	return decode(m.Operation, &answer, m.Limits, out)
}

// refused makes every reason for not sending a *RequestError of the operation.
func refused(req *Request, err error) error {
	e := &RequestError{Err: err}
	if found, ok := err.(*RequestError); ok {
		*e = *found
	}
	e.Operation = req.Operation
	return e
}

func (c *Client) message(ctx context.Context, req *Request, out any, own *call, opts []CallOption) (*wire.Message, error) {
	switch {
	case c == nil || c.s == nil:
		return nil, errors.New("no client: it is made by New or FromEnv")
	case ctx == nil:
		return nil, errors.New("no context")
	case !validHeaderName(req.Method):
		return nil, &RequestError{Field: "method", Err: errors.New("missing or malformed")}
	}
	own.limits = c.s().limits
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("nil option")
		}
		if err := opt(own); err != nil {
			return nil, err
		}
	}
	u, err := c.s().build(req.Path, req.IDs)
	if err != nil {
		return nil, err
	}
	if u.RawQuery, err = req.Query.encode(); err != nil {
		return nil, err
	}
	m := &wire.Message{Method: req.Method, URL: u, Limits: own.limits, Operation: req.Operation, Template: req.Path}
	if m.Operation == "" {
		m.Operation = req.Method + " " + req.Path
	}
	_, m.Discard = out.(*None)
	kind, err := attach(m, req)
	if err != nil {
		return nil, err
	}
	m.Header, err = c.s().header(own, kind, out)
	return m, err
}

// attach encodes the body into m and returns its content type.
func attach(m *wire.Message, req *Request) (kind []string, err error) {
	if req.Form != nil {
		if req.Body != nil {
			return nil, errors.New("both a body and a form")
		}
		stream, contentType, err := req.Form.stream()
		m.Stream = stream
		return []string{contentType}, err
	}
	if v := reflect.ValueOf(req.Body); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, nil
	}
	if m.Body, err = json.Marshal(req.Body); err != nil {
		return nil, &RequestError{Field: "body", Err: innermost(err)}
	}
	return jsonType, nil
}

// innermost drops the Go types that encoding/json names on the way to an error.
func innermost(err error) error {
	for {
		var outer *json.MarshalerError
		if !errors.As(err, &outer) {
			return err
		}
		err = outer.Err
	}
}

// These are shared by all requests; net/http does not change the headers of one.
var (
	apiVersion = []string{APIVersion}
	jsonType   = []string{"application/json"}
	htmlType   = []string{"text/html"}
)

func (s *settings) header(own *call, kind []string, out any) (http.Header, error) {
	authorization := s.authorization
	if own.key != "" {
		if err := s.allows(own.key); err != nil {
			return nil, &RequestError{Field: "key", Err: err}
		}
		authorization = bearer(own.key)
	}
	h := make(http.Header, 8)
	h["Authorization"] = authorization
	h["Clerk-Api-Version"] = apiVersion
	h["User-Agent"] = s.userAgent
	h["Accept"] = jsonType
	if _, ok := out.(*HTML); ok {
		h["Accept"] = htmlType
	}
	if kind != nil {
		h["Content-Type"] = kind
	}
	for _, pair := range own.header {
		h[pair[0]] = []string{pair[1]}
	}
	return h, nil
}
