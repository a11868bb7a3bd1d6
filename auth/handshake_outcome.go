package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/outbound"
	"github.com/backend-sdk/clerk-go/clerk"
)

const (
	// developmentSkew is the tolerated clock difference of a developer's machine for
	// the token of a handshake, which was made a moment ago.
	developmentSkew = 24 * time.Hour
	// maxOutcomeAge bounds the age of a handshake token that signs a browser out. Such
	// a token names no user, so an old one would sign out everybody who follows a link
	// with it. It also bounds how far in the future it may have been issued.
	maxOutcomeAge = 24 * time.Hour
)

// finishHandshake completes a handshake: it adopts the cookies that the frontend API
// sent along, under a nonce or as a signed token. An outcome that is not this
// instance's is passed over, so that one that somebody planted cannot hide the real
// one. finishHandshake reports whether one decided. The error says that there are only
// tokens of another instance, which in development means mixed-up keys.
func (c *cookieRequest) finishHandshake(rec *record) (decided bool, err error) {
	nonces, tokens := c.handshakeOutcomes()
	none := nonces == [2]string{} && tokens == [2]string{}
	if none || !c.comesFromHandshake() || !c.mayUseCookies() {
		return false, nil
	}
	for _, nonce := range nonces {
		if nonce == "" {
			continue
		}
		if known, decided := c.redeemNonce(rec, nonce); known || decided {
			return decided, nil
		}
	}
	own := false // whether a token is this instance's
	for _, token := range tokens {
		if token == "" {
			continue
		}
		directives, issued, refusal := c.a.tokens.handshakeDirectives(c.Context(), token)
		own = own || refusal == nil
		switch mistake := c.developerMistake(refusal); {
		case mistake != nil:
			err = mistake
		case refusal != nil && c.distrust(rec, refusal),
			refusal == nil && c.adoptOutcome(rec, directives, issued.within(maxOutcomeAge, c.a.tokens.now())):
			return true, nil
		}
	}
	if own {
		return false, nil
	}
	return err != nil, err
}

// comesFromHandshake reports whether the request can be the page load with which a
// browser returns from the frontend API. Scripts, images, forms and WebSockets cannot:
// a page of another origin could send them with an outcome of its own choice.
func (c *cookieRequest) comesFromHandshake() bool {
	if c.Method != http.MethodGet || len(c.Header["Upgrade"]) > 0 {
		return false
	}
	switch c.Header.Get("Sec-Fetch-Dest") {
	case "document", "iframe", "":
		return true
	default:
		return false
	}
}

// handshakeOutcomes returns the nonces and tokens of the query and of the cookies, in
// this order. Anybody who gets a user to follow a link can put them into the query.
func (c *cookieRequest) handshakeOutcomes() (nonces, tokens [2]string) {
	if !c.a.handshakeCookiesOnly || !c.a.production() {
		nonces[0] = c.parameters[parameterHandshakeNonce].Value
		tokens[0] = c.parameters[parameterHandshake].Value
	}
	nonces[1] = c.jar.plain[cookieHandshakeNonce].value
	tokens[1] = c.jar.plain[cookieHandshake].value
	return nonces, tokens
}

// adoptOutcome adopts the cookies of an outcome, and reports whether that decided. An
// outcome that signs the browser out must be recent.
func (c *cookieRequest) adoptOutcome(rec *record, directives []string, recent bool) (decided bool) {
	lines, session := adoptCookies(directives)
	header := c.afterHandshake(lines)
	if session == "" {
		if !recent {
			c.a.warnings.once(c.Context(), handshakeOutdated)
			return false
		}
		c.recordCaller(rec, "", nil, &header)
		return true
	}
	claims, err := c.handshakenSession(session)
	if err != nil {
		return c.distrust(rec, err)
	}
	c.recordCaller(rec, session, claims, &header)
	return true
}

// afterHandshake returns the header of the response. In development the browser is also
// redirected to the page again, without the parameters of the frontend API.
func (c *cookieRequest) afterHandshake(lines []string) http.Header {
	header := http.Header{"Cache-Control": {privateResponse}}
	if len(lines) > 0 {
		header["Set-Cookie"] = lines
	}
	if own, ok := c.a.proxies.RequestURL(c.Request); ok && !c.a.production() {
		clean := own.Without("__clerk_handshake", "__clerk_help", "__clerk_db_jwt", "__clerk_handshake_nonce")
		header["Location"] = []string{clean.String()}
		header["Cache-Control"] = []string{handshakeRedirect}
		// If a script followed a redirect to here, this ends it.
		header["Access-Control-Allow-Origin"] = []string{"null"}
		header["Access-Control-Allow-Credentials"] = []string{"true"}
	}
	return header
}

// handshakenSession verifies the session token that a handshake delivered. The way back
// from Clerk is never same-origin, so the request says nothing about a token that names
// no authorized party; Clerk made it for this browser.
func (c *cookieRequest) handshakenSession(token string) (*Claims, error) {
	claims, err := c.a.tokens.cookieSession(c.Context(), token, c.a.sameOriginSessions)
	var refused *TokenError
	if c.a.production() || !errors.As(err, &refused) {
		return claims, err
	}
	switch refused.Reason {
	case ReasonTokenExpired, ReasonTokenNotActiveYet, ReasonTokenIATInTheFuture:
		c.a.warnOfRefusal(c.Context(), refused, true)
		patient := *c.a.tokens
		patient.skew = developmentSkew
		return patient.cookieSession(c.Context(), token, c.a.sameOriginSessions)
	default:
		return nil, err
	}
}

// developerMistake returns why a handshake token did not verify, as an error of the
// configuration of a development instance. It returns nil in production.
func (c *cookieRequest) developerMistake(err error) error {
	var refused *TokenError
	switch {
	case c.a.production() || !errors.As(err, &refused):
		return nil
	case refused.Reason == ReasonTokenInvalidSignature:
		return misconfigured(errors.New("a handshake token is signed by another instance: after a change of keys, clear the cookies of this host"))
	default:
		return misconfigured(fmt.Errorf("a handshake token was refused: %s", refused.message("")))
	}
}

// distrust continues without an outcome, unless nothing at all can be verified now.
func (c *cookieRequest) distrust(rec *record, err error) (decided bool) {
	var refused *TokenError
	if !errors.As(err, &refused) {
		rec.fail(err, carrierCookie)
		return true
	}
	if !c.a.warnOfRefusal(c.Context(), refused, true) {
		c.a.warnings.once(c.Context(), handshakeRefused, cause(err))
	}
	return false
}

// handshakePayload is what Clerk returns for a nonce.
type handshakePayload struct {
	Directives []string `json:"directives"`
}

// newNonceCalls returns the calls for nonces. A nonce works once, so what Clerk returns
// for it is only for the request that brought it.
func newNonceCalls(c *config) *clerkCalls[handshakePayload] {
	calls := newClerkCalls[handshakePayload](nonceCalls, nonceTimeout, c)
	calls.once, calls.refusals = true, new(outbound.Refusals)
	return calls
}

// redeemNonce adopts the outcome that Clerk keeps under a nonce, and reports whether
// Clerk knows it and whether that decided. A nonce that Clerk does not know is passed
// over. One that Clerk cannot be asked about now leaves the request undecided, without
// the redirect that would take it out of the URL.
func (c *cookieRequest) redeemNonce(rec *record, nonce string) (known, decided bool) {
	if c.a.client == nil || len(nonce) > maxTokenLength {
		return false, false // No nonce is that long.
	}
	payload, err := c.a.fetchHandshake(c.Context(), strings.Clone(nonce))
	var unknown *TokenError
	switch {
	case err == nil:
		// Clerk returns the cookies of a nonce once, and only for a short time.
		return true, c.adoptOutcome(rec, payload.Directives, true)
	case errors.As(err, &unknown):
		return false, c.distrust(rec, err)
	default:
		rec.undecided(ReasonSessionTokenMissing, err)
		return false, true
	}
}

// fetchHandshake returns what Clerk keeps under a nonce. The error is a *TokenError for a
// nonce that Clerk does not know.
func (a *Authenticator) fetchHandshake(ctx context.Context, nonce string) (handshakePayload, error) {
	return a.nonces.ask(ctx, outbound.KeyOf(nonce), func(ctx context.Context, opts ...clerk.CallOption) (handshakePayload, error) {
		raw, err := clerk.Call[json.RawMessage](ctx, a.client, clerk.Request{
			Operation: "auth.GetHandshakePayload", Method: http.MethodGet, Path: "/clients/handshake_payload",
			Query: clerk.Query{"nonce": nonce},
		}, opts...)
		var payload handshakePayload
		switch {
		case err != nil:
		case len(*raw) == 0: // which is the zero result of other calls
			err = errors.New("the response of Clerk is empty")
		default:
			err = clerk.Decode(*raw, &payload)
		}
		err = a.nonces.sortFailure(err)
		if what, _ := outcomeOf(err); what == refused {
			err = refuseFor(ReasonTokenInvalid, "Clerk does not know the nonce")
		}
		return payload, err
	})
}
