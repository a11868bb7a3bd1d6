package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/outbound"
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
	var outage error
	if rec.reason == ReasonTokenExpired && c.Method == http.MethodGet && c.jar.suffixed[cookieRefresh].value != "" {
		if !c.mayUseCookies() {
			c.refuseCrossOrigin(rec)
			return
		}
		if failure, outage = c.refresh(rec, old); failure == "" {
			return
		}
	}
	c.redirectToHandshake(rec, renewing(rec.reason, c.Method, failure), rec.message, "")
	if !rec.handshake {
		rec.err = outage
	}
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

// refresh exchanges the expired token for a new one. If that fails, it returns the reason
// and, if nothing is known about the session then, the cause.
func (c *cookieRequest) refresh(rec *record, old *Claims) (failure string, outage error) {
	switch {
	case c.a.client == nil:
		return refreshNoClient, nil
	case old.sessionID == "":
		return refreshNoSession, nil
	}
	answer, err := c.askForRefresh(old.sessionID)
	if err != nil {
		if what, _ := outcomeOf(err); what == refused {
			return refreshFailure(err), nil
		}
		return refreshFailure(err), err
	}
	lines, token := adoptCookies(answer.Cookies)
	if len(lines) == 0 {
		return refreshUnexpected, nil
	}
	claims, err := c.a.tokens.cookieSession(c.Context(), token, c.mayNameNoParty())
	var bad *TokenError
	switch {
	case errors.As(err, &bad):
		return refreshTokenDoubtful, nil
	case err != nil:
		return refreshTokenDoubtful, err
	}
	c.recordCaller(rec, token, claims, &http.Header{"Cache-Control": {privateResponse}, "Set-Cookie": lines})
	return "", nil
}

// askForRefresh makes one call for all requests that a browser sends with one expired
// cookie at once.
func (c *cookieRequest) askForRefresh(sessionID string) (refreshAnswer, error) {
	body := c.refreshBody()
	key := outbound.KeyOf(sessionID, body.RefreshToken, body.ExpiredToken, body.RequestOrigin, strconv.FormatBool(c.suffixed),
		strings.Join(c.Header["User-Agent"], "\n"), strings.Join(c.Header["X-Forwarded-For"], "\n"))
	encoded, err := json.Marshal(body) // a copy of all strings, which may be the request's only
	if err != nil {
		return refreshAnswer{}, err
	}
	req := clerk.Request{
		Operation: "auth.RefreshSession", Method: http.MethodPost, Path: "/sessions/{session_id}/refresh",
		IDs: []string{strings.Clone(sessionID)}, Body: json.RawMessage(encoded),
	}
	if c.suffixed {
		req.Query = clerk.Query{"suffixed_cookies": true}
	}
	client := c.a.client
	return c.a.refreshes.ask(c.Context(), key, func(ctx context.Context, opts ...clerk.CallOption) (refreshAnswer, error) {
		answer, err := clerk.Call[refreshAnswer](ctx, client, req, opts...)
		return clerk.Value(answer), err
	})
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

func (c *cookieRequest) refreshBody() refreshBody {
	return refreshBody{
		Format: "cookie", ExpiredToken: c.sessionToken, RefreshToken: c.jar.suffixed[cookieRefresh].value,
		RequestOrigin: c.a.proxies.RequestOrigin(c.Request).String(), RequestHeaders: c.reportedHeaders(),
	}
}

// reported are the headers that a refresh tells Clerk, which compares them with those of
// the request that began the session: what a browser says of itself, and what proxies
// say of where it is. Any other header may be a credential for somebody else.
var reported = []string{
	"Origin", "Referer", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Dnt", "Sec-Gpc", "Forwarded",
	"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Real-Ip", "True-Client-Ip",
	"Cf-Connecting-Ip", "Cf-Ipcountry", "Cloudfront-Forwarded-Proto", "Cloudfront-Viewer-Address",
}

var reportedPrefixes = []string{"Sec-Ch-Ua", "Sec-Fetch-", "X-Clerk-"}

func isReported(name string) bool {
	return slices.Contains(reported, name) || slices.ContainsFunc(reportedPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// reportedHeaders returns the headers that Clerk is told, and of the cookies its own.
func (c *cookieRequest) reportedHeaders() map[string][]string {
	told := make(map[string][]string)
	if c.Host != "" {
		told["host"] = []string{c.Host}
	}
	if line := ownCookies(c.Header["Cookie"], c.a.publishable.suffix); line != "" {
		told["cookie"] = []string{line}
	}
	for name, values := range c.Header {
		if isReported(name) {
			told[strings.ToLower(name)] = []string{strings.Join(values, ", ")}
		}
	}
	return told
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
