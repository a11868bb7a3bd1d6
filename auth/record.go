package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/backend-sdk/clerk-go/users"
)

// record is what one authentication found out. It is written once, before anything else
// can see it; only the user is added later. Its secrets are behind pointers: if a
// record is part of a printed value, package fmt ignores its Format method, but prints
// only the addresses of such pointers.
type record struct {
	owner *Authenticator
	// tokenType is the type of the token that decided: a session token if no token came
	// and those are accepted. It is "" if several types are accepted and the token, if
	// any, has none of them.
	tokenType TokenType
	claims    *Claims  // nil unless a session token was verified and accepted
	machine   *machine // nil unless a machine's token was
	token     *string  // nil unless one of these is set
	reason    Reason
	message   string
	refused   *TokenError // why its token was refused, if that is why nobody is signed in
	err       error       // why nothing could be decided
	// header is for the response, nil when it is nothing. With a Location in it the
	// browser is to follow that.
	header    *http.Header
	handshake bool // the browser is redirected to refresh its cookies
	user      fetched[users.User]
}

// signedOut and undecided record that nobody is signed in: because of the caller, and
// for another cause.
func (rec *record) signedOut(reason Reason, message string) {
	rec.token, rec.claims, rec.machine = nil, nil, nil
	rec.reason, rec.message = reason, message
}

func (rec *record) undecided(reason Reason, err error) {
	rec.signedOut(reason, "")
	rec.err = err
}

func (rec *record) signedIn(token string, claims *Claims) {
	rec.token, rec.claims = &token, claims
}

func (rec *record) machineSignedIn(token string, m *machine) {
	rec.token, rec.machine = &token, m
}

// decidedBy returns the type of the token that decided, or "".
func (rec *record) decidedBy() TokenType {
	if rec == nil {
		return ""
	}
	return rec.tokenType
}

func (rec *record) pending() bool {
	return rec != nil && rec.claims != nil && rec.claims.status == sessionPending
}

// fail records why a session token was refused. Any other error leaves the request
// undecided.
func (rec *record) fail(err error, carrier string) {
	var refused *TokenError
	switch {
	case errors.Is(err, ErrSecretKey):
		rec.undecided(ReasonSecretKeyInvalid, err)
	case errors.Is(err, ErrKeysUnavailable):
		rec.undecided(ReasonJWKRemoteFailedToLoad, err)
	case !errors.As(err, &refused):
		rec.undecided(ReasonUnexpectedError, err)
	default:
		rec.signedOut(refused.Reason, refused.message(carrier))
		rec.refused = refused
	}
}

// Format keeps the token out of printed contexts.
func (rec *record) Format(f fmt.State, _ rune) { fmt.Fprint(f, "auth.record") }

type recordKey struct{}

// requestContext is context.WithValue for a record, in one allocation with it.
type requestContext struct {
	context.Context
	record record
}

func (c *requestContext) Value(key any) any {
	if key == (recordKey{}) {
		return &c.record
	}
	return c.Context.Value(key)
}

// String is what package context prints for the parent of a context.
func (c *requestContext) String() string { return fmt.Sprint(c.Context) + ".WithAuth" }

// Format keeps the token out of printed contexts.
func (c *requestContext) Format(f fmt.State, _ rune) { fmt.Fprint(f, c.String()) }

func recordFrom(ctx context.Context) *record {
	if ctx == nil {
		return nil
	}
	switch found := ctx.Value(recordKey{}).(type) {
	case *record:
		return found
	case handedOver:
		return found.record
	default:
		return nil
	}
}

// handedOver marks a record that a caller put into a context. It is found there, but no
// middleware mistakes it for its own work on the request.
type handedOver struct{ *record }
