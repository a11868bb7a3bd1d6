package auth

import (
	"crypto/rsa"
	"encoding/base64"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// maxTokenLength bounds the tokens that are read at all; browsers send no longer ones.
const maxTokenLength = 16 << 10

// The token categories that one instance key signs, in the header parameter cat. A
// token of an instance that opted out has categoryIgnore, and an old one has no
// category.
const (
	categorySession  = "cl_B7d4PD111AAA"
	categoryTemplate = "cl_B7d4PD222AAA"
	categoryM2M      = "cl_B7d4PD333AAA"
	categoryIgnore   = "cl_I7d4PD111III"
)

// header is the protected header of a token. A parameter that is absent is "". One that
// is empty or not a string is its JSON text, which equals no valid value.
type header struct {
	alg, kid, typ, cat string
	critical           bool
}

// unverifiedToken is the content of a token. None of it may be trusted; it routes a
// request and refuses early, and is never passed to the caller.
type unverifiedToken struct {
	header
	iss      string // "" when falsy; JSON text if not a string
	sub      string // "" if not a string
	iat, exp int64  // seconds; 0 if not a number

	token  string
	signed int // length of the part of token that is signed
	claims *Claims

	// What is known of accepted tokens: the header, and the key that verified the
	// signature of this very token. Both may be nil.
	knownHeader *header
	signer      *rsa.PublicKey
	generation  uint64 // of what is known, before any key was looked for
}

// parseToken reads token without verifying anything; known may be nil. Its error is a
// *TokenError with [ReasonTokenInvalid].
func parseToken(token string, known *knownTokens) (u unverifiedToken, err error) {
	u.token = token
	if !known.recall(&u) {
		err = u.decode(known)
	}
	return u, err
}

// decode reads a token that is not known.
func (u *unverifiedToken) decode(known *knownTokens) error {
	token := u.token
	u.generation = known.generation()
	if len(token) > maxTokenLength {
		return refuseFor(ReasonTokenInvalid, "too long")
	}
	first, last := strings.IndexByte(token, '.'), strings.LastIndexByte(token, '.')
	if first < 0 || first == last || strings.IndexByte(token[first+1:last], '.') >= 0 {
		return refuseFor(ReasonTokenInvalid, seeming(token, "not three parts"))
	}
	u.signed = last
	var ok bool
	if u.knownHeader = known.headerOf(token[:first]); u.knownHeader != nil {
		u.header = *u.knownHeader
	} else if u.header, ok = decodeHeader(token[:first]); !ok {
		return refuseFor(ReasonTokenInvalid, seeming(token, "malformed header"))
	}
	if u.critical {
		return refuseFor(ReasonTokenInvalid, "the header requires an extension")
	}
	var buf [maxTokenLength / 4]byte
	payload, ok := decodeSegment(buf[:0], token[first+1:last])
	if !ok {
		return refuseFor(ReasonTokenInvalid, "malformed payload")
	}
	claims, ok := decodeClaims(string(payload))
	if !ok {
		return refuseFor(ReasonTokenInvalid, "malformed payload")
	}
	if _, ok = decodeSegment(buf[:0], token[last+1:]); !ok {
		return refuseFor(ReasonTokenInvalid, "malformed signature")
	}
	u.setClaims(claims)
	return nil
}

func (u *unverifiedToken) setClaims(c *Claims) {
	u.claims, u.sub, u.iat, u.exp = c, c.subject, c.issuedAt.seconds, c.expiresAt.seconds
	if c.issuer.Truthy() {
		u.iss = c.issuer.Text
	}
}

// strict refuses encodings of the same token that differ in unused bits.
var strict = base64.RawURLEncoding.Strict()

// decodeSegment appends the content of segment, base64 with or without padding.
func decodeSegment(dst []byte, segment string) ([]byte, bool) {
	segment = strings.TrimRight(segment, "=")
	out, err := strict.AppendDecode(dst, []byte(segment))
	// The decoder skips line breaks, which are not in the alphabet.
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
			// A key ID that is not a string names no key.
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

// nonSessionCategory reports whether a token with this category is not a session token.
// That includes categories that do not exist yet.
func nonSessionCategory(cat string) bool {
	return cat != "" && cat != categorySession && cat != categoryIgnore
}

// isMachineJWT reports whether u is a token of a machine or an OAuth application.
func isMachineJWT(u *unverifiedToken) bool {
	return isM2MJWT(u) || isOAuthJWT(u)
}

func isM2MJWT(u *unverifiedToken) bool { return strings.HasPrefix(u.sub, "mch_") }

func isOAuthJWT(u *unverifiedToken) bool { return u.typ == "at+jwt" || u.typ == "application/at+jwt" }

// isJWTShaped reports whether token is three non-empty groups of base64url characters.
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

// UnverifiedAs verifies nothing. It decodes the claims of a token that the program got
// from [Auth.GetToken] and hands on, for example to know when it expires, and must never
// decide who somebody is. What a request presents is read with [ClaimsAs]. The token is
// read as strictly as others; the error for one that is not a JWT is a [*TokenError].
func UnverifiedAs[T any](token string) (T, error) {
	var own, zero T
	u, err := parseToken(token, nil)
	if err == nil {
		err = u.claims.Decode(&own)
	}
	if err != nil {
		return zero, err
	}
	return own, nil
}
