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

// decodeBody fills out from the body of a 2xx answer.
func decodeBody(operation string, a *wire.Response, limits wire.Limits, out any) error {
	if _, ok := out.(*None); ok {
		return nil
	}
	e := DecodeError{StatusCode: a.Status, Operation: operation}
	body := bytes.TrimPrefix(a.Body, byteOrderMark)
	text, isText := out.(*HTML)
	switch blank := bytes.TrimSpace(body); {
	case a.ReadErr != nil:
		e.Err = fmt.Errorf("reading it: %w", a.ReadErr)
	case a.Truncated:
		e.Err = fmt.Errorf("larger than %d bytes", limits.Success)
	case len(blank) == 0:
		e.Err = errors.New("empty")
	case isText:
		*text = HTML(body)
		return nil
	case string(blank) == "null":
		e.Err = errors.New("null")
	default:
		var err error
		if page, ok := out.(interface{ decode([]byte) error }); ok {
			err = page.decode(body)
		} else {
			err = json.Unmarshal(body, out)
		}
		if err == nil {
			return nil
		}
		e.Err = err
		if json.Valid(body) {
			e.Path, e.Partial, e.Err = partial(body, out, err)
		} else if kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type")); kind != "" && !strings.HasSuffix(kind, "json") {
			e.Err = fmt.Errorf("it is %s: %w", kind, err)
		}
	}
	e.TraceID = traceID(a)
	e.Body = bytes.Clone(a.Body[:min(int64(len(a.Body)), limits.Failure)])
	failed := e // moves to the heap only here
	return &failed
}

// partial decodes body into a new value like the one that out points to, as far as
// it fits, and returns that value with the path and the error of the first mismatch.
func partial(body []byte, out any, err error) (path string, result any, _ error) {
	result = reflect.New(reflect.TypeOf(out).Elem()).Interface()
	path, mismatch := decode.Partial(body, result, custom)
	switch {
	case mismatch == nil:
		return "", result, err
	case path == "":
		return "", nil, mismatch
	}
	return path, result, mismatch
}

// custom makes the types of this package that decode their parts known to decode.
func custom(d *decode.Decoder, raw []byte, out any, path string) bool {
	v, ok := out.(interface {
		decodePartial(d *decode.Decoder, raw []byte, path string)
	})
	if ok {
		v.decodePartial(d, raw, path)
	}
	return ok
}

// newError makes the *Error of an answer, with as much of the body's problems as
// is in the API's form.
func newError(operation string, a *wire.Response) *Error {
	e := &Error{
		StatusCode: a.Status,
		TraceID:    traceID(a),
		RetryAfter: a.RetryAfter,
		Operation:  operation,
		Attempts:   a.Attempts,
		Body:       bytes.Clone(a.Body),
	}
	body := bytes.TrimPrefix(a.Body, byteOrderMark)
	if !json.Valid(body) {
		return e
	}
	var v struct {
		Problems []Problem `json:"errors"`
		TraceID  string    `json:"clerk_trace_id"`
	}
	_, _ = decode.Partial(body, &v, custom)
	e.Problems = v.Problems
	if v.TraceID != "" {
		e.TraceID = oneLine(v.TraceID)
	}
	return e
}

func traceID(a *wire.Response) string {
	if id := a.Header.Get("Clerk-Trace-Id"); id != "" {
		return oneLine(id)
	}
	return oneLine(a.Header.Get("Cf-Ray"))
}
