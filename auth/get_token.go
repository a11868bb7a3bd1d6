package auth

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/outbound"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/sessions"
)

// minTokenLife is the shortest lifetime of a token that Clerk makes.
const minTokenLife = 30 * time.Second

// TokenOption says which token [Auth.GetToken] returns.
type TokenOption func(*tokenRequest) error

type tokenRequest struct {
	template *string
	seconds  clerk.Optional[int]
	cached   bool
}

// Template requests a token made from the instance's JWT template of that name.
func Template(name string) TokenOption {
	return func(t *tokenRequest) error {
		t.template = &name
		return nil
	}
}

// ExpiresIn requests a new token with that lifetime: whole seconds, from 30 s to
// 315,360,000 s. For any other lifetime [Auth.GetToken] returns an error.
func ExpiresIn(life time.Duration) TokenOption {
	return func(t *tokenRequest) error {
		if life < minTokenLife || life > maxTokenLife || life%time.Second != 0 {
			return fmt.Errorf("auth: token lifetime %v is not whole seconds from %v to %v", life, minTokenLife, maxTokenLife)
		}
		t.seconds = clerk.Set(int(life / time.Second))
		return nil
	}
}

// Cached lets [Auth.GetToken] return a token that was made from the same [Template] before,
// with the same lifetime, for this session, its user and its active organization, instead
// of having a new one made on each call. A token is kept for a minute at most, and not in
// the last ten seconds before it expires. Changes of the user, of their role or of the
// template show in a token that is made later.
func Cached() TokenOption {
	return func(t *tokenRequest) error {
		t.cached = true
		return nil
	}
}

// GetToken returns a token of the signed-in session. Without options it is the token
// that the request was authenticated with; with [Template] or [ExpiresIn] Clerk makes a
// new one on each call, unless [Cached] is among the options. For a machine it is always the token that was presented. The
// errors are [ErrNotSignedIn] for a caller who is signed out, pending or whose token
// names no session, the error of [Auth.Err] if nothing could be decided, [ErrNoClient],
// and those of the call.
func (a *Auth) GetToken(ctx context.Context, opts ...TokenOption) (string, error) {
	var want tokenRequest
	for _, opt := range opts {
		if opt == nil {
			return "", errors.New("auth: a token option is nil")
		}
		if err := opt(&want); err != nil {
			return "", err
		}
	}
	if want.cached && want.template == nil {
		return "", errors.New("auth: only tokens from a Template can be Cached")
	}
	if a.machine() != nil {
		return a.record.secrets.token, nil
	}
	claims := a.sessionClaims()
	if claims == nil || claims.sessionID == "" {
		return "", a.refusal()
	}
	if want.template == nil && want.seconds.IsZero() {
		return a.record.secrets.token, nil
	}
	client := a.record.owner.client
	if client == nil {
		return "", ErrNoClient
	}
	if want.cached {
		return a.record.owner.templates.token(ctx, a.record.owner, want, claims)
	}
	return want.create(ctx, client, claims.sessionID)
}

func (t *tokenRequest) create(ctx context.Context, client *clerk.Client, sessionID string) (string, error) {
	var made *sessions.SessionToken
	var err error
	if t.template == nil {
		made, err = sessions.CreateSessionToken(ctx, client, sessionID,
			sessions.CreateSessionTokenParams{ExpiresInSeconds: t.seconds})
	} else {
		made, err = sessions.CreateSessionTokenFromTemplate(ctx, client, sessionID, *t.template,
			sessions.CreateSessionTokenFromTemplateParams{ExpiresInSeconds: t.seconds})
	}
	if err != nil {
		return "", err
	}
	if made.JWT == "" {
		return "", errors.New("auth: the response of Clerk has no token")
	}
	return made.JWT, nil
}

const (
	// templateTimeout bounds a call that several requests share, as a client bounds its
	// calls by default.
	templateTimeout = 30 * time.Second
	// How long tokens are kept: templateLife, but until templateMargin before they expire.
	templateLife   = time.Minute
	templateMargin = 10 * time.Second
	maxTemplates   = 10_000 // tokens that are kept
)

// templateTokens keeps tokens that were made from templates. Its calls have places of
// their own.
type templateTokens struct {
	calls *outbound.Calls[string]
	made  *outbound.Memory[string]
}

func newTemplateTokens() *templateTokens {
	// The client itself waits after a 429.
	never := func(error) (refused bool, pause time.Duration) { return false, 0 }
	return &templateTokens{calls: outbound.New[string](templateTimeout, never), made: outbound.NewMemory[string](maxTemplates)}
}

// token returns a token that is kept, or makes one for all callers who want the same.
func (t *templateTokens) token(ctx context.Context, a *Authenticator, want tokenRequest, claims *Claims) (string, error) {
	life, _ := want.seconds.Get()
	key := outbound.KeyOf(claims.sessionID, claims.subject, claims.OrganizationID(), *want.template, strconv.Itoa(life))
	if token, found := t.made.Recall(key, a.tokens.now()); found {
		return token, nil
	}
	// The call may outlive the request, whose strings may be used again then.
	template, sessionID := strings.Clone(*want.template), strings.Clone(claims.sessionID)
	want.template = &template
	token, err := t.calls.Share(ctx, key, func(ctx context.Context) (string, error) {
		token, err := want.create(ctx, a.client, sessionID)
		if err == nil {
			t.keep(key, token, a.tokens.now())
		}
		return token, err
	})
	if err != nil {
		return "", fmt.Errorf("auth: a token from a template: %w", err)
	}
	return token, nil
}

// keep keeps a token that Clerk just made, if it says when it expires.
func (t *templateTokens) keep(key outbound.Key, token string, now time.Time) {
	u, err := parseToken(token, nil)
	if err != nil || u.claims.expiresAt.state != dateValid {
		return
	}
	end := u.claims.ExpiresAt().Add(-templateMargin)
	if latest := now.Add(templateLife); end.After(latest) {
		end = latest
	}
	if end.After(now) {
		t.made.Remember(key, token, now, end)
	}
}
