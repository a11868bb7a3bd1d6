package auth

import (
	"context"
	"errors"
	"net/http"
)

// ErrPending says that a session exists but its user has a task left, such as
// choosing an organization, before it counts as signed in.
var ErrPending = errors.New("auth: the session is pending")

// Authenticate finds out who sent r and writes no response. A token in the
// Authorization header decides alone; without one the cookies of this instance
// are asked. Where a browser could still get a session by a redirect to Clerk's
// frontend API, or by the refresh of an expired token, the state is signed out
// with the reason for that. An error wraps [ErrConfiguration]; anything about
// the request, and an outage, is in the state.
func (a *Authenticator) Authenticate(r *http.Request) (*State, error) {
	rec := new(record)
	if err := a.authenticate(r, rec); err != nil {
		return nil, err
	}
	return newState(rec), nil
}

func (a *Authenticator) authenticate(r *http.Request, rec *record) error {
	if !a.ready() {
		return ErrConfiguration
	}
	if err := a.checkSatellite(r); err != nil {
		return err
	}
	rec.owner = a
	token, ambiguous := headerToken(r.Header)
	switch {
	case ambiguous:
		rec.signedOut(ReasonTokenInvalid, "the request has several Authorization headers")
	case token != "":
		a.authenticateHeader(r, token, rec)
	case a.cookies:
		a.authenticateCookies(r, rec)
	default:
		rec.signedOut(ReasonSessionTokenAndUATMissing, "")
	}
	return nil
}

func (a *Authenticator) authenticateHeader(r *http.Request, token string, rec *record) {
	claims, err := a.session(r.Context(), token)
	if err == nil {
		rec.signedIn(token, claims)
		return
	}
	rec.fail(err, carrierHeader)
	// The refresh cookie belongs to the session cookie, so a token of the header has none.
	renewable(r, rec, noRefreshCookie)
}

func (a *Authenticator) session(ctx context.Context, token string) (*Claims, error) {
	claims, err := a.tokens.session(ctx, token)
	if err != nil && isMachineToken(token) {
		return nil, refuse(ReasonTokenTypeMismatch)
	}
	return claims, err
}

// VerifyToken verifies a session token that did not come with an HTTP request.
// It refuses what [Authenticator.Middleware] would not call signed in: tokens of
// machines and templates with a [*TokenError], a pending session with
// [ErrPending]. [ErrKeysUnavailable], [ErrSecretKey] and errors of ctx say
// nothing about the token.
func (a *Authenticator) VerifyToken(ctx context.Context, token string) (*Claims, error) {
	if !a.ready() {
		return nil, ErrConfiguration
	}
	claims, err := a.session(ctx, token)
	if err != nil {
		return nil, err
	}
	if claims.status == sessionPending {
		return nil, ErrPending
	}
	return claims, nil
}

// AuthenticateToken is [Authenticator.VerifyToken] for callers that want an
// [Auth], as a gRPC interceptor or the consumer of a queue does; [NewContext]
// hands it on. With an error the Auth is nil.
func (a *Authenticator) AuthenticateToken(ctx context.Context, token string) (*Auth, error) {
	claims, err := a.VerifyToken(ctx, token)
	if err != nil {
		return nil, err
	}
	rec := &record{owner: a}
	rec.signedIn(token, claims)
	return newAuth(rec, narrowing{}), nil
}
