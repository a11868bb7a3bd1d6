package clerk

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

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
		if e.explain(err, out) {
			break
		}
		if coding := resp.Header.Get("Content-Encoding"); coding != "" {
			e.Err = fmt.Errorf("content coding %s, which was not asked for: %w", oneLine(coding), err)
		} else if mediaType, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); mediaType != "" && !strings.HasSuffix(mediaType, "json") {
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
	err := types.Into(bytes.TrimPrefix(resp.Body, byteOrderMark), &v)
	if _, isJSON := errors.AsType[*decode.Misfit](err); err != nil && !isJSON {
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
