package auth

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/backend-sdk/clerk-go/users"
)

// record is what one authentication found out. It is written once, before anything else
// can see it; only the user is added later. newRecord makes it.
type record struct {
	owner *Authenticator
	// tokenType is the type of the token that decided: a session token if no token came
	// and those are accepted. It is "" if several types are accepted and the token, if
	// any, has none of them.
	tokenType TokenType
	claims    *Claims  // nil unless a session token was verified and accepted
	machine   *machine // nil unless a machine's token was
	reason    Reason
	message   string
	refused   *TokenError // why its token was refused, if that is why nobody is signed in
	err       error       // why nothing could be decided
	// header is for the response, nil when it is nothing. With a Location in it the
	// browser is to follow that.
	header    *http.Header
	handshake bool // the browser is redirected to refresh its cookies
	byCookie  bool // a cookie signed the caller in
	loops     bool // the browser was redirected to refresh its cookies, too often
	user      fetched[users.User]
	asked     *question // which cross-origin protection let a cookie pass with, if it was asked
	vary      [1]string // the memory of the response's Vary field
	cache     [1]string // the same of its Cache-Control

	// secrets are behind a pointer because package fmt ignores the Format method of a
	// record in a field of something else. It may print what is in the record then, but
	// not what its pointers lead to.
	secrets *secrets
}

// secrets are what no printed value shows.
type secrets struct {
	token       string      // "" unless somebody is signed in
	credentials credentials // that a middleware judged
}

// newRecord returns an empty record, and makes one allocation for all that is kept of a
// request.
func newRecord(owner *Authenticator) *record {
	var whole struct {
		record  record
		secrets secrets
	}
	whole.record.owner, whole.record.secrets = owner, &whole.secrets
	return &whole.record
}

// signedOut and undecided record that nobody is signed in: because of the caller, and
// for another cause.
func (rec *record) signedOut(reason Reason, message string) {
	rec.secrets.token, rec.claims, rec.machine = "", nil, nil
	rec.byCookie, rec.asked = false, nil
	rec.reason, rec.message = reason, message
}

func (rec *record) undecided(reason Reason, err error) {
	rec.signedOut(reason, "")
	rec.err = err
}

func (rec *record) signedIn(token string, claims *Claims) {
	rec.secrets.token, rec.claims = token, claims
}

func (rec *record) machineSignedIn(token string, m *machine) {
	rec.secrets.token, rec.machine = token, m
}

// decidedBy returns the type of the token that decided, or "".
func (rec *record) decidedBy() TokenType {
	if rec == nil {
		return ""
	}
	return rec.tokenType
}

func (rec *record) pending() bool {
	return rec != nil && rec.claims != nil && rec.claims.Status() == sessionPending
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

// credentials are the lines of a request that say who sent it.
type credentials struct {
	authorization, cookie []string
	room                  [2]string // for one line of each, as almost every request has
}

// keep sets the credentials to those of h. It copies the lines, because the header can
// change later; the lines themselves cannot. A value that keeps credentials must not be
// copied.
func (c *credentials) keep(h http.Header) {
	c.authorization = append(c.room[0:0:1], h["Authorization"]...)
	c.cookie = append(c.room[1:1:2], h["Cookie"]...)
}

// sentBy reports whether h has these lines, in this order, and no others.
func (c *credentials) sentBy(h http.Header) bool {
	return slices.Equal(c.authorization, h["Authorization"]) && slices.Equal(c.cookie, h["Cookie"])
}
