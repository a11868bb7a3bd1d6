package auth

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// The parameters of the query that authentication reads.
const (
	parameterDevBrowser = iota
	parameterSynced
	parameterRedirectURL
	parameterHandshake
	parameterHandshakeNonce
	parameters
)

var parameterNames = [parameters]string{
	parameterDevBrowser:     "__clerk_db_jwt",
	parameterSynced:         "__clerk_synced",
	parameterRedirectURL:    "__clerk_redirect_url",
	parameterHandshake:      "__clerk_handshake",
	parameterHandshakeNonce: "__clerk_handshake_nonce",
}

// cookieRequest is what authentication reads of a request that a browser may have sent.
type cookieRequest struct {
	*http.Request
	a            *Authenticator
	jar          *cookies
	suffixed     bool   // which cookies of the jar count
	sessionToken string // of the session cookie
	presented    string // the token for a handshake URL: that of the cookie, else of the header
	devBrowser   string
	uat          int64 // when the client's sessions last changed, in seconds; 0 without a session
	redirects    int64 // handshakes directly before this request
	parameters   [parameters]weburl.Parameter
	gate         gate
	asked        *question // for which the gate opened or shut; nil if it is always open
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
	weburl.ReadParameters(weburl.RequestQuery(r), parameterNames[:], c.parameters[:])
	c.devBrowser = c.parameters[parameterDevBrowser].Value
	if c.devBrowser == "" {
		c.devBrowser = set[cookieDevBrowser].value
	}
	c.devBrowser = sendable(c.devBrowser)
	a.warnOfIgnoredHeaders(r)
	return c
}

// sendable returns a token that may be put into a URL, or "" for one that is longer
// than any that Clerk issues.
func sendable(token string) string {
	if len(token) > maxTokenLength {
		return ""
	}
	return token
}

// useSuffixed decides which set of cookies belongs to this instance. Instances on one
// host share the plain names, and older frontends wrote only those, so the unverified
// claims of the tokens decide.
func (a *Authenticator) useSuffixed(c *cookies) bool {
	session, suffixedSession := c.plain[cookieSession].value, c.suffixed[cookieSession].value
	uat, suffixedUAT := c.plain[cookieClientUAT].value, c.suffixed[cookieClientUAT].value
	plain := a.peek(session)
	if session != "" && plain.issuer == "" {
		return false
	}
	if session != "" && !a.issues(plain) {
		return true
	}
	if suffixedUAT == "" && suffixedSession == "" {
		return false
	}
	suffixed := a.peek(suffixedSession)
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

// glance holds unverified claims of a cookie's token; it is zero if the token cannot be
// read.
type glance struct {
	issuer   string
	iat, exp int64
	expires  bool
}

func (a *Authenticator) peek(token string) glance {
	if token == "" {
		return glance{}
	}
	u, err := parseToken(token, a.tokens.known)
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

// withoutSchemes removes http:// and https:// in any case, wherever they occur.
func withoutSchemes(issuer string) string {
	host := strings.TrimPrefix(issuer, "https://")
	if strings.Contains(host, "://") {
		return schemes.ReplaceAllString(host, "")
	}
	return host
}
