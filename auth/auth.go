package auth

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Why a call of an [Auth] cannot be answered.
var (
	// ErrNoMiddleware says that no [Authenticator] looked at the request.
	ErrNoMiddleware = errors.New("auth: the request did not pass the middleware")
	// ErrNotSignedIn says that what was asked for needs a signed-in session.
	ErrNotSignedIn = errors.New("auth: not signed in")
	// ErrNoClient says that what was asked for needs the client that [New] was
	// given nil for.
	ErrNoClient = errors.New("auth: there is no client to ask Clerk with")
)

// Auth is who sent a request. Its fields are copies for the caller, empty unless
// signed in; writing to them changes no answer of its methods. A nil or
// hand-made Auth is signed out.
type Auth struct {
	UserID    string
	SessionID string
	// SessionStatus is "active", "pending", or "" for a token that does not say.
	// It is "pending" also when that is why the caller is signed out.
	SessionStatus string
	// Actor is who impersonates the user, and nil in a session of the user's own.
	Actor *Actor
	// The active organization, empty when there is none. The role looks like
	// org:admin.
	OrganizationID   string
	OrganizationSlug string
	OrganizationRole string
	// TokenType is the kind of token that the caller presented or would present.
	TokenType TokenType

	record    *record
	narrowing narrowing
}

func newAuth(rec *record, n narrowing) *Auth {
	a := &Auth{TokenType: SessionToken, record: rec, narrowing: n}
	if rec.pending() {
		a.SessionStatus = sessionPending
	}
	claims := a.session()
	if claims == nil {
		return a
	}
	a.UserID, a.SessionID, a.SessionStatus = claims.Subject(), claims.SessionID(), claims.Status()
	a.Actor = claims.Actor()
	a.OrganizationID, a.OrganizationSlug = claims.OrganizationID(), claims.OrganizationSlug()
	a.OrganizationRole = claims.OrganizationRole()
	return a
}

// session gives the claims of the signed-in session, or nil.
func (a *Auth) session() *Claims {
	if a == nil || a.record == nil || a.record.claims == nil {
		return nil
	}
	if a.record.pending() && !a.narrowing.pending {
		return nil
	}
	return a.record.claims
}

// IsAuthenticated reports whether the caller is signed in.
func (a *Auth) IsAuthenticated() bool { return a.session() != nil }

// Claims are those of the verified token, and nil unless signed in. [ClaimsAs]
// decodes them into a type of your own.
func (a *Auth) Claims() *Claims { return a.session() }

// OrganizationPermissions are those of the caller in the active organization,
// such as org:invoices:read, made from the token at each call. No token names
// system permissions (org:sys_…). To ask for one, use [Auth.Has].
func (a *Auth) OrganizationPermissions() []string {
	if claims := a.session(); claims != nil {
		return claims.OrganizationPermissions()
	}
	return nil
}

// Reason tells why the caller is not signed in, and is "" when it is, and for a
// session that is pending.
func (a *Auth) Reason() Reason {
	if a == nil || a.record == nil {
		return ""
	}
	return a.record.reason
}

// Err tells why nothing could be decided: [ErrNoMiddleware], [ErrKeysUnavailable],
// [ErrSecretKey], an error of the request's context. A service answers 503 then.
// It is nil for a caller who is signed in or plainly signed out.
func (a *Auth) Err() error {
	if a == nil || a.record == nil {
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
// [ErrNotSignedIn], or what [Auth.Err] says.
func ClaimsAs[T any](a *Auth) (T, error) {
	var own T
	claims := a.session()
	if claims == nil {
		return own, a.refusal()
	}
	if err := claims.Decode(&own); err != nil {
		var zero T
		return zero, err
	}
	return own, nil
}

// String names user, session and organization, never the token.
func (a *Auth) String() string {
	claims := a.session()
	if claims == nil {
		return fmt.Sprintf("auth.Auth(signed out, reason=%q)", a.Reason())
	}
	return fmt.Sprintf("auth.Auth(user=%q, session=%q, organization=%q)",
		claims.Subject(), claims.SessionID(), claims.OrganizationID())
}

// Format writes what String gives, whatever the verb, for values and pointers.
func (a Auth) Format(f fmt.State, _ rune) { io.WriteString(f, a.String()) }

// LogValue gives user, session and organization.
func (a *Auth) LogValue() slog.Value {
	claims := a.session()
	if claims == nil {
		return slog.GroupValue(slog.Bool("signed_in", false), slog.String("reason", string(a.Reason())))
	}
	return slog.GroupValue(slog.Bool("signed_in", true), slog.String("user", claims.Subject()),
		slog.String("session", claims.SessionID()), slog.String("organization", claims.OrganizationID()))
}
