package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
)

// Why an expired token is not refreshed, in addition to the codes of Clerk's errors.
const (
	refreshNotGet         = "non-eligible-non-get"
	refreshNoCookie       = "non-eligible-no-refresh-cookie"
	refreshNoClient       = "missing-api-client"
	refreshNoSession      = "expired-session-token-missing-sid-claim"
	refreshNotFetched     = "fetch-error"
	refreshUncoded        = "unexpected-bapi-error"
	refreshUnexpected     = "unexpected-sdk-error"
	refreshTokenDoubtful  = "invalid-session-token"
	refreshTransportError = "unexpected_error" // the code with which other SDKs report a lost connection
)

// renewHeader handles a refusal of the header's token.
func (a *Authenticator) renewHeader(r *http.Request, token string, rec *record) {
	if !a.cookies || !renewable(rec.reason) {
		rec.reason = renewing(rec.reason, r.Method, refreshNoCookie)
		return
	}
	c := a.readCookieRequest(r)
	if c.presented == "" {
		c.presented = token
	}
	// The refresh cookie belongs to the session cookie, so it does not apply to a token
	// of the header.
	c.redirectToHandshake(rec, renewing(rec.reason, r.Method, refreshNoCookie), rec.message, "")
}

// renew handles a refusal of the session cookie's token. If the refusal is that it has
// expired, its claims were verified.
func (c *cookieRequest) renew(rec *record, old *Claims) {
	if !renewable(rec.reason) {
		return
	}
	failure := refreshNoCookie
	if rec.reason == ReasonTokenExpired && c.Method == http.MethodGet && c.jar.suffixed[cookieRefresh].value != "" {
		if !c.mayUseCookies() {
			c.refuseCrossOrigin(rec)
			return
		}
		if failure = c.refresh(rec, old); failure == "" {
			return
		}
	}
	c.redirectToHandshake(rec, renewing(rec.reason, c.Method, failure), rec.message, "")
}

// renewable reports whether a token is only expired or not active yet, so that a
// browser that loads a page can get a better one.
func renewable(reason Reason) bool {
	return reason == ReasonTokenExpired || reason == ReasonTokenNotActiveYet || reason == ReasonTokenIATInTheFuture
}

// renewing returns the reason of a request for the reason of its token.
func renewing(reason Reason, method, refreshFailure string) Reason {
	switch reason {
	case ReasonTokenExpired:
		if method != http.MethodGet {
			refreshFailure = refreshNotGet
		}
		return ReasonSessionTokenExpired + "-refresh-" + Reason(refreshFailure)
	case ReasonTokenNotActiveYet:
		return ReasonSessionTokenNBF
	case ReasonTokenIATInTheFuture:
		return ReasonSessionTokenIATInTheFuture
	default:
		return reason
	}
}

// refresh exchanges the expired token for a new one, and returns the reason if that
// fails.
func (c *cookieRequest) refresh(rec *record, old *Claims) (failure string) {
	switch {
	case c.a.client == nil:
		return refreshNoClient
	case old.sessionID == "":
		return refreshNoSession
	}
	answer, err := askClerk[refreshAnswer](c.Context(), c.a, c.refreshRequest(old.sessionID))
	if err != nil {
		return refreshFailure(err)
	}
	lines, token := adoptCookies(answer.Cookies)
	if len(lines) == 0 {
		return refreshUnexpected
	}
	claims, err := c.a.tokens.cookieSession(c.Context(), token)
	if err != nil {
		return refreshTokenDoubtful
	}
	c.recordCaller(rec, token, claims, &http.Header{"Cache-Control": {privateResponse}, "Set-Cookie": lines})
	return ""
}

type refreshAnswer struct {
	Cookies []string `json:"cookies"`
}

type refreshBody struct {
	Format         string              `json:"format"`
	ExpiredToken   string              `json:"expired_token"`
	RefreshToken   string              `json:"refresh_token"`
	RequestOrigin  string              `json:"request_origin"`
	RequestHeaders map[string][]string `json:"request_headers"`
}

func (c *cookieRequest) refreshRequest(sessionID string) clerk.Request {
	req := clerk.Request{
		Operation: "auth.RefreshSession", Method: http.MethodPost, Path: "/sessions/{session_id}/refresh", IDs: []string{sessionID},
		Body: refreshBody{
			Format: "cookie", ExpiredToken: c.sessionToken, RefreshToken: c.jar.suffixed[cookieRefresh].value,
			RequestOrigin: c.a.proxies.RequestOrigin(c.Request).String(), RequestHeaders: c.reportedHeaders(),
		},
	}
	if c.suffixed {
		req.Query = clerk.Query{"suffixed_cookies": true}
	}
	return req
}

// reportedHeaders returns the headers that Clerk compares with those of the request
// that began the session: no credentials but its own.
func (c *cookieRequest) reportedHeaders() map[string][]string {
	reported := make(map[string][]string, len(c.Header)+1)
	if c.Host != "" {
		reported["host"] = []string{c.Host}
	}
	for name, values := range c.Header {
		switch name {
		case "Authorization", "Proxy-Authorization":
		case "Cookie":
			if line := ownCookies(values, c.a.publishable.suffix); line != "" {
				reported["cookie"] = []string{line}
			}
		default:
			reported[strings.ToLower(name)] = []string{strings.Join(values, ", ")}
		}
	}
	return reported
}

// refreshFailure returns in a word why the call failed.
func refreshFailure(err error) string {
	var answer *clerk.Error
	var refused *clerk.RequestError
	var unread *clerk.DecodeError
	switch {
	case errors.As(err, &refused):
		return refreshUnexpected
	case errors.As(err, &unread) && !isBrokenJSON(unread.Body):
		return refreshUnexpected
	case !errors.As(err, &answer):
		return refreshNotFetched
	case len(answer.Problems) == 0 && isBrokenJSON(answer.Body):
		return refreshNotFetched
	case len(answer.Problems) == 0:
		return refreshUncoded
	case answer.Problems[0].Code == "":
		return refreshUnexpected
	case answer.Problems[0].Code == refreshTransportError:
		return refreshNotFetched
	default:
		return answer.Problems[0].Code
	}
}

// isBrokenJSON distinguishes a truncated or mangled response from a page of whatever
// stands in front of the API.
func isBrokenJSON(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) > 0 && (body[0] == '{' || body[0] == '[') && !json.Valid(body)
}
