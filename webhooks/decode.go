package webhooks

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/backend-sdk/clerk-go/clerk"
)

// maxDepth is the number of objects and lists that may be inside each other.
const maxDepth = 200

// envelope is what all events have in common.
type envelope struct {
	Type            string          `json:"type"`
	Data            json.RawMessage `json:"data"`
	Timestamp       *int64          `json:"timestamp"`
	InstanceID      string          `json:"instance_id"`
	EventAttributes struct {
		HTTPRequest struct {
			ClientIP  string `json:"client_ip"`
			UserAgent string `json:"user_agent"`
		} `json:"http_request"`
	} `json:"event_attributes"`
}

// Decode decodes the body of a delivery that was verified before, such as one that comes
// from a queue. It verifies nothing. The error is a [*PayloadError]; with an Event in it,
// the same event is returned too, without the members of its data that do not decode.
func Decode(body []byte) (*Event, error) { return decodeDelivery(message{}, body) }

func decodeDelivery(m message, body []byte) (*Event, error) {
	var e envelope
	if err := decodeEnvelope(body, &e); err != nil {
		return nil, &PayloadError{Err: err}
	}
	event := &Event{
		ID: m.id, Type: Type(e.Type), Time: timeOf(e.Timestamp), SentAt: m.sent,
		InstanceID: e.InstanceID, ClientIP: e.EventAttributes.HTTPRequest.ClientIP, UserAgent: e.EventAttributes.HTTPRequest.UserAgent,
		Raw: bytes.Clone(body),
	}
	if event.Data = payloadOf(event.Type); event.Data == nil {
		return event, nil
	}
	path, err := decodeData(e.Data, event.Data)
	if err != nil {
		return event, &PayloadError{Type: event.Type, Path: path, Err: err, Event: event}
	}
	return event, nil
}

// decodeEnvelope demands an object with a type. What else does not fit stays zero.
func decodeEnvelope(body []byte, e *envelope) error {
	switch {
	case !utf8.Valid(body):
		return errors.New("it is not valid UTF-8")
	case tooDeep(body):
		return errors.New("it is nested too deeply")
	}
	var misfit *clerk.DecodeError
	if err := clerk.Decode(body, e); errors.As(err, &misfit) && misfit.Partial == nil {
		return misfit.Err
	}
	if e.Type == "" {
		return errors.New("it has no type")
	}
	return nil
}

// tooDeep reports whether body nests too deeply. It can say so of what is not JSON.
func tooDeep(body []byte) bool {
	depth, quoted, escaped := 0, false, false
	for _, c := range body {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = c == '\\', c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// decodeData decodes data into the model and returns the path of what does not fit.
func decodeData(data json.RawMessage, model any) (path string, err error) {
	const root = "data"
	if len(data) == 0 || data[0] != '{' {
		return root, errors.New("it is not an object")
	}
	err = clerk.Decode(data, model)
	if invitation, ok := model.(*OrganizationInvitation); ok {
		err = cmp.Or(err, invitation.findOrganization(data))
	}
	if misfit, ok := errors.AsType[*clerk.DecodeError](err); ok {
		return root + "." + misfit.Path, misfit.Err
	}
	return "", err
}

// firstMilli is the first timestamp that is not a number of seconds. Clerk's documentation
// has milliseconds, and its published examples have seconds.
const firstMilli = 100_000_000_000

func timeOf(timestamp *int64) time.Time {
	switch {
	case timestamp == nil:
		return time.Time{}
	case *timestamp < firstMilli:
		return time.Unix(*timestamp, 0)
	default:
		return time.UnixMilli(*timestamp)
	}
}
