package auth

import (
	"context"
	"errors"
	"net/http"
)

// Authenticate finds out who sent r and writes no response. A token in the
// Authorization header decides alone, whatever its type. Without one the cookies of
// this instance decide, if session tokens are accepted. A page load that could get a
// session by a redirect to Clerk's frontend API has the status [StatusHandshake]; an
// expired token is refreshed if the browser may do that. An error wraps
// [ErrConfiguration]; everything about the request, and an outage, is in the state.
func (a *Authenticator) Authenticate(r *http.Request) (*State, error) {
	rec := newRecord(a)
	if err := a.authenticate(r, rec); err != nil {
		return nil, err
	}
	return newState(rec), nil
}

func (a *Authenticator) authenticate(r *http.Request, rec *record) error {
	switch {
	case !a.ready():
		return ErrConfiguration
	case r == nil:
		return misconfigured(errors.New("the request is nil"))
	}
	if err := a.checkSatellite(r); err != nil {
		return err
	}
	rec.tokenType = a.accepted.only()
	if err := a.decideRequest(r, rec); err != nil {
		return err
	}
	if rec.unexplained() {
		a.reportRefusal(r, rec)
	}
	return nil
}

// decideRequest records whose token or cookies the request has.
func (a *Authenticator) decideRequest(r *http.Request, rec *record) error {
	token, ambiguous := headerToken(r.Header)
	switch {
	case ambiguous:
		rec.signedOut(ReasonTokenInvalid, "the request has several Authorization headers")
	case token != "":
		a.authenticateHeader(r, token, rec)
	case !a.accepted.has(SessionToken):
		a.withoutToken(rec)
	case a.cookies:
		rec.tokenType = SessionToken
		return a.authenticateCookies(r, rec)
	default:
		rec.tokenType = SessionToken
		rec.signedOut(ReasonSessionTokenAndUATMissing, "")
	}
	return nil
}

// withoutToken decides for an endpoint that accepts only machine tokens, which come in
// the header alone.
func (a *Authenticator) withoutToken(rec *record) {
	if rec.tokenType == "" {
		rec.signedOut(ReasonTokenTypeMismatch, "")
	} else {
		rec.signedOut(ReasonNoTokenInHeader, "")
	}
}

func (a *Authenticator) authenticateHeader(r *http.Request, token string, rec *record) {
	err := a.decide(r.Context(), token, a.accepted, rec)
	if err == nil {
		return
	}
	rec.fail(err, carrierHeader)
	a.warnOfRefusal(r.Context(), rec.refused, false)
	switch {
	case rec.tokenType == SessionToken:
		a.renewHeader(r, token, rec)
	case rec.err != nil && opaqueType(token) == "":
		// A machine's JWT that cannot be verified has one reason, whatever the cause.
		rec.reason = ReasonTokenVerificationFailed
	}
}

// decide verifies a token of an accepted type, which the Authenticator accepts too, and
// records who it belongs to. It records the token's type in any case: "" if several are
// accepted and it is none of them.
func (a *Authenticator) decide(ctx context.Context, token string, accepted tokenTypes, rec *record) error {
	if accepted == a.accepted && accepted == sessionTokens {
		claims, err := a.tokens.session(ctx, token)
		if err == nil {
			rec.signedIn(token, claims)
		}
		return err
	}
	p := formOf(token, a.tokens.known)
	switch {
	case token == "":
		return p.err
	case !a.accepted.has(p.kind):
		return refuseFor(ReasonTokenTypeMismatch, notAccepted(p.kind))
	case !accepted.has(p.kind):
		return refuseFor(ReasonTokenTypeMismatch, notAcceptedHere(p.kind))
	}
	rec.tokenType = p.kind
	if p.kind != SessionToken {
		if p.err != nil {
			rec.tokenType = M2MToken // as Clerk's other SDKs call every token that they cannot read
		}
		m, err := a.machines.verifyToken(ctx, p)
		if err == nil {
			rec.machineSignedIn(token, m)
		}
		return err
	}
	if p.err != nil {
		return p.err
	}
	claims, err := a.tokens.parsedSession(ctx, &p.jwt, source{})
	if err == nil {
		rec.signedIn(token, claims)
	}
	return err
}

// VerifyToken verifies a session token that did not come with an HTTP request. It
// refuses what [Authenticator.Middleware] would not call a signed-in session: machine
// and template tokens with a [*TokenError], a pending session with [ErrPending].
// [ErrKeysUnavailable], [ErrSecretKey] and errors of ctx say nothing about the token.
func (a *Authenticator) VerifyToken(ctx context.Context, token string) (*Claims, error) {
	switch {
	case !a.ready():
		return nil, ErrConfiguration
	case ctx == nil:
		return nil, errNoContext
	case !a.accepted.has(SessionToken):
		return nil, refuseFor(ReasonTokenTypeMismatch, notAccepted(SessionToken))
	}
	claims, err := a.tokens.session(ctx, token)
	if err != nil {
		a.reportRefusedToken(ctx, SessionToken, err)
		return nil, err
	}
	if claims.Status() == sessionPending {
		return nil, ErrPending
	}
	return claims, nil
}

// AuthenticateToken authenticates a token that did not come with an HTTP request, for a
// gRPC interceptor or the consumer of a queue; [NewContext] carries the result on. It
// takes session tokens as [Authenticator.VerifyToken] does, or with [Accepts] the types
// that both it and [WithAcceptedTokens] name. A token of any other type is refused with
// a [*TokenError], and not sent to Clerk, and so is an empty one. A pending session is
// refused with [ErrPending] unless opts contain [AllowPending]. All these are
// [ErrUnauthenticated]. A machine token may have to be verified with Clerk;
// [ErrVerificationUnavailable] and [ErrNoClient] say nothing about the token either. With
// an error the Auth is nil.
func (a *Authenticator) AuthenticateToken(ctx context.Context, token string, opts ...AuthOption) (*Auth, error) {
	switch {
	case !a.ready():
		return nil, ErrConfiguration
	case ctx == nil:
		return nil, errNoContext
	}
	n := newAuthOptions(opts)
	n.stated, n.types = true, n.accepted()&a.accepted
	rec := newRecord(a)
	rec.tokenType = n.types.only()
	if err := a.decide(ctx, token, n.types, rec); err != nil {
		a.reportRefusedToken(ctx, rec.tokenType, err)
		return nil, err
	}
	if rec.pending() && !n.pending {
		return nil, ErrPending
	}
	return newAuth(rec, n), nil
}
