package clerktest

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/sessions"
)

// session is a stored session. Its organization appears in tokens but not in the API.
type session = SeedSession

type sessionTables struct {
	sessions         kind[session]
	sessionsOfUser   *store.Index[session]
	sessionsOfClient *store.Index[session]
}

func (t *tables) addSessions() {
	addSeeded(t, "sessions", &t.sessions, kind[session]{
		noun: "session", object: "session", prefix: "sess", component: "Session",
		more: []description.Member{{Name: "organization", Schema: objectSchema(append(membersOf(seedText, "id", "name", "slug", "role"), membersOf(seedTexts, "permissions")...)...)}},
		seed: func(s *Seed) *[]session { return &s.Sessions },
		fill: func(_ *Instance, s *session) { fillSession(s) },
		complete: func(i *Instance, s *session) error {
			s.Status = cmp.Or(s.Status, api.SessionStatusActive)
			s.ClientID = cmp.Or(s.ClientID, derivedID("client", s.ID))
			if s.Organization != nil {
				s.LastActiveOrganizationID = &s.Organization.ID
			}
			switch {
			case s.live() && i.users.Get(s.UserID) == nil:
				return errors.New("user_id is not the id of a user")
			case s.Organization != nil && s.Organization.ID == "":
				return errors.New("organization.id is required")
			}
			return nil
		},
	}, func(s *session) string { return s.ID })
	t.sessionsOfUser = t.sessions.By(one(func(s *session) string { return s.UserID }))
	t.sessionsOfClient = t.sessions.By(one(func(s *session) string { return s.ClientID }))
}

// fillSession sets the times that a seed leaves out of a session.
func fillSession(s *session) {
	s.LastActiveAt = cmp.Or(s.LastActiveAt, s.CreatedAt)
	s.ExpireAt = cmp.Or(s.ExpireAt, clerk.At(seedEnd))
	s.AbandonAt = cmp.Or(s.AbandonAt, clerk.At(seedEnd))
}

const (
	sessionLife   = 7 * 24 * time.Hour
	abandonedLife = 30 * 24 * time.Hour
)

func newSession(userID string, now time.Time) *session {
	s := &session{Session: api.Session{
		Object: "session", ID: newID("sess", now), ClientID: newID("client", now),
		UserID: userID, Status: api.SessionStatusActive,
	}}
	stamp(&s.CreatedAt, now)
	stamp(&s.UpdatedAt, now)
	stamp(&s.LastActiveAt, now)
	stamp(&s.ExpireAt, now.Add(sessionLife))
	stamp(&s.AbandonAt, now.Add(abandonedLife))
	return s
}

// live reports whether tokens can be created for the session.
func (s *session) live() bool {
	return s.Status == api.SessionStatusActive || s.Status == api.SessionStatusPending
}

// at returns the session as it is at a given time: a live session becomes expired at
// its ExpireAt.
func (s *session) at(now time.Time) *session {
	if !s.live() || now.UnixMilli() < int64(s.ExpireAt) {
		return s
	}
	expired := *s
	expired.Status = api.SessionStatusExpired
	return &expired
}

func (i *Instance) createSession(_ context.Context, params sessions.CreateSessionParams) (*api.Session, error) {
	return write(i, func() (*api.Session, error) {
		u := i.users.Get(params.UserID)
		switch {
		case u == nil:
			return nil, notFound("user", params.UserID)
		case u.Banned:
			return nil, failure(http.StatusForbidden, "user_banned", "user "+u.ID+" is banned", "user_id")
		case u.Locked:
			return nil, failure(http.StatusUnprocessableEntity, "user_locked", "user "+u.ID+" is locked", "user_id")
		}
		s := i.beginSession(u)
		if organization, ok := params.ActiveOrganizationID.Get(); ok {
			m, err := i.existingMembership(organization, u.ID)
			if err != nil {
				return nil, err
			}
			s = i.setActive(s, m.OrganizationID)
		}
		return &s.Session, nil
	})
}

// beginSession signs the user in and returns the new session.
func (i *Instance) beginSession(u *api.User) *session {
	now := i.now()
	s := newSession(u.ID, now)
	if organization := i.firstActive(u.ID); organization != "" {
		s.LastActiveOrganizationID = &organization
	}
	i.sessions.Put(s)
	changed := *u
	stampPointer(&changed.LastSignInAt, now)
	stampPointer(&changed.LastActiveAt, now)
	i.users.Put(&changed)
	return s
}

// liveSession returns the newest live session of a user, or nil.
func (i *Instance) liveSession(userID string) *session {
	now := i.now()
	for _, s := range slices.Backward(i.sessionsOfUser.All(userID)) {
		if s.at(now).live() {
			return s
		}
	}
	return nil
}

func (i *Instance) existingSession(id string) (*session, error) {
	if s := i.sessions.Get(id); s != nil {
		return s.at(i.now()), nil
	}
	return nil, notFound("session", id)
}

func (i *Instance) getSession(_ context.Context, sessionID string) (*api.Session, error) {
	return read(i, func() (*api.Session, error) {
		s, err := i.existingSession(sessionID)
		if err != nil {
			return nil, err
		}
		return &s.Session, nil
	})
}

func (i *Instance) listSessions(_ context.Context, params sessions.ListSessionsParams) (*clerk.List[api.Session], error) {
	now := i.now()
	var list []*api.Session
	for _, stored := range slices.Backward(i.sessions.Snapshot()) {
		s := stored.at(now)
		if params.ClientID.Or(s.ClientID) == s.ClientID && params.UserID.Or(s.UserID) == s.UserID &&
			string(params.Status.Or(sessions.SessionStatus(s.Status))) == string(s.Status) {
			list = append(list, &s.Session)
		}
	}
	return cut(list, params), nil
}

func (i *Instance) revokeSession(_ context.Context, sessionID string) (*api.Session, error) {
	return write(i, func() (*api.Session, error) {
		s, err := i.existingSession(sessionID)
		if err != nil {
			return nil, err
		}
		if !s.live() {
			return nil, failure(http.StatusBadRequest, "session_not_active", "only an active session can be revoked", "")
		}
		return &i.endSession(s, api.SessionStatusRevoked, i.now()).Session, nil
	})
}

func (i *Instance) endSession(s *session, status api.SessionStatus, now time.Time) *session {
	ended := *s
	ended.Status = status
	resource.Touch(&ended, now)
	i.sessions.Put(&ended)
	return &ended
}

// revokeEverySession signs every user out.
func (i *Instance) revokeEverySession() {
	now := i.now()
	for _, s := range i.sessions.All() {
		if s.at(now).live() {
			i.endSession(s, api.SessionStatusRevoked, now)
		}
	}
}

// endSessions ends every live session of a user.
func (i *Instance) endSessions(userID string, status api.SessionStatus, now time.Time) {
	for _, s := range i.sessionsOfUser.All(userID) {
		if s.at(now).live() {
			i.endSession(s, status, now)
		}
	}
}

func (i *Instance) createSessionToken(_ context.Context, sessionID string, params sessions.CreateSessionTokenParams) (*api.SessionToken, error) {
	s, u, err := i.tokenSubject(sessionID)
	if err != nil {
		return nil, err
	}
	now := i.now()
	lifetime := secondsOr(params.ExpiresInSeconds.Or(0), sessionTokenLife)
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
	lifetime := secondsOr(params.ExpiresInSeconds.Or(0), time.Duration(t.Lifetime)*time.Second)
	return i.sessionToken(t.signerOr(i.signer()), i.header(templateCategory, "JWT"), i.templateClaims(t, s, u, now, lifetime))
}

// tokenSubject returns a live session and its user.
func (i *Instance) tokenSubject(sessionID string) (s *session, u *api.User, err error) {
	i.store.Read(func() {
		if s, err = i.existingSession(sessionID); err != nil {
			return
		}
		if u = i.users.Get(s.UserID); u == nil || !s.live() {
			err = notFound("active session", sessionID)
			return
		}
		s = i.resolved(s)
	})
	return s, u, err
}

func (i *Instance) sessionToken(by signing.Signer, header, claims map[string]any) (*api.SessionToken, error) {
	text, err := by.Sign(header, claims)
	if err != nil {
		return nil, err
	}
	return &api.SessionToken{Object: "token", JWT: text}, nil
}

// secondsOr returns n seconds, or the default if n is 0.
func secondsOr(n int, otherwise time.Duration) time.Duration {
	if n == 0 {
		return otherwise
	}
	return time.Duration(n) * time.Second
}
