package auth

import (
	"encoding/base64"
	"strings"
	"sync/atomic"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// maxTokenLength refuses what no browser would send before anything is read of it.
const maxTokenLength = 16 << 10

// The classes of tokens that one instance key signs, as the header parameter cat tells
// them apart. A token minted by an instance that opted out has categoryIgnore, and an
// old one has none.
const (
	categorySession  = "cl_B7d4PD111AAA"
	categoryTemplate = "cl_B7d4PD222AAA"
	categoryM2M      = "cl_B7d4PD333AAA"
	categoryIgnore   = "cl_I7d4PD111III"
)

// header is the protected header of a token. A parameter that is absent is ""; one that
// is empty or no string is its JSON text, which equals no valid value.
type header struct {
	alg, kid, typ, cat string
	critical           bool
}

// unverifiedToken is what a token says of itself. None of it may be believed; it serves
// to route a request and to refuse early, and is never handed to the caller.
type unverifiedToken struct {
	header
	iss      string // "" when falsy; JSON text when it is no string
	sub      string // "" when it is no string
	iat, exp int64  // seconds; 0 when they are no numbers

	token  string
	signed int // length of the part of token that is signed
	claims *Claims
	cached bool // the header is known from a token that was accepted
}

// parseToken reads token without verifying anything; known may be nil. Its error is a
// *TokenError with [ReasonTokenInvalid].
func parseToken(token string, known *headerCache) (unverifiedToken, error) {
	u := unverifiedToken{token: token}
	if len(token) > maxTokenLength {
		return u, refuseFor(ReasonTokenInvalid, "it is too long")
	}
	first, last := strings.IndexByte(token, '.'), strings.LastIndexByte(token, '.')
	if first < 0 || first == last || strings.IndexByte(token[first+1:last], '.') >= 0 {
		return u, refuseFor(ReasonTokenInvalid, "it does not have three parts")
	}
	u.signed = last
	if u.header, u.cached = known.get(token[:first]); !u.cached {
		var ok bool
		if u.header, ok = decodeHeader(token[:first]); !ok {
			return u, refuseFor(ReasonTokenInvalid, "the header is malformed")
		}
	}
	if u.critical {
		return u, refuseFor(ReasonTokenInvalid, "the header demands an extension")
	}
	var buf [maxTokenLength / 4]byte
	payload, ok := decodeSegment(buf[:0], token[first+1:last])
	if !ok {
		return u, refuseFor(ReasonTokenInvalid, "the payload is malformed")
	}
	if u.claims, ok = decodeClaims(string(payload)); !ok {
		return u, refuseFor(ReasonTokenInvalid, "the payload is malformed")
	}
	if _, ok = decodeSegment(buf[:0], token[last+1:]); !ok {
		return u, refuseFor(ReasonTokenInvalid, "the signature is malformed")
	}
	u.sub, u.iat, u.exp = u.claims.subject, u.claims.issuedAt.seconds, u.claims.expiresAt.seconds
	if u.claims.issuer.Truthy() {
		u.iss = u.claims.issuer.Text
	}
	return u, nil
}

// strict refuses the spellings of one token that differ in bits which no one reads.
var strict = base64.RawURLEncoding.Strict()

// decodeSegment appends what segment, base64 with or without padding, stands for.
func decodeSegment(dst []byte, segment string) ([]byte, bool) {
	segment = strings.TrimRight(segment, "=")
	out, err := strict.AppendDecode(dst, []byte(segment))
	// The decoder passes over line breaks, which are no part of the alphabet.
	return out, err == nil && len(out)-len(dst) == strict.DecodedLen(len(segment))
}

func decodeHeader(segment string) (header, bool) {
	var h header
	text, ok := decodeSegment(nil, segment)
	if !ok {
		return h, false
	}
	ok = strictjson.Object(string(text), func(name string, v strictjson.Value) {
		switch name {
		case "alg":
			h.alg = parameter(v)
		case "kid":
			// A key id that is no string names no key.
			h.kid = v.Str()
		case "typ":
			h.typ = parameter(v)
		case "cat":
			h.cat = parameter(v)
		case "crit":
			h.critical = true
		}
	})
	return h, ok
}

func parameter(v strictjson.Value) string {
	if v.Kind == '"' && v.Text == "" {
		return `""`
	}
	return v.Text
}

// nonSessionCategory tells that a token with this category is of another class than
// session tokens. Categories that do not exist yet are, too.
func nonSessionCategory(cat string) bool {
	return cat != "" && cat != categorySession && cat != categoryIgnore
}

// isMachineJWT tells that u is the token of a machine or of an OAuth application.
func isMachineJWT(u unverifiedToken) bool {
	return isM2MJWT(u) || isOAuthJWT(u)
}

func isM2MJWT(u unverifiedToken) bool { return strings.HasPrefix(u.sub, "mch_") }

func isOAuthJWT(u unverifiedToken) bool { return u.typ == "at+jwt" || u.typ == "application/at+jwt" }

// isJWTShaped tells that token is three non-empty groups of base64url characters.
func isJWTShaped(token string) bool {
	dots, group := 0, 0
	for _, c := range []byte(token) {
		switch {
		case c == '.':
			if group == 0 {
				return false
			}
			dots, group = dots+1, 0
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			group++
		default:
			return false
		}
	}
	return dots == 2 && group > 0
}

// headerCache keeps the header of the token that was accepted last. All tokens of a
// class that an instance issues have the same one, so it need not be decoded again.
type headerCache struct {
	last atomic.Pointer[cachedHeader]
}

type cachedHeader struct {
	segment string
	header  header
}

func (c *headerCache) get(segment string) (header, bool) {
	if c == nil {
		return header{}, false
	}
	if h := c.last.Load(); h != nil && h.segment == segment {
		return h.header, true
	}
	return header{}, false
}

// put keeps the header of u. Only accepted tokens may, so that nobody can fill the place
// with headers of their own.
func (c *headerCache) put(u unverifiedToken) {
	if c == nil || u.cached {
		return
	}
	segment, _, _ := strings.Cut(u.token, ".")
	c.last.Store(&cachedHeader{segment: strings.Clone(segment), header: u.header})
}
