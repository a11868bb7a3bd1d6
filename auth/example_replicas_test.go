package auth_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// The code of docs/replicas.md. A test runs it.
func startReplica(ctx context.Context, client *clerk.Client, log *slog.Logger) (*auth.Authenticator, error) {
	authn, err := auth.FromEnv(client, auth.WithLogger(log))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := authn.Warm(ctx); err != nil { // the keys are fetched when a token needs them
		log.WarnContext(ctx, "started without Clerk's signing keys", "error", err)
	}
	return authn, nil
}

func TestReplicaOfThePageStartsInAnOutage(t *testing.T) {
	instance := clerktest.New(t)
	t.Setenv("CLERK_PUBLISHABLE_KEY", instance.PublishableKey())
	for _, down := range []bool{false, true} {
		if down {
			instance.Inject(clerktest.Fault{Status: http.StatusServiceUnavailable})
		}
		var log bytes.Buffer
		authn, err := startReplica(t.Context(), instance.Client(), slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil || authn == nil {
			t.Fatal(err)
		}
		if warned := strings.Contains(log.String(), "started without"); warned != down {
			t.Errorf("with Clerk down %v the log is %q", down, &log)
		}
	}
}

// TestChangesReachReplicas checks what docs/replicas.md says about how soon.
func TestChangesReachReplicas(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t)
	client := instance.Client()
	var replicas [2]http.Handler
	for i := range replicas {
		authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()), auth.WithClock(instance.Now),
			auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey))
		if err != nil {
			t.Fatal(err)
		}
		replicas[i] = authn.Require(auth.AnyOf(auth.Role("org:admin"), auth.Accepts(auth.APIKey)))(served)
	}
	check := func(when, token string, want int) {
		t.Helper()
		for i, replica := range replicas {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Authorization", "Bearer "+token)
			if w := respondTo(replica, r); w.Code != want {
				t.Errorf("%s: replica %d responds with %d %s, want %d", when, i, w.Code, w.Body, want)
			}
		}
	}

	ada := instance.CreateUser(users.CreateUserParams{})
	acme := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme", CreatedBy: clerk.Set(ada.ID)})
	instance.AddMember(acme.ID, instance.CreateUser(users.CreateUserParams{}).ID, "org:admin")
	key, err := machines.CreateAPIKey(t.Context(), client, machines.CreateAPIKeyParams{Name: "key", Subject: ada.ID})
	if err != nil {
		t.Fatal(err)
	}
	check("an API key", key.Secret, http.StatusOK)
	if _, err := machines.RevokeAPIKey(t.Context(), client, key.ID, machines.RevokeAPIKeyParams{}); err != nil {
		t.Fatal(err)
	}
	check("an API key that was revoked", key.Secret, http.StatusUnauthorized)

	session := instance.CreateSession(ada.ID)
	token := func() string {
		return instance.Token(clerktest.ForSession(session.ID), clerktest.InOrganization(acme.ID))
	}
	old := token()
	check("an admin", old, http.StatusOK)
	if _, err := organizations.UpdateOrganizationMembership(t.Context(), client, acme.ID, ada.ID,
		organizations.UpdateOrganizationMembershipParams{Role: "org:member"}); err != nil {
		t.Fatal(err)
	}
	check("with a token from before the change of the role", old, http.StatusOK)
	check("with one from after it", token(), http.StatusForbidden)

	if _, err := sessions.RevokeSession(t.Context(), client, session.ID); err != nil {
		t.Fatal(err)
	}
	check("a session that was revoked, with its last token", old, http.StatusOK)
	if _, err := sessions.CreateSessionToken(t.Context(), client, session.ID, sessions.CreateSessionTokenParams{}); err == nil {
		t.Error("a session that was revoked gets another token")
	}
	instance.Advance(66 * time.Second)
	check("after that token", old, http.StatusUnauthorized)
}
