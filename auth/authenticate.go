package auth

import (
	"context"
	"errors"
	"net/http"
)

// Authenticate finds out who sent r and writes no response. A token in the
// Authorization header decides alone, whatever its type; without one the cookies
// of this instance are asked, where sessions are accepted. A page load that could
// get a session by a redirect to Clerk's frontend API has the status
// [StatusHandshake]; an expired token is refreshed where its browser may do that.
// An error wraps [ErrConfiguration]; anything about the request, and an outage, is
// in the state.
func (a *Authenticator) Authenticate(r *http.Request) (*State, error) {
	rec := new(record)
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
		return misconfigured(errors.New("there is no request"))
	}
	if err := a.checkSatellite(r); err != nil {
		return err
	}
	rec.owner, rec.tokenType = a, a.accepted.only()
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

// withoutToken answers for machines, whose tokens come in the header alone.
func (a *Authenticator) withoutToken(rec *record) {
	if rec.tokenType == "" {
		rec.signedOut(ReasonTokenTypeMismatch, "")
	} else {
		rec.signedOut(ReasonNoTokenInHeader, "")
	}
}

func (a *Authenticator) authenticateHeader(r *http.Request, token string, rec *record) {
	err := a.decide(r.Context(), token, rec)
	if err == nil {
		return
	}
	rec.fail(err, carrierHeader)
	switch {
	case rec.tokenType == SessionToken:
		a.renewHeader(r, token, rec)
	case rec.err != nil && opaqueType(token) == "":
		// Whatever keeps a machine's JWT from being verified has one reason.
		rec.reason = ReasonTokenVerificationFailed
	}
}

// decide verifies a token of an accepted type and records whom it stands for, and
// in any case what type it is of: "" for none of several that are accepted.
func (a *Authenticator) decide(ctx context.Context, token string, rec *record) error {
	if a.accepted == sessionTokens {
		claims, err := a.tokens.session(ctx, token)
		if err == nil {
			rec.signedIn(token, claims)
		}
		return err
	}
	p := formOf(token, a.tokens.headers)
	if !a.accepted.has(p.kind) {
		return refuse(ReasonTokenTypeMismatch)
	}
	rec.tokenType = p.kind
	if p.kind != SessionToken {
		if p.err != nil {
			rec.tokenType = M2MToken // which Clerk's other SDKs call all that they cannot read
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
	claims, err := a.tokens.parsedSession(ctx, p.jwt)
	if err == nil {
		rec.signedIn(token, claims)
	}
	return err
}

// VerifyToken verifies a session token that did not come with an HTTP request.
// It refuses what [Authenticator.Middleware] would not call a signed-in session:
// tokens of machines and templates with a [*TokenError], a pending session with
// [ErrPending]. [ErrKeysUnavailable], [ErrSecretKey] and errors of ctx say
// nothing about the token.
func (a *Authenticator) VerifyToken(ctx context.Context, token string) (*Claims, error) {
	switch {
	case !a.ready():
		return nil, ErrConfiguration
	case ctx == nil:
		return nil, errNoContext
	case !a.accepted.has(SessionToken):
		return nil, refuse(ReasonTokenTypeMismatch)
	}
	claims, err := a.tokens.session(ctx, token)
	if err != nil {
		return nil, err
	}
	if claims.status == sessionPending {
		return nil, ErrPending
	}
	return claims, nil
}

// AuthenticateToken decides about a token that did not come with an HTTP request,
// for a gRPC interceptor or the consumer of a queue; [NewContext] hands the Auth
// on. It takes the types that [WithAcceptedTokens] names and answers for session
// tokens as [Authenticator.VerifyToken] does. The Auth takes all those types,
// [FromContext] again sessions alone unless told otherwise. About a machine's
// token it may have to ask Clerk, and [ErrVerificationUnavailable] and
// [ErrNoClient] say nothing about the token either. With an error the Auth is nil.
func (a *Authenticator) AuthenticateToken(ctx context.Context, token string) (*Auth, error) {
	switch {
	case !a.ready():
		return nil, ErrConfiguration
	case ctx == nil:
		return nil, errNoContext
	}
	rec := &record{owner: a, tokenType: a.accepted.only()}
	if err := a.decide(ctx, token, rec); err != nil {
		return nil, err
	}
	if rec.pending() {
		return nil, ErrPending
	}
	return newAuth(rec, authOptions{stated: true, types: a.accepted}), nil
}
