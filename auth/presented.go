package auth

import (
	"net/http"
	"strings"
)

// tokenForm is what a token claims to be by its form. Nothing of it is verified.
type tokenForm struct {
	token  string
	kind   TokenType
	opaque bool            // only Clerk can read it
	jwt    unverifiedToken // unless it is opaque or err is set
	err    error           // why it cannot be read as a JWT
}

// formOf tells of what type a token is. One that has no machine's form counts as
// a session's.
func formOf(token string, known *headerCache) tokenForm {
	p := tokenForm{token: token, kind: SessionToken}
	if kind := opaqueType(token); kind != "" {
		p.kind, p.opaque = kind, !isJWTShaped(token)
		if !p.opaque {
			// No header of a JWT begins like that, and no opaque token looks like a JWT.
			p.err = refuseFor(ReasonTokenInvalid, "it looks like a JWT and is none")
		}
		return p
	}
	p.jwt, p.err = parseToken(token, known)
	switch {
	case p.err != nil || !isMachineJWT(p.jwt) || !isJWTShaped(token):
	case isM2MJWT(p.jwt):
		p.kind = M2MToken
	default:
		p.kind = OAuthToken
	}
	return p
}

// opaqueType is the type that a token's prefix stands for, and "" for a token
// that has none.
func opaqueType(token string) TokenType {
	switch {
	case strings.HasPrefix(token, "mt_"):
		return M2MToken
	case strings.HasPrefix(token, "oat_"):
		return OAuthToken
	case strings.HasPrefix(token, "ak_"):
		return APIKey
	default:
		return ""
	}
}

// headerToken reads the token that the Authorization header carries. A header
// of another scheme carries none, so cookies are asked next; a value with no
// scheme is a token. Several headers cannot be ordered and are reported as
// ambiguous.
func headerToken(h http.Header) (token string, ambiguous bool) {
	values := h["Authorization"]
	if len(values) == 0 {
		return "", false
	}
	if len(values) > 1 {
		return "", true
	}
	scheme, rest, _ := strings.Cut(strings.Trim(values[0], " \t"), " ")
	rest, _, _ = strings.Cut(rest, " ")
	switch bearer := strings.EqualFold(scheme, "Bearer"); {
	case bearer:
		return rest, false
	case rest == "":
		return scheme, false
	default:
		return "", false
	}
}
