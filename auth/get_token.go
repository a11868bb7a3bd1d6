package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

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

// GetToken returns a token of the signed-in session. Without options it is the token
// that the request was authenticated with; with [Template] or [ExpiresIn] Clerk makes a
// new one on each call. For a machine it is always the token that was presented. The
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
