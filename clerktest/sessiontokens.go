package clerktest

import (
	"context"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/sessions"
)

func (i *Instance) createSessionToken(_ context.Context, sessionID string, params sessions.CreateSessionTokenParams) (*api.SessionToken, error) {
	s, u, err := i.tokenSubject(sessionID)
	if err != nil {
		return nil, err
	}
	now := i.now()
	lifetime := seconds(params.ExpiresInSeconds.Or(0), sessionTokenLife)
	return i.sessionToken(i.signer(), i.header(sessionCategory, "JWT"), i.sessionClaims(s, u, now, lifetime))
}

func (i *Instance) createSessionTokenFromTemplate(_ context.Context, sessionID, templateName string, params sessions.CreateSessionTokenFromTemplateParams) (*api.SessionToken, error) {
	s, u, err := i.tokenSubject(sessionID)
	if err != nil {
		return nil, err
	}
	t := i.templateNamed(templateName)
	if t == nil {
		return nil, notFound("JWT template named", templateName)
	}
	now := i.now()
	lifetime := seconds(params.ExpiresInSeconds.Or(0), time.Duration(t.Lifetime)*time.Second)
	return i.sessionToken(t.signerOr(i.signer()), i.header(templateCategory, "JWT"), i.templateClaims(t, s, u, now, lifetime))
}

// tokenSubject returns a live session and its user.
func (i *Instance) tokenSubject(sessionID string) (*session, *api.User, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	s, err := i.existingSession(sessionID)
	if err != nil {
		return nil, nil, err
	}
	u := i.users.get(s.UserID)
	if u == nil || !s.live() {
		return nil, nil, notFound("active session", sessionID)
	}
	return s, u, nil
}

func (i *Instance) sessionToken(by signer, header, claims map[string]any) (*api.SessionToken, error) {
	text, err := by.sign(header, claims)
	if err != nil {
		return nil, err
	}
	return &api.SessionToken{Object: "token", JWT: text}, nil
}

// seconds returns n seconds, or the default when n is 0.
func seconds(n int, otherwise time.Duration) time.Duration {
	if n == 0 {
		return otherwise
	}
	return time.Duration(n) * time.Second
}
