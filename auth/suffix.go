package auth

import (
	"regexp"
	"strings"
)

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
