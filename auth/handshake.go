package auth

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// maxRedirects is how many handshakes may follow each other before a browser counts as
// one that does not keep its cookies.
const maxRedirects = 3

const (
	// developmentSkew is the tolerated clock difference of a developer's machine for
	// the token of a handshake, which was made a moment ago.
	developmentSkew = 24 * time.Hour
	// maxOutcomeAge bounds the age of a handshake token that signs a browser out. Such
	// a token names no user, so an old one would sign out everybody who follows a link
	// with it. It also bounds how far in the future it may have been issued.
	maxOutcomeAge = 24 * time.Hour
)

// What keeps a response to one browser out of every cache: a handshake redirect has the
// value of Clerk's other SDKs, any other response one that also addresses shared
// caches.
const (
	handshakeRedirect = "no-store"
	privateResponse   = "private, no-store"
)

// redirectToHandshake redirects a page load to the frontend API, which sends the
// browser back with current cookies. Any other request is signed out for the same
// reason. The location replaces the frontend API's unless it is "".
func (c *cookieRequest) redirectToHandshake(rec *record, reason Reason, message, location string) {
	rec.signedOut(reason, message)
	if !loadsPage(c.Request) {
		return
	}
	if location == "" {
		location = c.handshakeURL(reason)
	}
	if location == "" {
		return
	}
	if c.redirects >= maxRedirects {
		c.a.warnings.once(c.Context(), redirectLoop)
		rec.loops = true
		return
	}
	rec.handshake = true
	rec.header = &http.Header{
		"Location":      {location},
		"Cache-Control": {handshakeRedirect},
		"Set-Cookie":    {"__clerk_redirect_count=" + strconv.FormatInt(c.redirects+1, 10) + "; SameSite=Lax; HttpOnly; Max-Age=2"},
	}
}

// loadsPage reports whether a browser requests a page, which it would show wherever a
// redirect leads.
func loadsPage(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "document", "iframe":
		return true
	case "":
		return strings.HasPrefix(r.Header.Get("Accept"), "text/html")
	default:
		return false
	}
}

// notReturned are the parameters that the URL to which a browser returns leaves out. An
// outcome in it would come back in front of the one that the browser is sent for.
var notReturned = []string{"__clerk_db_jwt", "__dev_session", "__clerk_handshake", "__clerk_handshake_nonce", "__clerk_help"}

// handshakeURL returns where the frontend API updates the cookies, or "" if the request
// does not say to which URL the browser should return.
func (c *cookieRequest) handshakeURL(reason Reason) string {
	own, ok := c.a.proxies.RequestURL(c.Request)
	if !ok {
		return ""
	}
	c.a.warnOfOrigin(c.Context(), own.Origin)
	query := weburl.Pairs{
		{Name: "redirect_url", Value: own.Without(notReturned...).String()},
		{Name: "__clerk_api_version", Value: clerk.APIVersion},
		{Name: "suffixed_cookies", Value: strconv.FormatBool(c.suffixed)},
		{Name: "__clerk_hs_reason", Value: string(reason)},
		{Name: "format", Value: "nonce"},
	}
	if c.presented != "" && !(c.a.production() && c.a.frontend.host == "" && isPlainHTTP(own.Origin)) {
		query = query.Add("__session", c.presented)
	}
	if !c.a.production() && c.devBrowser != "" {
		query = query.Add("__clerk_db_jwt", c.devBrowser)
	}
	if target, found := c.a.organizations.target(own.Path); found {
		query = query.Add("organization_id", target.idOrSlug())
	}
	return c.a.frontend.handshakeEndpoint(own.Origin) + "?" + query.Encode()
}

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
