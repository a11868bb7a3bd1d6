package auth

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The cookies that authentication reads.
const (
	cookieSession = iota
	cookieClientUAT
	cookieDevBrowser
	cookieRefresh
	cookieRedirectCount
	cookieHandshake
	cookieHandshakeNonce
	cookieNames
)

// cookieValue is "" for an absent cookie and for an empty one. Only readCookies
// distinguishes them, because the first of several counts even if it is empty.
type cookieValue struct {
	value string
	seen  bool
}

// cookies holds what one request sent, under the plain names and with the suffix of
// this instance. Cookies of other instances are never kept.
type cookies struct {
	plain    [cookieNames]cookieValue
	suffixed [cookieNames]cookieValue
}

// readCookies splits before it decodes: otherwise an escaped semicolon inside one
// cookie would start a second cookie.
func readCookies(h http.Header, suffix string) *cookies {
	c := new(cookies)
	eachCookie(h["Cookie"], func(_, name, value string) {
		if slot := c.slot(name, suffix); slot != nil && !slot.seen {
			*slot = cookieValue{value: decodeCookie(trimBlanks(value)), seen: true}
		}
	})
	return c
}

// eachCookie calls f with every cookie that could be one of Clerk's by its beginning and
// length, as it was sent, and with its name and value. There may be as many others as fit
// into a header.
func eachCookie(lines []string, f func(pair, name, value string)) {
	for _, line := range lines {
		for line != "" {
			var pair string
			pair, line, _ = strings.Cut(line, ";")
			pair = trimBlanks(pair)
			if len(pair) < len("__session=") || !strings.HasPrefix(pair, "__") {
				continue
			}
			if name, value, found := strings.Cut(pair, "="); found {
				f(pair, trimBlanks(name), value)
			}
		}
	}
}

// trimBlanks is strings.Trim for blanks and tabs, at a fraction of its price.
func trimBlanks(text string) string {
	for text != "" && (text[0] == ' ' || text[0] == '\t') {
		text = text[1:]
	}
	for text != "" && (text[len(text)-1] == ' ' || text[len(text)-1] == '\t') {
		text = text[:len(text)-1]
	}
	return text
}

func (c *cookies) slot(name, suffix string) *cookieValue {
	if i := cookieIndex(name); i >= 0 {
		return &c.plain[i]
	}
	base, found := strings.CutSuffix(name, suffix)
	if !found || suffix == "" {
		return nil
	}
	base, found = strings.CutSuffix(base, "_")
	if i := cookieIndex(base); found && i >= 0 {
		return &c.suffixed[i]
	}
	return nil
}

func cookieIndex(name string) int {
	switch name {
	case "__session":
		return cookieSession
	case "__client_uat":
		return cookieClientUAT
	case "__clerk_db_jwt":
		return cookieDevBrowser
	case "__refresh":
		return cookieRefresh
	case "__clerk_redirect_count":
		return cookieRedirectCount
	case "__clerk_handshake":
		return cookieHandshake
	case "__clerk_handshake_nonce":
		return cookieHandshakeNonce
	default:
		return -1
	}
}

// decodeCookie resolves percent escapes. A value with a broken escape, or whose result
// is not valid UTF-8, is kept as it is, and so is one that is too long however much of
// it is escapes.
func decodeCookie(value string) string {
	if len(value) > 3*maxTokenLength || !strings.Contains(value, "%") {
		return value
	}
	decoded, err := url.PathUnescape(value)
	if err != nil || !utf8.ValidString(decoded) {
		return value
	}
	return decoded
}

// leadingInteger returns the integer at the start of text, saturated, or 0 without one.
func leadingInteger(text string) int64 {
	text = strings.TrimLeft(text, " \t\r\n")
	digits, negative := strings.CutPrefix(text, "-")
	if !negative {
		digits = strings.TrimPrefix(text, "+")
	}
	const limit = 1 << 53
	var n int64
	for i := 0; i < len(digits) && digits[i] >= '0' && digits[i] <= '9' && n < limit; i++ {
		n = min(n*10+int64(digits[i]-'0'), limit)
	}
	if negative {
		return -n
	}
	return n
}

// adoptCookies returns the Set-Cookie lines for the cookies that Clerk wants set, and
// the session token among them: the value of the last cookie whose name starts like the
// session's. A line that could become two is left out.
func adoptCookies(directives []string) (lines []string, session string) {
	for _, directive := range directives {
		if strings.ContainsFunc(directive, unicode.IsControl) {
			continue
		}
		lines = append(lines, directive)
		pair, _, _ := strings.Cut(directive, ";")
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "__session") {
			session, _, _ = strings.Cut(value, "=")
		}
	}
	return lines, session
}

// ownCookies returns a Cookie line with only the cookies of this instance.
func ownCookies(lines []string, suffix string) string {
	var own []string
	var scratch cookies
	eachCookie(lines, func(pair, name, _ string) {
		if scratch.slot(name, suffix) != nil {
			own = append(own, pair)
		}
	})
	return strings.Join(own, "; ")
}
