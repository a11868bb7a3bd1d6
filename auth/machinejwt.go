package auth

import (
	"context"
	"errors"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// jwt verifies a machine's JWT without asking Clerk. Whatever is wrong but the
// category has one reason, and the text tells what it is.
func (m *machineVerifier) jwt(ctx context.Context, p presented) (*machine, error) {
	if p.kind == M2MToken && p.jwt.cat != "" && p.jwt.cat != categoryM2M && p.jwt.cat != categoryIgnore {
		return nil, refuseFor(ReasonTokenInvalid, "it is not a machine's")
	}
	err := m.checkJWT(ctx, p)
	var refused *TokenError
	switch {
	case err == nil:
	case errors.As(err, &refused):
		return nil, refuseFor(ReasonTokenVerificationFailed, refused.finding())
	default:
		return nil, err
	}
	made := &machine{kind: p.kind, id: p.jwt.claims.id, subject: p.jwt.claims.subject, jwt: p.jwt.claims}
	made.scopes, made.clientID = scopesOf(p.kind, p.jwt.claims)
	return made, nil
}

func (m *machineVerifier) checkJWT(ctx context.Context, p presented) error {
	// An OAuth token was known by its type in the first place.
	if p.kind == M2MToken && p.jwt.typ != "" && p.jwt.typ != "JWT" {
		return refuseFor(ReasonTokenInvalid, "it is of another type")
	}
	if err := m.tokens.signed(ctx, p.jwt); err != nil {
		return err
	}
	if err := m.tokens.checkParties(p.jwt.claims); err != nil {
		return err
	}
	return m.tokens.checkTimes(p.jwt.claims)
}

// scopesOf reads what a verified machine's JWT says of its use.
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
