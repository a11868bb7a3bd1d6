package clerk

import (
	"fmt"
	"log/slog"
)

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
