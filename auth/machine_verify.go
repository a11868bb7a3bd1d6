package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/backend-sdk/clerk-go/auth/internal/outbound"
	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/oauth"
)

// machine is a verified token other than a session token. It never changes.
type machine struct {
	kind                        TokenType
	id, subject, name, clientID string
	scopes                      []string
	claims                      json.RawMessage // of an opaque token; may be nil
	jwt                         *Claims         // nil for an opaque token
	actor                       *Actor          // who uses an OAuth token on the user's behalf; nil if nobody else does
	expires                     time.Time       // zero if it does not expire
}

// machineVerifier verifies machine tokens. It keeps no result but that a token was
// refused, so revoking an opaque token takes effect at once.
type machineVerifier struct {
	client   *clerk.Client
	key      *string   // of this machine, replacing the client's; a pointer hides it from package fmt
	audience []string  // of which a machine's JWT must name one; none allows all
	resource []string  // of which an OAuth token must; none allows all
	unbound  bool      // whether an OAuth token may name none
	tokens   *verifier // of JWTs
	opaque   *clerkCalls[*machine]
}

func newMachineVerifier(client *clerk.Client, c *config, keys keySource, known *knownTokens) *machineVerifier {
	// The session options, except the issuer, do not apply to machines.
	tokens := &verifier{keys: keys, now: c.now, skew: c.skew, issuer: c.issuer, known: known}
	opaque := newClerkCalls[*machine](verificationCalls, verificationTimeout, c)
	opaque.refusals = newRefusals()
	return &machineVerifier{
		client: client, key: c.machineKey, tokens: tokens, opaque: opaque,
		audience: c.machineAudience, resource: c.oauthAudience(), unbound: c.resource != nil && c.resource.unbound,
	}
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
	found := &machine{kind: APIKey, id: k.ID, subject: k.Subject, name: k.Name, scopes: k.Scopes, claims: attached(k.Claims), expires: timeOf(k.Expiration)}
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
	found := &machine{kind: M2MToken, id: t.ID, subject: t.Subject, scopes: t.Scopes, claims: attached(t.Claims), expires: timeOf(t.Expiration)}
	return found.unless(t.Revoked, t.Expired)
}

// verifiedOAuthToken is what Clerk says of an OAuth token. Unlike the model of package
// api, it has no fields for aud and act, which qualified reads from Raw.
type verifiedOAuthToken struct {
	Raw        json.RawMessage  `json:"-" clerk:"raw"`
	ID         string           `json:"id"`
	ClientID   *string          `json:"client_id"`
	Subject    *string          `json:"subject"`
	Scopes     []string         `json:"scopes"`
	Revoked    *bool            `json:"revoked"`
	Expired    *bool            `json:"expired"`
	Expiration *clerk.Timestamp `json:"expiration"`
	Active     *bool            `json:"active"`
}

func (m *machineVerifier) oauthToken(ctx context.Context, token string, opts []clerk.CallOption) (*machine, error) {
	t, err := clerk.Call[verifiedOAuthToken](ctx, m.client, clerk.Request{
		Operation: "auth.VerifyOAuthAccessToken", Method: http.MethodPost, Path: "/oauth_applications/access_tokens/verify",
		Body: oauth.VerifyOAuthAccessTokenParams{AccessToken: clerk.Set(token)},
	}, opts...)
	if err != nil {
		return nil, verificationError(err, "no such OAuth token")
	}
	if t.Active != nil && !*t.Active {
		return nil, refuseFor(ReasonTokenInvalid, "no longer active")
	}
	found, err := (&machine{
		kind: OAuthToken, id: t.ID, subject: clerk.Value(t.Subject), clientID: clerk.Value(t.ClientID), scopes: t.Scopes, expires: timeOf(t.Expiration),
	}).unless(clerk.Value(t.Revoked), clerk.Value(t.Expired))
	if err != nil {
		return nil, err
	}
	return m.qualified(found, t.Raw)
}

// qualified adds for whom and on whose behalf an OAuth token is used. Both are read from
// the response itself, where a malformed audience is not the same as none, and a member
// that is there twice is an error.
func (m *machineVerifier) qualified(found *machine, response json.RawMessage) (*machine, error) {
	var aud, act strictjson.Value
	valid := strictjson.Object(string(response), func(name string, v strictjson.Value) {
		switch name {
		case "aud":
			aud = v
		case "act":
			act = v
		}
	})
	if !valid {
		return nil, fmt.Errorf("%w: the response of Clerk can be read in two ways", ErrVerificationUnavailable)
	}
	if aud.Kind == 'n' { // An API writes null for what is not there.
		aud = strictjson.Value{}
	}
	if err := m.checkAudience(OAuthToken, aud); err != nil {
		return nil, err
	}
	found.actor = newActor(act)
	return found, nil
}

// checkAudience refuses a token that does not say that it is for this service, if the
// service says which tokens are.
func (m *machineVerifier) checkAudience(kind TokenType, aud strictjson.Value) error {
	allowed := m.audience
	if kind == OAuthToken {
		allowed = m.resource
	}
	if len(allowed) == 0 || kind == OAuthToken && m.unbound && aud.Kind == 0 {
		return nil
	}
	named, ok := audiences(aud)
	if ok && slices.ContainsFunc(named, func(a string) bool { return slices.Contains(allowed, a) }) && !hasEmpty(aud) {
		return nil
	}
	return m.tokens.refuseMismatch(ReasonTokenVerificationFailed, "aud", named, allowed)
}

// hasEmpty reports whether a list has an element that is empty.
func hasEmpty(list strictjson.Value) (found bool) {
	if list.Kind == '[' {
		strictjson.List(list.Text, func(v strictjson.Value) { found = found || v.Text == "" })
	}
	return found
}

// timeOf returns the zero time for a token that does not expire.
func timeOf(t *clerk.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time()
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
