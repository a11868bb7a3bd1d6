package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// does is what every program prints: the name before, the name after, and the
// state of the session.
const does = "Augusta Ada revoked"

// prove runs the built program and fails unless it does the same as the others.
func (p *program) prove(ctx context.Context) error {
	server := httptest.NewServer(handlers())
	defer server.Close()
	command := exec.CommandContext(ctx, p.binary())
	command.Env = append(os.Environ(), "CLERK_API_URL="+server.URL, "CLERK_SECRET_KEY=sk_test_cost", "CLERK_API_VERSION=")
	out, err := command.CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != does {
		return fmt.Errorf("%s prints %q (%v), want %q", p.source, got, err, does)
	}
	return nil
}

// handlers serve one user and one session, and answer nothing else.
func handlers() *clerktest.Handlers {
	name := "Augusta"
	user := func(id string) (*users.User, error) {
		if id != "user_1" {
			return nil, fmt.Errorf("user %q was asked for", id)
		}
		shown := name
		return &users.User{ID: id, FirstName: &shown}, nil
	}
	return &clerktest.Handlers{
		GetUser: func(_ context.Context, id string) (*users.User, error) { return user(id) },
		UpdateUser: func(_ context.Context, id string, params users.UpdateUserParams) (*users.User, error) {
			name = params.FirstName.Or("nobody")
			return user(id)
		},
		RevokeSession: func(_ context.Context, id string) (*sessions.Session, error) {
			if id != "sess_1" {
				return nil, fmt.Errorf("session %q was to be revoked", id)
			}
			return &sessions.Session{ID: id, Status: "revoked"}, nil
		},
	}
}
