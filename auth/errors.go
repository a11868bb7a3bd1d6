package auth

import (
	"errors"
	"fmt"
)

// Errors that say nothing about the caller. A service responds with 503 or 500, not
// with 401.
var (
	// ErrConfiguration reports that an Authenticator is misconfigured. It is the only
	// kind of error that [New] and [Authenticator.Authenticate] return.
	ErrConfiguration = errors.New("auth: misconfigured")
	// ErrKeysUnavailable reports that the signing keys could not be fetched, so nothing
	// is known about the token: the key endpoint is down, too slow, or its response is
	// not a key set. The cause is wrapped.
	ErrKeysUnavailable = errors.New("auth: signing keys are not available")
	// ErrVerificationUnavailable reports that Clerk could not verify a machine token,
	// return the outcome of a handshake or refresh a session, so nothing is known about
	// it: the endpoint is down, too slow, limits the rate or sends a response that does
	// not decode, or too many calls are under way. The cause is wrapped.
	ErrVerificationUnavailable = errors.New("auth: the token cannot be verified at the moment")
	// ErrSecretKey reports that Clerk refused the secret key with which the signing keys
	// were fetched, a machine token or a handshake verified, or a session refreshed. The
	// mistake is in the configuration, never in the token.
	ErrSecretKey = errors.New("auth: the secret key was refused")
	// ErrNoMiddleware reports that no Middleware or Require handled the request.
	ErrNoMiddleware = errors.New("auth: no Middleware or Require handled this request")
	// ErrNoClient reports that a call needs a client, and that [New] was given nil.
	ErrNoClient = errors.New("auth: no clerk.Client was configured")
)

// Errors that say why a caller has no session.
var (
	// ErrNotSignedIn reports that a call needs a signed-in session.
	ErrNotSignedIn = errors.New("auth: not signed in")
	// ErrPending reports that a session exists, but that its user has a task to
	// complete, such as choosing an organization, before it counts as signed in.
	// It wraps [ErrUnauthenticated].
	ErrPending = fmt.Errorf("%w: the session is pending", ErrUnauthenticated)
)

// The errors of [Authorize] and [Authenticator.AuthenticateToken], apart from those that say
// nothing about the caller.
var (
	// ErrUnauthenticated reports that nobody is signed in, or with a token of a type that
	// is not accepted. Every [*TokenError] is one.
	ErrUnauthenticated = errors.New("auth: not authenticated")
	// ErrForbidden reports that the caller does not meet a requirement.
	ErrForbidden = errors.New("auth: forbidden")
	// ErrReverification reports that the caller only has to verify their identity again.
	ErrReverification = errors.New("auth: reverification required")
)

// AuthorizationError says why a caller does not meet the requirements of [Authorize]. It
// wraps [ErrUnauthenticated], [ErrForbidden] or [ErrReverification].
type AuthorizationError struct {
	Reason  Reason // such as session-pending, or ""
	Message string // for people; it shows nothing of a token whose signature did not verify

	kind error
}

// Error returns the message after that of the wrapped error.
func (e *AuthorizationError) Error() string { return fmt.Sprintf("%v: %s", e.kind, e.Message) }

// Unwrap returns the error that says of which kind the refusal is.
func (e *AuthorizationError) Unwrap() error { return e.kind }

func misconfigured(err error) error {
	return fmt.Errorf("%w: %w", ErrConfiguration, err)
}

var errNoContext = errors.New("auth: the context is nil")

// Reason says in one fixed word why a token or a request was not accepted. The values
// are those of Clerk's other backend SDKs.
type Reason string

// Reasons that concern a token.
const (
	ReasonTokenExpired                  Reason = "token-expired"
	ReasonTokenInvalid                  Reason = "token-invalid"
	ReasonTokenInvalidAlgorithm         Reason = "token-invalid-algorithm"
	ReasonTokenInvalidAuthorizedParties Reason = "token-invalid-authorized-parties"
	ReasonTokenInvalidIssuer            Reason = "token-invalid-issuer"
	ReasonTokenInvalidSignature         Reason = "token-invalid-signature"
	ReasonTokenNotActiveYet             Reason = "token-not-active-yet"
	ReasonTokenIATInTheFuture           Reason = "token-iat-in-the-future"
	ReasonTokenVerificationFailed       Reason = "token-verification-failed"
)

// Reasons that concern the keys that verify tokens.
const (
	ReasonSecretKeyInvalid      Reason = "secret-key-invalid"
	ReasonJWKRemoteFailedToLoad Reason = "jwk-remote-failed-to-load"
	ReasonJWKKidMismatch        Reason = "jwk-kid-mismatch"
)

// Reasons that concern a request as a whole. ReasonSessionTokenExpired is always
// followed by a suffix that says why the token was not refreshed.
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
	ReasonSessionPending                 Reason = "session-pending"
	ReasonCrossOriginRequest             Reason = "cross-origin-request"
	ReasonUnexpectedError                Reason = "unexpected-error"
	ReasonNoTokenInHeader                Reason = "No token in header"
)

// TokenError reports why a token was refused. Its text never contains the token or a
// key ID, and nothing of a token whose signature did not verify, so it may be logged and
// sent to the client. If the signature verified, the text says by how many seconds the
// token is too old or too new, and in a development instance whom it was made for.
type TokenError struct {
	// Reason is the fixed word for the refusal.
	Reason Reason

	cause    error
	claims   *Claims   // nil unless the signature verified
	mismatch *mismatch // nil unless the token is meant for another service
}

// Error returns the refusal in one line, with the reason.
func (e *TokenError) Error() string {
	return "auth: " + e.message("")
}

// Unwrap returns the detail that was wrong, or nil if the reason says it all.
func (e *TokenError) Unwrap() error {
	return e.cause
}

// Is reports whether target is [ErrUnauthenticated].
func (e *TokenError) Is(target error) bool { return target == ErrUnauthenticated }

// message returns the text of Error without the package's name, for response headers.
// The carrier says where the request had the token; "" leaves that out.
func (e *TokenError) message(carrier string) string {
	text := e.finding() + " (reason=" + string(e.Reason)
	if carrier != "" {
		text += ", token-carrier=" + carrier
	}
	return text + ")"
}

// finding returns what is wrong, without the reason.
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

// refusals contains no value of a token: what a stranger sent must not reach a log.
var refusals = map[Reason]string{
	ReasonTokenExpired:                  "the token has expired",
	ReasonTokenInvalid:                  "the token is invalid",
	ReasonTokenInvalidAlgorithm:         "the token is not signed with RS256, RS384 or RS512",
	ReasonTokenInvalidAuthorizedParties: "the token was issued to a party that is not authorized",
	ReasonTokenInvalidIssuer:            "the token does not have the required issuer",
	ReasonTokenInvalidSignature:         "the signature does not match",
	ReasonTokenNotActiveYet:             "the token is not valid yet",
	ReasonTokenIATInTheFuture:           "the token was issued in the future",
	ReasonTokenVerificationFailed:       "a required claim is missing or invalid",
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

// refusedAs adds the claims of a token whose signature verified to the refusal of the
// token. Any other error is returned as it is.
func refusedAs(c *Claims, err error) error {
	var refused *TokenError
	if !errors.As(err, &refused) {
		return err
	}
	return &TokenError{Reason: refused.Reason, cause: refused.cause, claims: c, mismatch: refused.mismatch}
}

// Where the request had its token.
const (
	carrierHeader = "header"
	carrierCookie = "cookie"
)
