package auth

import (
	"context"
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

// handshakeURL returns where the frontend API updates the cookies, or "" if the request
// does not say to which URL the browser should return.
func (c *cookieRequest) handshakeURL(reason Reason) string {
	own, ok := c.a.proxies.RequestURL(c.Request)
	if !ok {
		return ""
	}
	query := weburl.Pairs{
		{Name: "redirect_url", Value: own.Without("__clerk_db_jwt", "__dev_session").String()},
		{Name: "__clerk_api_version", Value: clerk.APIVersion},
		{Name: "suffixed_cookies", Value: strconv.FormatBool(c.suffixed)},
		{Name: "__clerk_hs_reason", Value: string(reason)},
		{Name: "format", Value: "nonce"},
	}
	if c.presented != "" {
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
// sent along, as a signed token or under a nonce. It reports whether that decided. The
// error says that the token belongs to another instance, which in development means
// mixed-up keys.
func (c *cookieRequest) finishHandshake(rec *record) (decided bool, err error) {
	nonce, token := c.handshakeOutcome()
	if nonce == "" && token == "" || !c.comesFromHandshake() || !c.mayUseCookies() {
		return false, nil
	}
	var directives []string
	recent := true // Clerk returns the cookies of a nonce once, and only for a short time.
	if nonce != "" {
		directives, rec.err = c.a.fetchHandshake(c.Context(), nonce)
	} else {
		var issued numericDate
		if directives, issued, err = c.a.tokens.handshakeDirectives(c.Context(), token); err != nil {
			return c.refuseHandshake(rec, err)
		}
		recent = issued.within(maxOutcomeAge, c.a.tokens.now())
	}
	lines, session := adoptCookies(directives)
	header := c.afterHandshake(lines)
	if session == "" {
		if !recent {
			c.a.warnings.once(c.Context(), handshakeOutdated)
			return false, nil
		}
		c.recordCaller(rec, "", nil, &header)
		return true, nil
	}
	claims, err := c.handshakenSession(session)
	if err != nil {
		return c.distrust(rec, err), nil
	}
	c.recordCaller(rec, session, claims, &header)
	return true, nil
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

// handshakeOutcome returns the nonce or the token. Both may come in the query, where
// anybody who gets a user to follow a link can put them.
func (c *cookieRequest) handshakeOutcome() (nonce, token string) {
	if !c.a.handshakeCookiesOnly || !c.a.production() {
		nonce, _ = weburl.QueryValue(c.query, "__clerk_handshake_nonce")
		token, _ = weburl.QueryValue(c.query, "__clerk_handshake")
	}
	if nonce == "" {
		nonce = c.jar.plain[cookieHandshakeNonce].value
	}
	if token == "" {
		token = c.jar.plain[cookieHandshake].value
	}
	return nonce, token
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

// handshakenSession verifies the session token that a handshake delivered.
func (c *cookieRequest) handshakenSession(token string) (*Claims, error) {
	claims, err := c.a.tokens.cookieSession(c.Context(), token)
	var refused *TokenError
	if c.a.production() || !errors.As(err, &refused) {
		return claims, err
	}
	switch refused.Reason {
	case ReasonTokenExpired, ReasonTokenNotActiveYet, ReasonTokenIATInTheFuture:
		c.a.warnOfRefusal(c.Context(), refused, true)
		patient := *c.a.tokens
		patient.skew = developmentSkew
		return patient.cookieSession(c.Context(), token)
	default:
		return nil, err
	}
}

// refuseHandshake decides about a handshake token that did not verify.
func (c *cookieRequest) refuseHandshake(rec *record, err error) (decided bool, _ error) {
	var refused *TokenError
	if !c.a.production() && errors.As(err, &refused) {
		if refused.Reason == ReasonTokenInvalidSignature {
			return true, misconfigured(errors.New("a handshake token is signed by another instance: after a change of keys, clear the cookies of this host"))
		}
		return true, misconfigured(fmt.Errorf("a handshake token was refused: %s", refused.message("")))
	}
	return c.distrust(rec, err), nil
}

// distrust continues without the handshake, unless nothing at all can be verified now.
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

// fetchHandshake fetches the cookies of a handshake. A nonce that Clerk does not know
// has none; an error says that Clerk could not be reached.
func (a *Authenticator) fetchHandshake(ctx context.Context, nonce string) ([]string, error) {
	switch {
	case a.client == nil:
		return nil, ErrNoClient
	case len(nonce) > maxTokenLength:
		return nil, nil // No nonce is that long, so Clerk need not be called.
	}
	payload, err := askClerk[handshakePayload](ctx, a, clerk.Request{
		Operation: "auth.GetHandshakePayload", Method: http.MethodGet, Path: "/clients/handshake_payload",
		Query: clerk.Query{"nonce": nonce},
	})
	if err == nil {
		return payload.Directives, nil
	}
	a.warnings.once(ctx, payloadUnavailable, cause(err))
	if clerk.HasCode(err, "clerk_key_invalid") {
		return nil, fmt.Errorf("%w: %w", ErrSecretKey, err)
	}
	var answer *clerk.Error
	if errors.As(err, &answer) && answer.StatusCode < 500 && answer.StatusCode != http.StatusTooManyRequests {
		return nil, nil
	}
	return nil, fmt.Errorf("%w: the cookies of a handshake could not be fetched: %w", ErrVerificationUnavailable, err)
}
