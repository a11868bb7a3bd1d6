package auth

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// cookieRequest is what authentication reads of a request that a browser may have sent.
type cookieRequest struct {
	*http.Request
	a            *Authenticator
	jar          *cookies
	suffixed     bool   // which cookies of the jar count
	sessionToken string // of the session cookie
	presented    string // that token, or without one the token of the header
	devBrowser   string
	uat          int64 // when the client's sessions last changed, seconds; 0 for no session
	redirects    int64 // handshakes just before this one
	query        string
	synced       string
	gate         gate
}

func (a *Authenticator) production() bool {
	return a.publishable.instanceType == clerk.Production
}

func (a *Authenticator) readCookieRequest(r *http.Request) *cookieRequest {
	jar := readCookies(r.Header, a.publishable.suffix)
	c := &cookieRequest{Request: r, a: a, jar: jar, suffixed: a.useSuffixed(jar)}
	set := &jar.plain
	if c.suffixed {
		set = &jar.suffixed
	}
	c.sessionToken = set[cookieSession].value
	c.presented = sendable(c.sessionToken)
	c.uat = leadingInteger(set[cookieClientUAT].value)
	c.redirects = max(leadingInteger(jar.plain[cookieRedirectCount].value), 0)
	target, _, _ := strings.Cut(weburl.RequestTarget(r), "#")
	_, c.query, _ = strings.Cut(target, "?")
	c.devBrowser, _ = weburl.QueryValue(c.query, "__clerk_db_jwt")
	if c.devBrowser == "" {
		c.devBrowser = set[cookieDevBrowser].value
	}
	c.devBrowser = sendable(c.devBrowser)
	c.synced, _ = weburl.QueryValue(c.query, "__clerk_synced")
	return c
}

// sendable gives a token that may stand in a URL, and "" for one that is longer
// than any that Clerk issues.
func sendable(token string) string {
	if len(token) > maxTokenLength {
		return ""
	}
	return token
}

// useSuffixed decides which set of cookies belongs to this instance. Instances
// on one host share the plain names, and older frontends wrote only those, so
// what the tokens say of themselves decides; nothing is verified here.
func (a *Authenticator) useSuffixed(c *cookies) bool {
	session, suffixedSession := c.plain[cookieSession].value, c.suffixed[cookieSession].value
	uat, suffixedUAT := c.plain[cookieClientUAT].value, c.suffixed[cookieClientUAT].value
	plain := peek(session)
	if session != "" && plain.issuer == "" {
		return false
	}
	if session != "" && !a.issues(plain) {
		return true
	}
	if suffixedUAT == "" && suffixedSession == "" {
		return false
	}
	suffixed := peek(suffixedSession)
	if suffixedUAT != "0" && uat != "0" && plain.iat > suffixed.iat {
		return false
	}
	if suffixedUAT == "0" && uat != "0" {
		return false
	}
	if !a.production() && suffixedUAT != "0" && uat == "0" && suffixed.expires && suffixed.exp <= a.tokens.now().Unix() {
		return false
	}
	return suffixedUAT != "" || suffixedSession == ""
}

// glance is what a cookie's token says of itself; zero for one that cannot be read.
type glance struct {
	issuer   string
	iat, exp int64
	expires  bool
}

func peek(token string) glance {
	if token == "" {
		return glance{}
	}
	u, err := parseToken(token, nil)
	if err != nil {
		return glance{}
	}
	return glance{issuer: u.iss, iat: u.iat, exp: u.exp, expires: u.claims.expiresAt.state == dateValid}
}

// issues reports whether the token names this instance's frontend API.
func (a *Authenticator) issues(token glance) bool {
	return withoutSchemes(token.issuer) == a.issuerHost
}

var schemes = regexp.MustCompile(`(?i)https?://`)

// withoutSchemes leaves out http:// and https:// wherever they stand, in any case.
func withoutSchemes(issuer string) string {
	host := strings.TrimPrefix(issuer, "https://")
	if strings.Contains(host, "://") {
		return schemes.ReplaceAllString(host, "")
	}
	return host
}

// askTimeout bounds one call to Clerk that a page load waits for.
const askTimeout = 3 * time.Second

// askClerk makes one call, with no second try: the browser has one more way, the
// redirect to the frontend API.
func askClerk[T any](ctx context.Context, a *Authenticator, req clerk.Request) (*T, error) {
	select {
	case a.asking <- struct{}{}:
		defer func() { <-a.asking }()
	default:
		return nil, errTooManyAsking
	}
	return clerk.Call[T](ctx, a.client, req, clerk.WithTimeout(askTimeout), clerk.WithMaxRetries(0))
}
