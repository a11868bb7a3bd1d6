package auth

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// jwt verifies a machine's JWT without calling Clerk. Any failure except a wrong
// category has one reason, and the text says what it was.
func (m *machineVerifier) jwt(ctx context.Context, p tokenForm) (*machine, error) {
	if p.kind == M2MToken && p.jwt.cat != "" && p.jwt.cat != categoryM2M && p.jwt.cat != categoryIgnore {
		return nil, refuseFor(ReasonTokenInvalid, "not a machine token")
	}
	err := m.checkJWT(ctx, p)
	var refused *TokenError
	switch {
	case err == nil:
	case errors.As(err, &refused):
		return nil, &TokenError{
			Reason: ReasonTokenVerificationFailed, cause: errors.New(refused.finding()), claims: refused.claims, mismatch: refused.mismatch,
		}
	default:
		return nil, err
	}
	claims := p.jwt.claims
	made := &machine{kind: p.kind, id: claims.id, subject: claims.subject, jwt: claims, expires: claims.ExpiresAt()}
	made.scopes, made.clientID = scopesOf(p.kind, claims)
	if p.kind == OAuthToken {
		made.actor = claims.Actor()
	}
	return made, nil
}

func (m *machineVerifier) checkJWT(ctx context.Context, p tokenForm) error {
	// An OAuth token was recognized by its type in the first place.
	if p.kind == M2MToken && p.jwt.typ != "" && p.jwt.typ != "JWT" {
		return refuseFor(ReasonTokenInvalid, "wrong token type")
	}
	key, now, err := m.tokens.signed(ctx, &p.jwt)
	if err != nil {
		return err
	}
	claims := p.jwt.claims
	if err := m.tokens.checkParties(claims, false); err != nil {
		return refusedAs(claims, err)
	}
	if err := m.checkAudience(p.kind, claims.audience); err != nil {
		return refusedAs(claims, err)
	}
	if err := m.tokens.checkTimes(claims, now); err != nil {
		return refusedAs(claims, err)
	}
	m.tokens.keep(&p.jwt, key, now)
	return nil
}

// scopesOf reads what a verified machine JWT may be used for.
func scopesOf(kind TokenType, c *Claims) (scopes []string, clientID string) {
	var scope, plural, list strictjson.Value
	strictjson.Object(c.payload, func(name string, v strictjson.Value) {
		switch name {
		case "client_id":
			clientID = v.Str()
		case "scope":
			scope = v
		case "scopes":
			plural = v
		case "scp":
			list = v
		}
	})
	switch {
	case kind == M2MToken && plural.Kind == '"':
		return spaced(plural.Text), ""
	case kind == M2MToken:
		return c.Audience(), ""
	case list.Kind == '[':
		scopes, _ = strictjson.Strings(list.Text)
		return scopes, clientID
	default:
		return spaced(scope.Str()), clientID
	}
}

func spaced(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' })
}

// customClaims returns the claims of a JWT other than the registered ones.
func customClaims(c *Claims) json.RawMessage {
	var all map[string]json.RawMessage
	if err := c.Decode(&all); err != nil {
		return nil
	}
	for _, name := range [...]string{"iss", "sub", "exp", "nbf", "iat", "jti"} {
		delete(all, name)
	}
	if len(all) == 0 {
		return nil
	}
	// A map that was just decoded can be encoded.
	custom, _ := json.Marshal(all)
	return custom
}
