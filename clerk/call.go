package clerk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"runtime/debug"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// Request describes one call of the Backend API. The generated packages build
// Requests, and a program can build its own for operations that they do not have.
type Request struct {
	Method string
	// Path starts with a slash and is appended to the client's base URL and API
	// version. A segment in braces is a placeholder: "/users/{user_id}/ban".
	Path      string
	IDs       []string // the values of the placeholders, in order; each is checked with CheckID
	Query     Query
	Body      any    // encoded as encoding/json does; nil for no body
	Params    any    // instead of Body: a struct whose nil slices and maps are sent empty, and times in UTC
	Form      Form   // instead of both
	Operation string // names the call in errors, logs and hooks; method and path when empty
}

// Format implements fmt.Formatter: it prints the method and the path with its
// placeholders. What a request sends is not printed, because it may be a credential.
func (r Request) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, r.Method+" "+r.Path) }

// LogValue implements slog.LogValuer, and logs what Format prints.
func (r Request) LogValue() slog.Value { return slog.StringValue(r.Method + " " + r.Path) }

// None is the result of an operation that returns nothing. Call[None] discards the
// body of a successful response.
type None struct{}

// maxDiscard is how much of an unused body is drained so that the connection can
// be reused.
const maxDiscard = 256 << 10

// HTML is the result of an operation that returns a page. Call[HTML] returns the
// body unchanged.
type HTML string

// Call makes one call and decodes the response into a T, as [Decode] does. A 2xx response
// without a body is the zero T. When the call fails, Call returns nil and one of these
// errors:
//
//   - a [*RequestError] when the request was refused before anything was sent
//   - an [*Error] for every response whose status is not 2xx
//   - a [*DecodeError] for a 2xx response whose body is not a T
//   - otherwise the error that prevented a response; errors.Is finds
//     context.Canceled and context.DeadlineExceeded in it
//
// Every function of the generated packages uses Call. A program can use it for an
// operation that is new, or to read a field that a model does not have.
func Call[T any](ctx context.Context, c *Client, req Request, opts ...CallOption) (*T, error) {
	out := new(T)
	if err := c.do(ctx, &req, out, opts); err != nil {
		return nil, err
	}
	return out, nil
}

// do makes one call and decodes the response into out.
func (c *Client) do(ctx context.Context, req *Request, out any, opts []CallOption) error {
	var own call
	if err := c.prepare(ctx, &own, req, out, opts); err != nil {
		return refused(req, err)
	}
	s := c.s()
	if len(s.hooks) > 0 {
		return s.observe(ctx, &own, out)
	}
	_, err := s.send(ctx, &own, out)
	return err
}

// send makes a call that is prepared. It returns the last response without its body.
func (s *settings) send(ctx context.Context, own *call, out any) (wire.Response, error) {
	m := &own.message
	resp, err := s.wire.Send(ctx, m)
	defer resp.Release()
	if own.response != nil {
		*own.response = Response{resp.Status, resp.Header, traceID(&resp), resp.Attempts}
	}
	last := wire.Response{Status: resp.Status, Attempts: resp.Attempts}
	switch {
	case err != nil && resp.Attempts > 1:
		return last, fmt.Errorf("clerk: %s: after %d attempts: %w", m.Operation, resp.Attempts, err)
	case err != nil:
		return last, fmt.Errorf("clerk: %s: %w", m.Operation, err)
	case !resp.OK():
		return last, newError(m.Operation, &resp)
	}
	return last, decodeBody(m.Operation, &resp, m.Limits, out)
}

// refused returns err as a *RequestError of the operation.
func refused(req *Request, err error) error {
	e := &RequestError{Err: err}
	if found, ok := err.(*RequestError); ok {
		*e = *found
	}
	e.Operation = req.Operation
	return e
}

// prepare fills in the message of a call, or returns why it must not be sent.
func (c *Client) prepare(ctx context.Context, own *call, req *Request, out any, opts []CallOption) (err error) {
	switch {
	case c == nil || c.s == nil:
		return errors.New("client is nil or zero; use New or FromEnv to make one")
	case ctx == nil:
		return errors.New("context is nil")
	case !validHeaderName(req.Method):
		return &RequestError{Field: "method", Err: errors.New("missing or malformed")}
	}
	s, m := c.s(), &own.message
	own.limits = s.limits
	for _, opt := range opts {
		if opt == nil {
			return errors.New("call option is nil")
		}
		if err := opt.change(own); err != nil {
			return err
		}
	}
	m.Limits = own.limits
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
	contentType, err := attach(m, req)
	if err != nil {
		return err
	}
	return s.setHeader(own, contentType, out)
}

// attach sets the body of m and returns its content type.
func attach(m *wire.Message, req *Request) (contentType []string, err error) {
	body := reflect.ValueOf(req.Body)
	hasBody := body.IsValid() && (body.Kind() != reflect.Pointer || !body.IsNil())
	switch {
	case req.Form != nil && req.Body != nil, req.Params != nil && req.Body != nil, req.Params != nil && req.Form != nil:
		return nil, errors.New("more than one of Body, Params and Form is set")
	case req.Form != nil:
		stream, formType, err := req.Form.stream()
		m.Stream = stream
		return []string{formType}, err
	case req.Params != nil:
		m.Body, err = encodeParams(req.Params)
	case hasBody:
		m.Body, err = json.Marshal(req.Body)
	default:
		return nil, nil
	}
	if _, refused := err.(*RequestError); err != nil && !refused {
		err = &RequestError{Field: "body", Err: innermost(err)}
	}
	return jsonType, err
}

// innermost unwraps the errors in which encoding/json names Go types.
func innermost(err error) error {
	for {
		var outer *json.MarshalerError
		if !errors.As(err, &outer) {
			return err
		}
		err = outer.Err
	}
}

// All requests share these values; net/http does not change them.
var (
	apiVersion = []string{APIVersion}
	jsonType   = []string{"application/json"}
	htmlType   = []string{"text/html"}
)

// setHeader sets the header fields of a call.
func (s *settings) setHeader(own *call, contentType []string, out any) error {
	authorization, accept := s.authorization, jsonType
	own.message.Key = s.key
	if own.key != "" {
		if err := s.allows(own.key); err != nil {
			return &RequestError{Field: "key", Err: err}
		}
		authorization = bearer(own.key)
		own.message.Key = own.key
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
	h = append(h, s.header...)
	if contentType != nil {
		h = append(h, wire.Field{Name: "Content-Type", Values: contentType})
	}
	own.message.Header = append(h, own.header...)
	return nil
}

const modulePath = "github.com/backend-sdk/clerk-go"

// userAgent returns the name of this module and the version that is built in.
func userAgent() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "clerk-go/devel"
	}
	return "clerk-go/" + moduleVersion(info)
}

// moduleVersion returns the version of this module in info, or "devel".
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
