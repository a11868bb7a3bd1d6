package webhooks

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Type is the type of an event, such as user.created.
type Type string

// IsKnown reports whether t is one of the constants of this package.
func (t Type) IsKnown() bool { return payloadOf(t) != nil }

// Event is something that happened in an instance. Its data can contain one-time codes,
// links and private metadata, so it prints nothing but its type, its id and the instance.
// A struct that has an Event in a field that is not exported must not be printed: package
// fmt then shows everything in it.
type Event struct {
	// ID identifies the message, also when it is sent again. It is "" from [Decode].
	ID   string
	Type Type
	// Time is when it happened, and SentAt when this attempt to deliver it was made. SentAt
	// is zero from Decode.
	Time, SentAt time.Time
	// InstanceID is the instance in which it happened. ClientIP and UserAgent describe the
	// request that caused it, if there was one.
	InstanceID, ClientIP, UserAgent string
	// Data is a pointer to the model of the type, such as *api.User, or nil if this package
	// does not know the type.
	Data any
	// Raw is a copy of the whole body.
	Raw json.RawMessage
}

// Format implements fmt.Formatter.
func (e Event) Format(s fmt.State, _ rune) {
	_, _ = fmt.Fprintf(s, "webhooks.Event(%s %s %s)", e.Type, e.ID, e.InstanceID)
}

// LogValue implements slog.LogValuer.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(slog.String("type", string(e.Type)), slog.String("id", e.ID), slog.String("instance", e.InstanceID))
}

// PayloadError reports that the body of a verified delivery, or a part of its data, does
// not decode. It prints the type and the path and nothing of the body.
type PayloadError struct {
	Type Type   // "" if the body is not an event at all
	Path string // from the root of the body, such as data.email_addresses[1].id; "" for the root
	Err  error  // may quote the body
	// Event has everything that could be decoded. It is nil if the body is not an event.
	Event *Event
}

// Error returns the type and the path.
func (e *PayloadError) Error() string {
	switch {
	case e.Type == "":
		return "webhooks: the body is not an event"
	case e.Path == "":
		return fmt.Sprintf("webhooks: an event of type %s does not decode", e.Type)
	default:
		return fmt.Sprintf("webhooks: %s of an event of type %s does not decode", e.Path, e.Type)
	}
}

// Unwrap returns e.Err.
func (e *PayloadError) Unwrap() error { return e.Err }

// Format implements fmt.Formatter, and prints what Error returns.
func (e PayloadError) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.Error()) }

// LogValue implements slog.LogValuer.
func (e PayloadError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("type", string(e.Type)), slog.String("path", e.Path))
}
