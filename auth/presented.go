package auth

import "strings"

// presented is what a token claims to be by its form. Nothing of it is verified.
type presented struct {
	token  string
	kind   TokenType
	opaque bool            // only Clerk can read it
	jwt    unverifiedToken // unless it is opaque or err is set
	err    error           // why it cannot be read as a JWT
}

// present tells of what type a token is. One that has no machine's form counts as
// a session's.
func present(token string, known *headerCache) presented {
	p := presented{token: token, kind: SessionToken}
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
