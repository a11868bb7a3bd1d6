package clerk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
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

// maxDiscard is how much of a discarded body is read, which keeps its connection.
const maxDiscard = 256 << 10

// HTML is the result of an operation that answers with a page: Call[HTML]
// returns the body as it is.
type HTML string

// Call makes one call and decodes its answer into a T, or returns nil and an
// error: a *RequestError when the request was refused before anything was sent,
// an *Error for every answer that is not a success, a *DecodeError for a success
// whose body is not a T, and otherwise what kept an answer from coming, in which
// errors.Is finds context.Canceled and context.DeadlineExceeded.
//
// Every function of the packages is a Call, and a program calls what they do not
// have yet in the same way: an operation that is new, or one of theirs with a
// field that the model lacks.
func Call[T any](ctx context.Context, c *Client, req Request, opts ...CallOption) (*T, error) {
	out := new(T)
	if err := c.do(ctx, &req, out, opts); err != nil {
		return nil, err
	}
	return out, nil
}

func (c *Client) do(ctx context.Context, req *Request, out any, opts []CallOption) error {
	var own call
	if err := c.prepare(ctx, &own, req, out, opts); err != nil {
		return refused(req, err)
	}
	m := &own.message
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
	return decodeBody(m.Operation, &answer, m.Limits, out)
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

// prepare makes the message of a call, or says why it is not sent.
func (c *Client) prepare(ctx context.Context, own *call, req *Request, out any, opts []CallOption) (err error) {
	switch {
	case c == nil || c.s == nil:
		return errors.New("no client: it is made by New or FromEnv")
	case ctx == nil:
		return errors.New("no context")
	case !validHeaderName(req.Method):
		return &RequestError{Field: "method", Err: errors.New("missing or malformed")}
	}
	s, m := c.s(), &own.message
	m.Limits = s.limits
	for _, opt := range opts {
		if opt == nil {
			return errors.New("nil option")
		}
		if err := opt(own); err != nil {
			return err
		}
	}
	if m.URL, err = s.build(req.Path, req.IDs); err != nil {
		return err
	}
	if m.URL.RawQuery, err = req.Query.encode(); err != nil {
		return err
	}
	m.Method, m.Operation, m.Template = req.Method, req.Operation, req.Path
	if m.Operation == "" {
		m.Operation = req.Method + " " + req.Path
	}
	if _, ok := out.(*None); ok {
		m.Limits.Success = min(m.Limits.Success, maxDiscard)
	}
	kind, err := attach(m, req)
	if err != nil {
		return err
	}
	return s.header(own, kind, out)
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

func (s *settings) header(own *call, kind []string, out any) error {
	authorization, accept := s.authorization, jsonType
	if own.key != "" {
		if err := s.allows(own.key); err != nil {
			return &RequestError{Field: "key", Err: err}
		}
		authorization = bearer(own.key)
	}
	if _, ok := out.(*HTML); ok {
		accept = htmlType
	}
	h := append(own.fields[:0],
		wire.Field{Name: "Authorization", Values: authorization},
		wire.Field{Name: "Clerk-Api-Version", Values: apiVersion},
		wire.Field{Name: "User-Agent", Values: s.userAgent},
		wire.Field{Name: "Accept", Values: accept},
	)
	if kind != nil {
		h = append(h, wire.Field{Name: "Content-Type", Values: kind})
	}
	for _, pair := range own.header {
		h = append(h, wire.Field{Name: pair[0], Values: []string{pair[1]}})
	}
	own.message.Header = h
	return nil
}

const modulePath = "github.com/backend-sdk/clerk-go"

// userAgent names this module in the version that the program was built with.
func userAgent() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "clerk-go/devel"
	}
	return "clerk-go/" + moduleVersion(info)
}

func moduleVersion(info *debug.BuildInfo) string {
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path != modulePath {
			continue
		}
		if m.Replace != nil {
			m = m.Replace
		}
		if m.Version != "" && m.Version != "(devel)" {
			return m.Version
		}
	}
	return "devel"
}
