package clerk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"reflect"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// types has the plans of all results.
var types = decode.NewTypes(plan)

// self is a type of this package that decodes itself. It reports whether the next value
// fits.
type self interface{ decode(d *decode.Decoder) bool }

var (
	selfType      = reflect.TypeFor[self]()
	metadataType  = reflect.TypeFor[Metadata]()
	timestampType = reflect.TypeFor[Timestamp]()
)

// plan returns how a type of this package is decoded, and nil for other types, also for
// those that have a method of this package because they embed one of its types.
func plan(t reflect.Type) decode.Plan {
	switch {
	case t == timestampType:
		return decode.Truncated
	case t.PkgPath() == metadataType.PkgPath() && reflect.PointerTo(t).Implements(selfType):
		return func(d *decode.Decoder, v reflect.Value) bool { return v.Addr().Interface().(self).decode(d) }
	}
	return nil
}

// Decode decodes raw into the value that out points to, as the results of operations are
// decoded. What the value was before is gone.
//
// It differs from json.Unmarshal in this: a member that does not fit its field leaves the
// field zero, and everything else is decoded even so; the error is then a [*DecodeError]
// with the path of the first such member, and Partial is out. A number without a fraction
// is a whole number however it is written. Names of members match exactly. The error is
// also a *DecodeError, without Partial, if raw is not JSON; the value is then of no use.
func Decode(raw []byte, out any) error {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return &DecodeError{Err: &json.InvalidUnmarshalError{Type: reflect.TypeOf(out)}}
	}
	v.Elem().SetZero()
	err := types.Into(raw, out)
	if err == nil {
		return nil
	}
	e := &DecodeError{}
	e.explain(err, out)
	return e
}

// explain sets what err says about out, which was decoded as far as possible.
func (e *DecodeError) explain(err error, out any) {
	misfit, ok := errors.AsType[*decode.Misfit](err)
	if !ok {
		e.Err = err
		return
	}
	e.Path, e.Err = misfit.Path, misfit.Err
	if e.Path != "" {
		e.Partial = out
	}
}

// decodeBody decodes the body of a 2xx response into out, which is zero. Nothing but
// blanks leaves it so: the operation has succeeded, and has no result.
func decodeBody(operation string, resp *wire.Response, limits wire.Limits, out any) error {
	if _, ok := out.(*None); ok {
		return nil
	}
	e := DecodeError{StatusCode: resp.Status, Operation: operation}
	body := bytes.TrimPrefix(resp.Body, byteOrderMark)
	text, isText := out.(*HTML)
	switch blank := bytes.TrimSpace(body); {
	case resp.ReadErr != nil:
		e.Err = fmt.Errorf("reading failed: %w", resp.ReadErr)
	case resp.Truncated:
		e.Err = fmt.Errorf("larger than %d bytes", limits.Success)
	case len(blank) == 0:
		return nil
	case isText:
		*text = HTML(body)
		return nil
	case string(blank) == "null":
		e.Err = errors.New("null")
	default:
		err := types.Into(body, out)
		if err == nil {
			return nil
		}
		e.explain(err, out)
		var misfit *decode.Misfit
		if mediaType, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); !errors.As(err, &misfit) && mediaType != "" && !strings.HasSuffix(mediaType, "json") {
			e.Err = fmt.Errorf("content type %s: %w", mediaType, err)
		}
	}
	e.TraceID = traceID(resp)
	e.Body = bytes.Clone(resp.Body[:min(int64(len(resp.Body)), limits.Failure)])
	failed := e // moves to the heap only here
	return &failed
}

// newError returns the *Error of a response, with those problems in the body that are in
// the API's format.
func newError(operation string, resp *wire.Response) *Error {
	e := &Error{
		StatusCode: resp.Status,
		TraceID:    traceID(resp),
		RetryAfter: resp.RetryAfter,
		Operation:  operation,
		Attempts:   resp.Attempts,
		Body:       bytes.Clone(resp.Body),
	}
	var v struct {
		Problems []Problem `json:"errors"`
		TraceID  string    `json:"clerk_trace_id"`
	}
	var misfit *decode.Misfit
	if err := types.Into(bytes.TrimPrefix(resp.Body, byteOrderMark), &v); err != nil && !errors.As(err, &misfit) {
		return e
	}
	e.Problems = v.Problems
	if v.TraceID != "" {
		e.TraceID = oneLine(v.TraceID)
	}
	return e
}

// traceID returns the trace id in the header of a response.
func traceID(resp *wire.Response) string {
	if id := resp.Header.Get("Clerk-Trace-Id"); id != "" {
		return oneLine(id)
	}
	return oneLine(resp.Header.Get("Cf-Ray"))
}
