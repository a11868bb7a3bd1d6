package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/backend-sdk/clerk-go/auth/internal/outbound"
	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/oauth"
)

// machineVerifier verifies machine tokens. It keeps no result but that a token was
// refused, so revoking an opaque token takes effect at once.
type machineVerifier struct {
	client *clerk.Client
	key    *string   // of this machine, replacing the client's; a pointer hides it from package fmt
	tokens *verifier // of JWTs
	opaque *clerkCalls[*machine]
}

func newMachineVerifier(client *clerk.Client, c *config, keys keySource, known *knownTokens) *machineVerifier {
	// The session options, except the issuer, do not apply to machines.
	tokens := &verifier{keys: keys, now: c.now, skew: c.skew, issuer: c.issuer, audience: c.machineAudience, known: known}
	opaque := newClerkCalls[*machine](verificationCalls, verificationTimeout, c)
	opaque.refusals = new(outbound.Refusals)
	return &machineVerifier{client: client, key: c.machineKey, tokens: tokens, opaque: opaque}
}

// verifyToken verifies a token with Clerk or as a JWT, depending on its form. The error
// is a *TokenError, or says why nothing could be decided.
func (m *machineVerifier) verifyToken(ctx context.Context, p tokenForm) (*machine, error) {
	switch {
	case p.opaque:
		return m.remote(ctx, p)
	case p.err != nil:
		return nil, p.err
	case p.kind == M2MToken, p.kind == OAuthToken:
		return m.jwt(ctx, p)
	default:
		return nil, refuseFor(ReasonTokenVerificationFailed, "not a machine token")
	}
}

// remote verifies an opaque token with Clerk.
func (m *machineVerifier) remote(ctx context.Context, p tokenForm) (*machine, error) {
	switch {
	case len(p.token) > maxTokenLength:
		return nil, refuseFor(ReasonTokenInvalid, "too long")
	case !utf8.ValidString(p.token):
		return nil, refuseFor(ReasonTokenInvalid, "not valid UTF-8")
	case m.client == nil:
		return nil, ErrNoClient
	}
	verify := m.oauthToken
	switch p.kind {
	case APIKey:
		verify = m.apiKey
	case M2MToken:
		verify = m.m2mToken
	}
	token := strings.Clone(p.token) // the call may outlive the request
	return m.opaque.ask(ctx, outbound.KeyOf(token), func(ctx context.Context, opts ...clerk.CallOption) (*machine, error) {
		return verify(ctx, token, opts)
	})
}

func (m *machineVerifier) apiKey(ctx context.Context, secret string, opts []clerk.CallOption) (*machine, error) {
	k, err := machines.VerifyAPIKey(ctx, m.client, machines.VerifyAPIKeyParams{Secret: secret}, opts...)
	if err != nil {
		return nil, verificationError(err, "no such API key")
	}
	found := &machine{kind: APIKey, id: k.ID, subject: k.Subject, name: k.Name, scopes: k.Scopes, claims: attached(k.Claims)}
	return found.unless(k.Revoked, k.Expired)
}

func (m *machineVerifier) m2mToken(ctx context.Context, token string, opts []clerk.CallOption) (*machine, error) {
	if m.key != nil {
		opts = append(slices.Clone(opts), clerk.WithKey(*m.key))
	}
	t, err := machines.VerifyM2MToken(ctx, m.client, machines.VerifyM2MTokenParams{Token: token}, opts...)
	if err != nil {
		return nil, verificationError(err, "no such M2M token")
	}
	found := &machine{kind: M2MToken, id: t.ID, subject: t.Subject, scopes: t.Scopes, claims: attached(t.Claims)}
	return found.unless(t.Revoked, t.Expired)
}

func (m *machineVerifier) oauthToken(ctx context.Context, token string, opts []clerk.CallOption) (*machine, error) {
	t, err := oauth.VerifyOAuthAccessToken(ctx, m.client, oauth.VerifyOAuthAccessTokenParams{AccessToken: clerk.Set(token)}, opts...)
	if err != nil {
		return nil, verificationError(err, "no such OAuth token")
	}
	if t.Active != nil && !*t.Active {
		return nil, refuseFor(ReasonTokenInvalid, "no longer active")
	}
	found := &machine{kind: OAuthToken, id: t.ID, subject: orZero(t.Subject), clientID: orZero(t.ClientID), scopes: t.Scopes}
	return found.unless(orZero(t.Revoked), orZero(t.Expired))
}

// unless refuses a token that Clerk knows but no longer honors, and a response that
// names no token.
func (m *machine) unless(revoked, expired bool) (*machine, error) {
	switch {
	case revoked:
		return nil, refuseFor(ReasonTokenInvalid, "revoked")
	case expired:
		return nil, refuseFor(ReasonTokenInvalid, "expired")
	case m.id == "" || m.subject == "":
		return nil, fmt.Errorf("%w: the response of Clerk names no token", ErrVerificationUnavailable)
	default:
		return m, nil
	}
}

// verificationError separates a refusal of the token from a failed call.
func verificationError(err error, missing string) error {
	var answer *clerk.Error
	if !errors.As(err, &answer) {
		return fmt.Errorf("%w: %w", ErrVerificationUnavailable, err)
	}
	switch answer.StatusCode {
	case http.StatusNotFound:
		return refuseFor(ReasonTokenInvalid, missing)
	case http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity:
		return refuseFor(ReasonUnexpectedError, "refused by Clerk")
	case http.StatusUnauthorized:
		return fmt.Errorf("%w: %w", ErrSecretKey, err)
	default:
		return fmt.Errorf("%w: %w", ErrVerificationUnavailable, err)
	}
}

// attached returns the claims of a response, where null means none.
func attached(claims json.RawMessage) json.RawMessage {
	if text := strings.TrimSpace(string(claims)); text == "" || text == "null" {
		return nil
	}
	return claims
}

func orZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

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
		return nil, refuseFor(ReasonTokenVerificationFailed, refused.finding())
	default:
		return nil, err
	}
	made := &machine{kind: p.kind, id: p.jwt.claims.id, subject: p.jwt.claims.subject, jwt: p.jwt.claims}
	made.scopes, made.clientID = scopesOf(p.kind, p.jwt.claims)
	return made, nil
}

func (m *machineVerifier) checkJWT(ctx context.Context, p tokenForm) error {
	// An OAuth token was recognized by its type in the first place.
	if p.kind == M2MToken && p.jwt.typ != "" && p.jwt.typ != "JWT" {
		return refuseFor(ReasonTokenInvalid, "wrong token type")
	}
	key, err := m.tokens.signed(ctx, &p.jwt)
	if err != nil {
		return err
	}
	if err := m.tokens.checkParties(p.jwt.claims); err != nil {
		return err
	}
	now := m.tokens.now()
	if err := m.tokens.checkTimes(p.jwt.claims, now); err != nil {
		return err
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
