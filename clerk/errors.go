package clerk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// What errors.Is finds in an *Error, by its status.
var (
	ErrBadRequest    = errors.New("clerk: bad request")         // 400
	ErrUnauthorized  = errors.New("clerk: unauthorized")        // 401
	ErrForbidden     = errors.New("clerk: forbidden")           // 403
	ErrNotFound      = errors.New("clerk: not found")           // 404
	ErrConflict      = errors.New("clerk: conflict")            // 409
	ErrUnprocessable = errors.New("clerk: unprocessable")       // 422
	ErrRateLimited   = errors.New("clerk: rate limit exceeded") // 429
	ErrServer        = errors.New("clerk: server error")        // 500 and above
)

// Error is every answer of the API that is not a success, whatever its body: a
// redirect, which is not followed, and a proxy's HTML page as well. It prints
// without its body in every format.
type Error struct {
	StatusCode int
	Problems   []Problem     // empty when the body is not in the API's form
	TraceID    string        // for Clerk's support, empty when there was none
	RetryAfter time.Duration // 0 when the server did not say
	Operation  string        // the Go name of the operation
	Attempts   int
	Body       []byte `json:"-"` // as it was sent, up to the limit of failure bodies
}

// Problem is one thing that the API found wrong.
type Problem struct {
	Code        string          `json:"code"` // such as form_identifier_exists
	Message     string          `json:"message"`
	LongMessage string          `json:"long_message"`
	Meta        json.RawMessage `json:"meta,omitempty"` // depends on Code; often names the parameter
}

// Error is one line with the operation, the status, and the code and message of
// the first problem.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("clerk: ")
	if e.Operation != "" {
		b.WriteString(e.Operation + ": ")
	}
	b.WriteString(strconv.Itoa(e.StatusCode))
	if len(e.Problems) == 0 {
		if text := http.StatusText(e.StatusCode); text != "" {
			b.WriteString(" " + text)
		}
		return b.String()
	}
	p := e.Problems[0]
	if p.Code != "" {
		b.WriteString(" " + oneLine(p.Code))
	}
	if message := oneLine(p.Message); message != "" {
		b.WriteString(": " + message)
	} else if message = oneLine(p.LongMessage); message != "" {
		b.WriteString(": " + message)
	}
	if more := len(e.Problems) - 1; more > 0 {
		fmt.Fprintf(&b, " (and %d more)", more)
	}
	return b.String()
}

// Is reports whether target is the sentinel of e's status.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrBadRequest:
		return e.StatusCode == http.StatusBadRequest
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrConflict:
		return e.StatusCode == http.StatusConflict
	case ErrUnprocessable:
		return e.StatusCode == http.StatusUnprocessableEntity
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrServer:
		return e.StatusCode >= http.StatusInternalServerError
	}
	return false
}

// HasCode reports whether err is an *Error with a problem of that code.
func HasCode(err error, code string) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, p := range e.Problems {
		if p.Code == code {
			return true
		}
	}
	return false
}

// Format prints Error for every verb.
func (e Error) Format(f fmt.State, verb rune) { formatText(f, verb, e.Error()) }

// GoString is Error.
func (e Error) GoString() string { return e.Error() }

// LogValue is a group of what Error says and of what one searches logs for.
func (e Error) LogValue() slog.Value {
	codes := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		codes[i] = oneLine(p.Code)
	}
	return slog.GroupValue(
		slog.String("message", e.Error()),
		slog.Int("status", e.StatusCode),
		slog.Any("codes", codes),
		slog.String("trace_id", e.TraceID),
		slog.Int("attempts", e.Attempts),
	)
}

// newError makes the *Error of an answer, with as much of the body's problems as
// is in the API's form.
func newError(operation string, a *wire.Answer) *Error {
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
	s := &salvager{}
	s.into(body, reflect.ValueOf(&v).Elem(), "")
	e.Problems = v.Problems
	if v.TraceID != "" {
		e.TraceID = oneLine(v.TraceID)
	}
	return e
}

func traceID(a *wire.Answer) string {
	if id := a.Header.Get("Clerk-Trace-Id"); id != "" {
		return oneLine(id)
	}
	return oneLine(a.Header.Get("Cf-Ray"))
}
