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

// ErrNotAdvancing ends an iteration whose server answered with a page that it
// had given before, or with one that ends where another did.
var ErrNotAdvancing = errors.New("clerk: the server repeats a page of the list")

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

// RequestError is a call that was refused before anything was sent, because of
// what it was given.
type RequestError struct {
	Operation string // the Go name of the operation, empty outside of a call
	Field     string // the parameter, header or option at fault, if it is one
	Err       error
}

// Error is one line. It never holds the value that was refused.
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

// Unwrap returns what is wrong.
func (e *RequestError) Unwrap() error { return e.Err }

// Format prints Error for every verb.
func (e RequestError) Format(f fmt.State, verb rune) { formatText(f, verb, e.Error()) }

// GoString is Error.
func (e RequestError) GoString() string { return e.Error() }

// LogValue is Error.
func (e RequestError) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// DecodeError is an answer with a 2xx status whose body is not what the
// operation returns. What was asked for has happened. It prints without its body
// in every format.
type DecodeError struct {
	StatusCode int
	Path       string // from the root of the body, such as data[1].email_addresses[0].id; "" is the root
	TraceID    string
	Operation  string // the Go name of the operation
	Body       []byte `json:"-"` // as it was sent, up to the limit of failure bodies
	Partial    any    `json:"-"` // a pointer to the result with all that did decode, or nil when nothing did
	Err        error
}

// Error is one line with the operation, the status, and where and how the body
// differs from what was expected.
func (e *DecodeError) Error() string {
	text := "clerk: "
	if e.Operation != "" {
		text += e.Operation + ": "
	}
	text += strconv.Itoa(e.StatusCode) + ": cannot decode the body: "
	if e.Path != "" {
		text += oneLine(e.Path) + ": "
	}
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(e.Err, &mismatch):
		// The value may come with the number itself.
		kind, _, _ := strings.Cut(mismatch.Value, " ")
		text += fmt.Sprintf("JSON %s does not fit %s", kind, mismatch.Type)
	case e.Err != nil:
		text += oneLine(e.Err.Error())
	}
	return text
}

// Unwrap returns what is wrong with the body.
func (e *DecodeError) Unwrap() error { return e.Err }

// Format prints Error for every verb.
func (e DecodeError) Format(f fmt.State, verb rune) { formatText(f, verb, e.Error()) }

// GoString is Error.
func (e DecodeError) GoString() string { return e.Error() }

// LogValue is a group of what Error says and of what one searches logs for.
func (e DecodeError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("message", e.Error()),
		slog.Int("status", e.StatusCode),
		slog.String("trace_id", e.TraceID),
	)
}

func formatText(f fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, text)
}

const maxText = 200

// oneLine makes text from elsewhere fit to stand in an error or a log: one line
// of printable characters, and not long.
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
