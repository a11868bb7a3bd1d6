package auth

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Auth describes who sent a request. Its fields are copies for the caller, and empty
// unless authenticated; writing to them does not change what its methods return. A nil
// or hand-made Auth is signed out.
type Auth struct {
	// UserID is the user of the session or the user that an OAuth token or API key acts
	// for. It is "" for every other token.
	UserID string
	// SessionID is the session, or "" for a token without one.
	SessionID string
	// SessionStatus is "active", "pending", or "" if the token does not say. It is also
	// "pending" if that is why the caller is signed out.
	SessionStatus string
	// Actor acts on the user's behalf, in an impersonated session or with an OAuth token.
	// It is nil in a session of the user's own.
	Actor *Actor
	// The active organization, empty without one. The role looks like org:admin. An API
	// key of an organization sets the ID alone.
	OrganizationID   string
	OrganizationSlug string
	OrganizationRole string
	// TokenType is the type of token that the caller presented or would have to
	// present: a session token if no token came and those are accepted. It is "" if
	// several types are accepted and the token, if any, has none of them.
	TokenType TokenType
	// The other fields belong to tokens of machines. ID identifies the token or key and
	// is not secret. Subject is the user, organization or machine that it acts for.
	// Scopes limit what it may be used for; see [Scope].
	ID, Subject string
	Scopes      []string
	Name        string // of an API key
	MachineID   string // of an M2M token
	ClientID    string // of an OAuth token: the application that it was issued to

	record      *record
	authOptions authOptions
}

func newAuth(rec *record, n authOptions) *Auth {
	a := &Auth{record: rec, authOptions: n}
	a.TokenType = n.shown(rec.decidedBy())
	if rec.pending() && n.accepted().has(SessionToken) {
		a.SessionStatus = sessionPending
	}
	claims := a.sessionClaims()
	if claims == nil {
		a.describe(a.machine())
		return a
	}
	a.UserID, a.SessionID, a.SessionStatus = claims.Subject(), claims.SessionID(), claims.Status()
	a.Actor = claims.Actor()
	a.OrganizationID, a.OrganizationSlug = claims.OrganizationID(), claims.OrganizationSlug()
	a.OrganizationRole = claims.OrganizationRole()
	return a
}

// sessionClaims returns the claims of the signed-in session, or nil.
func (a *Auth) sessionClaims() *Claims {
	if a == nil || a.record == nil || a.record.claims == nil {
		return nil
	}
	if a.record.pending() && !a.authOptions.pending || !a.authOptions.accepted().has(SessionToken) {
		return nil
	}
	return a.record.claims
}

// IsAuthenticated reports whether the caller is signed in or presented a machine token
// that is accepted here.
func (a *Auth) IsAuthenticated() bool { return a.sessionClaims() != nil || a.machine() != nil }

// Claims returns the claims of the verified session token, or nil unless signed in.
// [ClaimsAs] decodes them into a type of your own.
func (a *Auth) Claims() *Claims { return a.sessionClaims() }

// OrganizationPermissions returns the caller's permissions in the active organization,
// such as org:invoices:read, read from the token on each call. Tokens do not contain
// system permissions (org:sys_…). To check for a permission, use [Auth.Has].
func (a *Auth) OrganizationPermissions() []string {
	if claims := a.sessionClaims(); claims != nil {
		return claims.OrganizationPermissions()
	}
	return nil
}

// ExpiresAt returns when the token expires that the caller presented. It is zero for a
// token that does not expire, and unless authenticated. A server ends streams and
// sockets then.
func (a *Auth) ExpiresAt() time.Time {
	if m := a.machine(); m != nil {
		return m.expires
	}
	if claims := a.sessionClaims(); claims != nil {
		return claims.ExpiresAt()
	}
	return time.Time{}
}

// Reason says why the caller is not authenticated. It is "" for an authenticated caller
// and for a pending session.
func (a *Auth) Reason() Reason {
	switch {
	case a == nil || a.record == nil:
		return ""
	case a.record.reason == "" && a.refusesType():
		return ReasonTokenTypeMismatch
	default:
		return a.record.reason
	}
}

// refusesType reports whether the caller presented a token of a type that is not
// accepted here, valid or not.
func (a *Auth) refusesType() bool {
	t := a.record.tokenType
	return t != "" && !a.authOptions.accepted().has(t)
}

// Err reports why nothing could be decided: [ErrNoMiddleware], [ErrKeysUnavailable],
// [ErrVerificationUnavailable], [ErrSecretKey], [ErrNoClient] or an error of the
// request's context. A service should respond with 503. Err is nil for a caller who is
// authenticated and for one who certainly is not, such as one with a token of a type
// that is refused here.
func (a *Auth) Err() error {
	if a == nil || a.record == nil || a.refusesType() {
		return nil
	}
	return a.record.err
}

// refusal returns the error for a caller without a session.
func (a *Auth) refusal() error {
	if err := a.Err(); err != nil {
		return err
	}
	return ErrNotSignedIn
}

// ClaimsAs decodes the claims of a signed-in session into a T by the rules of
// encoding/json, again on each call. For a caller who is not signed in it returns
// [ErrNotSignedIn] or the error of [Auth.Err]. With an error the value is zero.
func ClaimsAs[T any](a *Auth) (T, error) {
	var own T
	claims := a.sessionClaims()
	if claims == nil {
		return own, a.refusal()
	}
	if err := claims.Decode(&own); err != nil {
		var zero T
		return zero, err
	}
	return own, nil
}

// String names user, session and organization, or the ID of a machine token, and never
// the token.
func (a *Auth) String() string {
	if m := a.machine(); m != nil {
		return fmt.Sprintf("auth.Auth(type=%q, id=%q, subject=%q)", m.kind, m.id, m.subject)
	}
	claims := a.sessionClaims()
	if claims == nil {
		return fmt.Sprintf("auth.Auth(signed out, reason=%q)", a.Reason())
	}
	return fmt.Sprintf("auth.Auth(user=%q, session=%q, organization=%q)",
		claims.Subject(), claims.SessionID(), claims.OrganizationID())
}

// Format writes the result of String, whatever the verb, for values and pointers.
func (a Auth) Format(f fmt.State, _ rune) { io.WriteString(f, a.String()) }

// LogValue returns user, session and organization, or type, ID and subject of a machine
// token.
func (a *Auth) LogValue() slog.Value {
	if m := a.machine(); m != nil {
		return slog.GroupValue(slog.Bool("signed_in", true), slog.String("type", string(m.kind)),
			slog.String("id", m.id), slog.String("subject", m.subject))
	}
	claims := a.sessionClaims()
	if claims == nil {
		return slog.GroupValue(slog.Bool("signed_in", false), slog.String("reason", string(a.Reason())))
	}
	return slog.GroupValue(slog.Bool("signed_in", true), slog.String("user", claims.Subject()),
		slog.String("session", claims.SessionID()), slog.String("organization", claims.OrganizationID()))
}

// machine returns the verified machine token, or nil if there is none that is accepted
// here.
func (a *Auth) machine() *machine {
	if a == nil || a.record == nil || a.record.machine == nil || !a.authOptions.accepted().has(a.record.machine.kind) {
		return nil
	}
	return a.record.machine
}

// describe sets the fields that m determines, if m is not nil.
func (a *Auth) describe(m *machine) {
	if m == nil {
		return
	}
	a.ID, a.Subject, a.Name = m.id, m.subject, m.name
	a.Scopes = slices.Clone(m.scopes)
	switch m.kind {
	case APIKey:
		if strings.HasPrefix(m.subject, "user_") {
			a.UserID = m.subject
		}
		if strings.HasPrefix(m.subject, "org_") {
			a.OrganizationID = m.subject
		}
	case M2MToken:
		a.MachineID = m.subject
	case OAuthToken:
		a.UserID, a.ClientID = m.subject, m.clientID
		if m.actor != nil {
			actor := *m.actor
			a.Actor = &actor
		}
	}
}

// MachineClaims returns a copy of the JSON value that was attached to an API key or M2M
// token when it was created. It is nil for a token without one and for every other
// caller.
func (a *Auth) MachineClaims() json.RawMessage {
	m := a.machine()
	switch {
	case m == nil:
		return nil
	case m.jwt != nil && m.kind == M2MToken:
		return customClaims(m.jwt)
	default:
		return slices.Clone(m.claims)
	}
}
