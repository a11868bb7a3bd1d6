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

// decodeBody decodes the body of a 2xx response into out.
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
		} else if mediaType, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); mediaType != "" && !strings.HasSuffix(mediaType, "json") {
			e.Err = fmt.Errorf("content type %s: %w", mediaType, err)
		}
	}
	e.TraceID = traceID(resp)
	e.Body = bytes.Clone(resp.Body[:min(int64(len(resp.Body)), limits.Failure)])
	failed := e // moves to the heap only here
	return &failed
}

// partial decodes what it can of body into a new value of the type that out points
// to. It returns that value and the path and the error of the first mismatch; err is
// the error unless something is mismatched.
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

// custom calls decodePartial on the types that have it.
func custom(d *decode.Decoder, raw []byte, out any, path string) bool {
	v, ok := out.(interface {
		decodePartial(d *decode.Decoder, raw []byte, path string)
	})
	if ok {
		v.decodePartial(d, raw, path)
	}
	return ok
}

// newError returns the *Error of a response, with those problems in the body that
// are in the API's format.
func newError(operation string, resp *wire.Response) *Error {
	e := &Error{
		StatusCode: resp.Status,
		TraceID:    traceID(resp),
		RetryAfter: resp.RetryAfter,
		Operation:  operation,
		Attempts:   resp.Attempts,
		Body:       bytes.Clone(resp.Body),
	}
	body := bytes.TrimPrefix(resp.Body, byteOrderMark)
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

// traceID returns the trace id in the header of a response.
func traceID(resp *wire.Response) string {
	if id := resp.Header.Get("Clerk-Trace-Id"); id != "" {
		return oneLine(id)
	}
	return oneLine(resp.Header.Get("Cf-Ray"))
}
