package clerktest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/google/go-cmp/cmp"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	c := newClock()
	instance := startInstance(t, clerktest.WithClock(c.now))
	client := instance.Client()
	u := instance.CreateUser(users.CreateUserParams{})
	s, err := sessions.CreateSession(t.Context(), client, sessions.CreateSessionParams{UserID: u.ID})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.ID, "sess_") || !strings.HasPrefix(s.ClientID, "client_") || s.UserID != u.ID || s.Status != "active" {
		t.Errorf("the session is %+v", s)
	}
	if !s.CreatedAt.Time().Equal(c.now()) || !s.ExpireAt.Time().After(c.now()) || !s.AbandonAt.Time().After(s.ExpireAt.Time()) {
		t.Errorf("the session's times are %+v", s)
	}
	if u := instance.User(u.ID); u.LastSignInAt == nil || !u.LastSignInAt.Time().Equal(c.now()) || u.LastActiveAt == nil {
		t.Errorf("the user's times are %+v", u)
	}
	again, err := sessions.GetSession(t.Context(), client, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again); diff != "" {
		t.Errorf("GetSession returns a different session (-created +got):\n%s", diff)
	}
	c.advance(time.Minute)
	revoked, err := sessions.RevokeSession(t.Context(), client, s.ID)
	if err != nil || revoked.Status != "revoked" || !revoked.UpdatedAt.Time().Equal(c.now()) {
		t.Errorf("the revoked session is %+v, %v", revoked, err)
	}
	if _, err := sessions.RevokeSession(t.Context(), client, s.ID); !clerk.HasCode(err, "session_not_active") {
		t.Errorf("revoking twice: %v", err)
	}
	if _, err := sessions.CreateSessionToken(t.Context(), client, s.ID, sessions.CreateSessionTokenParams{}); !clerk.HasCode(err, "resource_not_found") {
		t.Errorf("a token of a revoked session: %v", err)
	}
	if _, err := sessions.CreateSessionTokenFromTemplate(t.Context(), client, s.ID, "supabase", sessions.CreateSessionTokenFromTemplateParams{}); !clerk.HasCode(err, "resource_not_found") {
		t.Errorf("a template token of a revoked session: %v", err)
	}
}

func TestSessionExpires(t *testing.T) {
	t.Parallel()
	c := newClock()
	instance := startInstance(t, clerktest.WithClock(c.now))
	s := instance.CreateSession(instance.CreateUser(users.CreateUserParams{}).ID)
	c.advance(8 * 24 * time.Hour)
	got, err := sessions.GetSession(t.Context(), instance.Client(), s.ID)
	if err != nil || got.Status != "expired" {
		t.Errorf("after eight days the session is %+v, %v", got, err)
	}
	if _, err := sessions.CreateSessionToken(t.Context(), instance.Client(), s.ID, sessions.CreateSessionTokenParams{}); !clerk.HasCode(err, "resource_not_found") {
		t.Errorf("a token of an expired session: %v", err)
	}
	if _, claims := parts(t, instance.Token(clerktest.ForUser(s.UserID))); claims["sid"] == s.ID {
		t.Error("Token uses an expired session")
	}
}

func TestListSessions(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	client := instance.Client()
	ada, bob := instance.CreateUser(users.CreateUserParams{}), instance.CreateUser(users.CreateUserParams{})
	var ids []string
	for range 3 {
		ids = append(ids, instance.CreateSession(ada.ID).ID)
	}
	other := instance.CreateSession(bob.ID)
	if _, err := sessions.RevokeSession(t.Context(), client, ids[1]); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		params sessions.ListSessionsParams
		want   []string
	}{
		"all":       {sessions.ListSessionsParams{}, []string{other.ID, ids[2], ids[1], ids[0]}},
		"of a user": {sessions.ListSessionsParams{UserID: clerk.Set(ada.ID)}, []string{ids[2], ids[1], ids[0]}},
		"active":    {sessions.ListSessionsParams{UserID: clerk.Set(ada.ID), Status: clerk.Set(sessions.SessionStatusActive)}, []string{ids[2], ids[0]}},
		"revoked":   {sessions.ListSessionsParams{Status: clerk.Set(sessions.SessionStatusRevoked)}, []string{ids[1]}},
		"client":    {sessions.ListSessionsParams{ClientID: clerk.Set(other.ClientID)}, []string{other.ID}},
		"a page":    {sessions.ListSessionsParams{Limit: clerk.Set(2), Offset: clerk.Set(1)}, []string{ids[2], ids[1]}},
		"of nobody": {sessions.ListSessionsParams{UserID: clerk.Set("user_nobody")}, nil},
	} {
		list, err := sessions.ListSessions(t.Context(), client, tc.params)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, s := range list.Data {
			got = append(got, s.ID)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	paginated := send(t, instance, "GET", "/sessions?paginated=true&limit=1", "")
	if text := string(paginated.body); !strings.HasPrefix(text, `{"data":[{`) || !strings.HasSuffix(text, `"total_count":4}`) {
		t.Errorf("a paginated list is %s", text)
	}
}

func TestCreateSessionRefusals(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	for body, want := range map[string]string{
		`{"user_id":"user_nobody"}`:                             "resource_not_found",
		`{"user_id":"user_1","active_organization_id":"org_1"}`: "resource_not_found",
	} {
		if got := send(t, instance, "POST", "/sessions", body); got.status != 404 || got.problemLines(t)[0] != want {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	got := send(t, instance, "POST", "/sessions/sess_1/tokens/nothing", "")
	if got.status != 404 || got.problemLines(t)[0] != "resource_not_found" {
		t.Errorf("a token from a template that does not exist: %d %s", got.status, got.body)
	}
}
