package clerk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// Sentinel errors for errors.Is. An *Error matches the one for its HTTP status.
var (
	ErrBadRequest      = errors.New("clerk: bad request")      // 400
	ErrUnauthorized    = errors.New("clerk: unauthorized")     // 401
	ErrPaymentRequired = errors.New("clerk: payment required") // 402: the plan does not include it
	ErrForbidden       = errors.New("clerk: forbidden")        // 403
	ErrNotFound        = errors.New("clerk: not found")        // 404
	ErrConflict        = errors.New("clerk: conflict")         // 409
	ErrUnprocessable   = errors.New("clerk: unprocessable")    // 422
	ErrRateLimited     = wire.ErrRateLimited                   // 429, and calls that were not sent because of a rate limit
	ErrServer          = errors.New("clerk: server error")     // 500 and above
)

// ErrInvalidRequest is found in every [*RequestError]: the call was not sent, because of an
// argument such as an id that cannot be part of a path.
var ErrInvalidRequest = errors.New("clerk: invalid request")

// ErrNotAdvancing ends an iteration when the server repeats a page, or sends a page
// that ends with an item of an earlier page and is not the last.
var ErrNotAdvancing = errors.New("clerk: the list does not advance: the server repeated a page")

// ErrListChanged ends an iteration that went back because items had moved, and then came
// to a page that ends with an item of an earlier page and is not the last. Items of the
// list may be missing; iterate again when it changes less.
var ErrListChanged = errors.New("clerk: the list changed during the iteration: items may be missing")

// Error is a response whose status is not 2xx, whatever its body. It may also be a
// redirect, which is never followed, or an HTML page from a proxy. It prints without
// its body in every format.
type Error struct {
	StatusCode int
	Problems   []Problem     // empty when the body is not in the API's format
	TraceID    string        // identifies the request to Clerk's support; empty when there was none
	RetryAfter time.Duration // 0 when the response has no Retry-After
	Operation  string        // the Go name of the operation with its package, such as users.GetUser
	Attempts   int
	Body       []byte `json:"-"` // as received, up to the limit for failure bodies
}

// Problem is one problem that the API reports.
type Problem struct {
	Code        string          `json:"code"` // such as form_identifier_exists
	Message     string          `json:"message"`
	LongMessage string          `json:"long_message"`
	Meta        json.RawMessage `json:"meta,omitempty"` // depends on Code; often names the parameter
}

// Error returns one line with the operation, the status, and the code and message
// of the first problem.
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

// Is reports whether target is the sentinel error for e's status.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrBadRequest:
		return e.StatusCode == http.StatusBadRequest
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrPaymentRequired:
		return e.StatusCode == http.StatusPaymentRequired
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

// HasCode reports whether err is an *Error that has a problem with code.
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

// Format implements fmt.Formatter. It writes Error for every verb.
func (e Error) Format(f fmt.State, verb rune) { formatText(f, verb, e.Error()) }

// GoString returns the same as Error.
func (e Error) GoString() string { return e.Error() }

// LogValue implements slog.LogValuer. It returns a group with the text of the error,
// the operation, the status, the codes of all problems, the trace id and the number of attempts.
func (e Error) LogValue() slog.Value {
	codes := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		codes[i] = oneLine(p.Code)
	}
	return slog.GroupValue(
		slog.String("message", e.Error()),
		slog.String("operation", e.Operation),
		slog.Int("status", e.StatusCode),
		slog.Any("codes", codes),
		slog.String("trace_id", e.TraceID),
		slog.Int("attempts", e.Attempts),
	)
}

// RequestError reports a call that was refused before anything was sent, because an
// argument is invalid.
type RequestError struct {
	Operation string // the Go name of the operation with its package; empty outside of a call
	Field     string // the invalid parameter, header or option, if it is one of them
	Err       error
}

// Error returns one line. It never contains the value that was refused.
func (e *RequestError) Error() string {
	text := "clerk: "
	if e.Operation != "" {
		text += e.Operation + ": "
	}
	if e.Field != "" {
		text += e.Field + ": "
	}
	if e.Err == nil {
		return text + "refused"
	}
	return text + oneLine(e.Err.Error())
}

// Is reports whether target is ErrInvalidRequest.
func (e *RequestError) Is(target error) bool { return target == ErrInvalidRequest }

// Unwrap returns Err.
func (e *RequestError) Unwrap() error { return e.Err }

// Format implements fmt.Formatter. It writes Error for every verb.
func (e RequestError) Format(f fmt.State, verb rune) { formatText(f, verb, e.Error()) }

// GoString returns the same as Error.
func (e RequestError) GoString() string { return e.Error() }

// LogValue implements slog.LogValuer. It returns Error.
func (e RequestError) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// DecodeError is a response with a 2xx status whose body does not decode into the
// result of the operation. The operation itself has succeeded. It is also the error of
// [Decode]. It prints without its body in every format.
type DecodeError struct {
	StatusCode int    // 0 outside of a call
	Path       string // from the root of the body, such as data[1].email_addresses[0].id; "" for the root
	TraceID    string
	Operation  string // the Go name of the operation with its package
	Body       []byte `json:"-"` // as received, up to the limit for failure bodies
	Partial    any    `json:"-"` // a pointer to the result with everything that could be decoded; nil when nothing could
	Err        error
}

// Error returns one line with the operation, the status, and where and how the body
// differs from the result.
func (e *DecodeError) Error() string {
	text := "clerk: "
	if e.Operation != "" {
		text += e.Operation + ": "
	}
	if e.StatusCode == 0 {
		text += "cannot decode: "
	} else {
		text += strconv.Itoa(e.StatusCode) + ": cannot decode the body: "
	}
	if e.Path != "" {
		text += oneLine(e.Path) + ": "
	}
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(e.Err, &mismatch):
		// The number itself may follow the type.
		kind, _, _ := strings.Cut(mismatch.Value, " ")
		text += fmt.Sprintf("JSON %s does not fit %s", kind, mismatch.Type)
	case e.Err != nil:
		text += oneLine(e.Err.Error())
	}
	return text
}

// Unwrap returns Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// Format implements fmt.Formatter. It writes Error for every verb.
func (e DecodeError) Format(f fmt.State, verb rune) { formatText(f, verb, e.Error()) }

// GoString returns the same as Error.
func (e DecodeError) GoString() string { return e.Error() }

// LogValue implements slog.LogValuer. It returns a group with the text of the error,
// the operation, the status and the trace id.
func (e DecodeError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("message", e.Error()),
		slog.String("operation", e.Operation),
		slog.Int("status", e.StatusCode),
		slog.String("trace_id", e.TraceID),
	)
}

// formatText writes text to f, quoted for the verb q.
func formatText(f fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, text)
}

const maxText = 200

// oneLine returns text from outside in a form that is safe in an error or a log: one
// line of printable characters, cut off at maxText bytes.
func oneLine(text string) string {
	cut := len(text) > maxText
	if cut {
		text = text[:maxText]
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	text = strings.TrimSpace(text)
	if cut {
		text += "…"
	}
	return text
}
