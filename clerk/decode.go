package clerk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"strconv"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

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

var byteOrderMark = []byte("\xef\xbb\xbf")

// decode fills out from the body of a 2xx answer.
func decode(operation string, a *wire.Answer, limits wire.Limits, out any) error {
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
			e.Path, e.Partial, e.Err = salvage(body, out, err)
		} else if kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type")); kind != "" && !strings.HasSuffix(kind, "json") {
			e.Err = fmt.Errorf("it is %s: %w", kind, err)
		}
	}
	e.TraceID = traceID(a)
	e.Body = bytes.Clone(a.Body[:min(int64(len(a.Body)), limits.Failure)])
	failed := e // moves to the heap only here
	return &failed
}
