package auth

import (
	"errors"
	"fmt"
)

// ErrKeysUnavailable says that the signing keys could not be had, so that nothing is
// known about the token: the key endpoint is down, too slow, or answers nonsense. The
// cause is wrapped beside it. A service answers 503, not 401.
var ErrKeysUnavailable = errors.New("auth: signing keys are not available")

// ErrVerificationUnavailable says that Clerk could not be asked about a machine's token,
// or about the outcome of a handshake, so that nothing is known about it: the endpoint is
// down, too slow, limits the rate or answers nonsense, or too many calls are under way.
// The cause is wrapped beside it. A service answers 503, not 401.
var ErrVerificationUnavailable = errors.New("auth: the token cannot be verified at the moment")

// ErrSecretKey says that Clerk refused the secret key with which the signing keys, a
// machine's token or a handshake were asked about. It is a mistake in the configuration,
// never in the token.
var ErrSecretKey = errors.New("auth: the secret key was refused")

// Reason tells in one fixed word why a token or a request was not accepted. The values
// are the ones that Clerk's other backend SDKs report.
type Reason string

// What can be wrong with a token.
const (
	ReasonTokenExpired                  Reason = "token-expired"
	ReasonTokenInvalid                  Reason = "token-invalid"
	ReasonTokenInvalidAlgorithm         Reason = "token-invalid-algorithm"
	ReasonTokenInvalidAuthorizedParties Reason = "token-invalid-authorized-parties"
	ReasonTokenInvalidSignature         Reason = "token-invalid-signature"
	ReasonTokenNotActiveYet             Reason = "token-not-active-yet"
	ReasonTokenIATInTheFuture           Reason = "token-iat-in-the-future"
	ReasonTokenVerificationFailed       Reason = "token-verification-failed"
)

// What can be wrong with the keys that a token is verified with.
const (
	ReasonSecretKeyInvalid      Reason = "secret-key-invalid"
	ReasonJWKRemoteFailedToLoad Reason = "jwk-remote-failed-to-load"
	ReasonJWKKidMismatch        Reason = "jwk-kid-mismatch"
)

// What can be said of a request as a whole. ReasonSessionTokenExpired stands only in
// front of a tail that tells why the token could not be refreshed either.
const (
	ReasonClientUATButNoSessionToken     Reason = "client-uat-but-no-session-token"
	ReasonDevBrowserMissing              Reason = "dev-browser-missing"
	ReasonDevBrowserSync                 Reason = "dev-browser-sync"
	ReasonPrimaryRespondsToSyncing       Reason = "primary-responds-to-syncing"
	ReasonPrimaryDomainCrossOriginSync   Reason = "primary-domain-cross-origin-sync"
	ReasonSatelliteNeedsSyncing          Reason = "satellite-needs-syncing"
	ReasonSessionTokenAndUATMissing      Reason = "session-token-and-uat-missing"
	ReasonSessionTokenMissing            Reason = "session-token-missing"
	ReasonSessionTokenExpired            Reason = "session-token-expired"
	ReasonSessionTokenIATBeforeClientUAT Reason = "session-token-iat-before-client-uat"
	ReasonSessionTokenNBF                Reason = "session-token-nbf"
	ReasonSessionTokenIATInTheFuture     Reason = "session-token-iat-in-the-future"
	ReasonSessionTokenButNoClientUAT     Reason = "session-token-but-no-client-uat"
	ReasonActiveOrganizationMismatch     Reason = "active-organization-mismatch"
	ReasonTokenTypeMismatch              Reason = "token-type-mismatch"
	ReasonCrossOriginRequest             Reason = "cross-origin-request"
	ReasonUnexpectedError                Reason = "unexpected-error"
	ReasonNoTokenInHeader                Reason = "No token in header"
)

// TokenError says why a token was refused. Its text never holds the token, a claim's
// value or a key id, so it may be logged and sent to the client.
type TokenError struct {
	// Reason is the fixed word for the refusal.
	Reason Reason

	cause error
}

// Error gives the refusal in one line, with the reason.
func (e *TokenError) Error() string {
	return "auth: " + e.message("")
}

// Unwrap gives what was found wrong in particular, or nil when the reason says it all.
func (e *TokenError) Unwrap() error {
	return e.cause
}

// message is Error without the package's name, as it stands in response headers. The
// carrier is where the request held the token, and "" where that is not told.
func (e *TokenError) message(carrier string) string {
	text := e.finding() + " (reason=" + string(e.Reason)
	if carrier != "" {
		text += ", token-carrier=" + carrier
	}
	return text + ")"
}

// finding tells what is wrong, without the reason's word.
func (e *TokenError) finding() string {
	text, ok := refusals[e.Reason]
	if !ok {
		text = "the token was refused"
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// refusals holds no value taken from a token: what a stranger sent must not reach a log.
var refusals = map[Reason]string{
	ReasonTokenExpired:                  "the token has expired",
	ReasonTokenInvalid:                  "this is no valid token",
	ReasonTokenInvalidAlgorithm:         "the token is not signed with RS256, RS384 or RS512",
	ReasonTokenInvalidAuthorizedParties: "the token was issued to a party that is not authorized",
	ReasonTokenInvalidSignature:         "the signature does not match",
	ReasonTokenNotActiveYet:             "the token is not valid yet",
	ReasonTokenIATInTheFuture:           "the token was issued in the future, so a clock is wrong",
	ReasonTokenVerificationFailed:       "the token does not hold what it must",
	ReasonTokenTypeMismatch:             "a token of this kind is not accepted here",
	ReasonUnexpectedError:               "the token was not accepted",
	ReasonJWKKidMismatch:                "the token names a key that this instance does not have",
}

func refuse(reason Reason) *TokenError {
	return &TokenError{Reason: reason}
}

func refuseFor(reason Reason, detail string) *TokenError {
	return &TokenError{Reason: reason, cause: errors.New(detail)}
}

// ErrConfiguration says that an Authenticator cannot work as it was set up. It is
// the only kind of error that [New] and [Authenticator.Authenticate] return.
var ErrConfiguration = errors.New("auth: misconfigured")

func misconfigured(err error) error {
	return fmt.Errorf("%w: %w", ErrConfiguration, err)
}

// ErrPending says that a session exists but its user has a task left, such as
// choosing an organization, before it counts as signed in.
var ErrPending = errors.New("auth: the session is pending")

var errNoContext = errors.New("auth: no context")

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

var (
	errTooManyWaiting = errors.New("too many requests are waiting for them")
	errSlowEndpoint   = errors.New("the endpoint is still failing")
)

var errTooManyAsking = errors.New("too many calls are in flight")

// Where the request held its token.
const (
	carrierHeader = "header"
	carrierCookie = "cookie"
)
