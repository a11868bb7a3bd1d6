package auth

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
)

// Auth is who sent a request. Its fields are copies for the caller, empty unless
// authenticated; writing to them changes no answer of its methods. A nil or
// hand-made Auth is signed out.
type Auth struct {
	// UserID is the user of the session, the user whom an OAuth token or an API key
	// stands for, and "" for every other token.
	UserID string
	// SessionID is the session, and "" for a token that belongs to none.
	SessionID string
	// SessionStatus is "active", "pending", or "" for a token that does not say.
	// It is "pending" also when that is why the caller is signed out.
	SessionStatus string
	// Actor is who impersonates the user, and nil in a session of the user's own.
	Actor *Actor
	// The active organization, empty when there is none. The role looks like
	// org:admin. An API key that stands for an organization sets the id alone.
	OrganizationID   string
	OrganizationSlug string
	OrganizationRole string
	// TokenType is the kind of token that the caller presented or would present,
	// and "" for one that is none of several that are accepted.
	TokenType TokenType
	// The rest is of tokens other than a session's. ID names the token or key and is
	// no secret. Subject is whom it stands for: a user, an organization or a machine.
	// Scopes say what it may be used for, see [Scope].
	ID, Subject string
	Scopes      []string
	Name        string // of an API key
	MachineID   string // of an M2M token
	ClientID    string // of an OAuth token: the application it was given to

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

// sessionClaims gives the claims of the signed-in session, or nil.
func (a *Auth) sessionClaims() *Claims {
	if a == nil || a.record == nil || a.record.claims == nil {
		return nil
	}
	if a.record.pending() && !a.authOptions.pending || !a.authOptions.accepted().has(SessionToken) {
		return nil
	}
	return a.record.claims
}

// IsAuthenticated reports whether the caller is signed in, or presented a
// machine's token that is accepted here.
func (a *Auth) IsAuthenticated() bool { return a.sessionClaims() != nil || a.machine() != nil }

// Claims are those of the verified session token, and nil unless signed in.
// [ClaimsAs] decodes them into a type of your own.
func (a *Auth) Claims() *Claims { return a.sessionClaims() }

// OrganizationPermissions are those of the caller in the active organization,
// such as org:invoices:read, made from the token at each call. No token names
// system permissions (org:sys_…). To ask for one, use [Auth.Has].
func (a *Auth) OrganizationPermissions() []string {
	if claims := a.sessionClaims(); claims != nil {
		return claims.OrganizationPermissions()
	}
	return nil
}

// Reason tells why the caller is not authenticated, and is "" when it is, and for
// a session that is pending.
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

// refusesType reports that the caller presented a token of a type that is not
// wanted here, whatever became of it.
func (a *Auth) refusesType() bool {
	t := a.record.tokenType
	return t != "" && !a.authOptions.accepted().has(t)
}

// Err tells why nothing could be decided: [ErrNoMiddleware], [ErrKeysUnavailable],
// [ErrVerificationUnavailable], [ErrSecretKey], [ErrNoClient], an error of the
// request's context. A service answers 503 then. It is nil for a caller who is
// authenticated or plainly is not, as with a token of a type that is refused here.
func (a *Auth) Err() error {
	if a == nil || a.record == nil || a.refusesType() {
		return nil
	}
	return a.record.err
}

// refusal is the error for a caller without a session.
func (a *Auth) refusal() error {
	if err := a.Err(); err != nil {
		return err
	}
	return ErrNotSignedIn
}

// ClaimsAs decodes the claims of a signed-in session into a type of the caller's,
// by the rules of encoding/json, anew at each call. Signed out it returns
// [ErrNotSignedIn], or what [Auth.Err] says. With an error the value is zero.
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

// String names user, session and organization, or a machine's token by its id;
// never the token.
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

// Format writes what String gives, whatever the verb, for values and pointers.
func (a Auth) Format(f fmt.State, _ rune) { io.WriteString(f, a.String()) }

// LogValue gives user, session and organization, or type, id and subject of a
// machine's token.
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

// machine gives the verified token of a machine that is accepted here, or nil.
func (a *Auth) machine() *machine {
	if a == nil || a.record == nil || a.record.machine == nil || !a.authOptions.accepted().has(a.record.machine.kind) {
		return nil
	}
	return a.record.machine
}

// describe fills in what m tells, if there is one.
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
	}
}

// MachineClaims gives the JSON value that was attached to an API key or an M2M
// token when it was made, for the caller to keep. It is nil for a token that has
// none, and for every other caller.
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
