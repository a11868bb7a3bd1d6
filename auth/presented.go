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

// formOf returns the type of a token by its form. A token without a machine's form
// counts as a session token.
func formOf(token string, known *knownTokens) tokenForm {
	p := tokenForm{token: token, kind: SessionToken}
	if kind := opaqueType(token); kind != "" {
		p.kind, p.opaque = kind, !isJWTShaped(token)
		if !p.opaque {
			// No header of a JWT starts like that, and no opaque token looks like a
			// JWT.
			p.err = refuseFor(ReasonTokenInvalid, "looks like a JWT but is not one")
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

// opaqueType returns the type of a token's prefix, or "" without one.
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

// seeming says what was presented in place of a JWT, if its beginning tells, and
// otherwise what is wrong with it.
func seeming(token, wrong string) string {
	scheme, _, spaced := strings.Cut(token, " ")
	kind := opaqueType(token)
	switch {
	case token == "":
		return "the token is empty"
	case spaced && strings.EqualFold(scheme, "Bearer"):
		return "the scheme Bearer is still in front of the token"
	case strings.HasPrefix(token, "sk_"), strings.HasPrefix(token, "pk_"):
		return "this is a key of the instance, and not a token"
	case kind != "":
		return notAccepted(kind)
	default:
		return wrong
	}
}

// otherKind says what a JWT is that is not a session token.
func otherKind(u unverifiedToken) string {
	switch {
	case isM2MJWT(u):
		return notAccepted(M2MToken)
	case isOAuthJWT(u):
		return notAccepted(OAuthToken)
	case u.cat == categoryTemplate:
		return "it is made from a JWT template, which only WithTemplateTokens accepts, and only in the Authorization header"
	default:
		return "its category is not that of a session token"
	}
}

// notFromCookie says what a JWT is that a cookie may not have.
func notFromCookie(u unverifiedToken) string {
	if isMachineJWT(u) {
		return "it is a machine's, and a cookie may only have a session's"
	}
	return otherKind(u)
}

// notAccepted says that the service takes no tokens of a type.
func notAccepted(kind TokenType) string {
	return "it is of type " + string(kind) + ", which only WithAcceptedTokens accepts"
}

// notAcceptedHere says that a call takes no tokens of a type, although the service does.
func notAcceptedHere(kind TokenType) string {
	return "it is of type " + string(kind) + ", which this call takes only with Accepts"
}

// headerToken returns the token of the Authorization header. A header with another
// scheme has none, so cookies are read next; a value without a scheme is a token.
// Several headers have no order and are reported as ambiguous.
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
