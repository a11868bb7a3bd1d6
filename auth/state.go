package auth

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
)

// Status is the outcome of an authentication.
type Status string

// A pending session was verified, but its user has a task to complete. [State.Auth]
// treats it as signed out unless it gets [AllowPending].
const (
	StatusSignedIn  Status = "signed-in"
	StatusPending   Status = "pending"
	StatusSignedOut Status = "signed-out"
	// StatusHandshake is a page load that is to be redirected to the Location of
	// [State.Header], from where the browser returns with current cookies.
	StatusHandshake Status = "handshake"
)

// State is the result of [Authenticator.Authenticate].
type State struct {
	// Status is the outcome. Reason and Message say why the request is not signed in:
	// Reason in a fixed word, Message for people. Both are empty if it is.
	Status  Status
	Reason  Reason
	Message string
	// TokenType is the type of token that decided: a session token if no token came and
	// those are accepted. It is "" if several types are accepted and the token, if any,
	// has none of them.
	TokenType TokenType
	// Header has the fields that the response should carry, except Vary; nil without
	// any. If it has a Location, the response is a 307 without a body, whatever the
	// status. It contains tokens, and is left out of JSON.
	Header http.Header `json:"-"`

	record *record
}

func newState(rec *record) *State {
	s := &State{
		Status: rec.status(), Reason: rec.reason, Message: rec.message,
		TokenType: rec.tokenType, record: rec,
	}
	switch {
	case rec.header != nil:
		s.Header = rec.header.Clone()
	case rec.byCookie:
		s.Header = http.Header{"Cache-Control": {personal}}
	}
	if rec.unexplained() {
		if s.Header == nil {
			s.Header = make(http.Header, 3)
		}
		rec.explain(s.Header)
	}
	return s
}

func (rec *record) status() Status {
	switch {
	case rec.machine != nil:
		return StatusSignedIn
	case rec.handshake:
		return StatusHandshake
	case rec.claims == nil:
		return StatusSignedOut
	case rec.pending():
		return StatusPending
	default:
		return StatusSignedIn
	}
}

// unexplained reports whether the response should say why nobody is signed in.
func (rec *record) unexplained() bool { return rec.claims == nil && rec.machine == nil }

// Auth returns who sent the request, as [FromContext] does in a handler. It is never
// nil.
func (s *State) Auth(opts ...AuthOption) *Auth {
	if s == nil {
		return newAuth(nil, newAuthOptions(opts))
	}
	return newAuth(s.record, newAuthOptions(opts))
}

// Err reports why nothing could be decided, such as [ErrKeysUnavailable]. It is nil for
// a request that is signed in or certainly signed out.
func (s *State) Err() error {
	if s == nil || s.record == nil {
		return nil
	}
	return s.record.err
}

// String returns status and reason, never the token.
func (s *State) String() string {
	if s == nil {
		return "auth.State(nil)"
	}
	return fmt.Sprintf("auth.State(status=%q, reason=%q)", s.Status, s.Reason)
}

// Format writes the result of String, whatever the verb, for values and pointers.
func (s State) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// LogValue returns status and reason.
func (s *State) LogValue() slog.Value {
	if s == nil {
		return slog.StringValue(s.String())
	}
	return slog.GroupValue(slog.String("status", string(s.Status)), slog.String("reason", string(s.Reason)))
}

const (
	headerStatus  = "X-Clerk-Auth-Status"
	headerReason  = "X-Clerk-Auth-Reason"
	headerMessage = "X-Clerk-Auth-Message"
)

// unexplain removes the reason of an earlier result, which a new one replaces.
func unexplain(h http.Header) {
	delete(h, headerStatus)
	delete(h, headerReason)
	delete(h, headerMessage)
}

// explain adds the headers with the reason to the response to a request that is not
// signed in.
func (rec *record) explain(h http.Header) { explain(h, rec.status(), rec.reason, rec.message) }

func explain(h http.Header, status Status, reason Reason, message string) {
	for _, field := range [...]struct{ name, value string }{
		{headerStatus, string(status)},
		{headerReason, string(reason)},
		{headerMessage, message},
	} {
		if field.value != "" && isHeaderValue(field.value) {
			h[field.name] = append(h[field.name], field.value)
		}
	}
}

// isHeaderValue reports whether a field may have the value. net/http checks neither
// this nor whether a client can read it.
func isHeaderValue(value string) bool {
	for _, c := range value {
		if c > 0xff || c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
