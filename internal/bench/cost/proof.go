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

// printed is what every program prints: the first name before and after the update,
// and the status of the session.
const printed = "Augusta Ada revoked"

// prove runs the built program against a fake API, and returns an error unless it does
// the same as the others.
func (p *program) prove(ctx context.Context) error {
	server := httptest.NewServer(handlers())
	defer server.Close()
	command := exec.CommandContext(ctx, p.executable())
	command.Env = append(os.Environ(), "CLERK_API_URL="+server.URL, "CLERK_SECRET_KEY=sk_test_cost", "CLERK_API_VERSION=")
	out, err := command.CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != printed {
		return fmt.Errorf("%s prints %q (%v), want %q", p.source, got, err, printed)
	}
	return nil
}

// handlers returns an API with one user and one session.
func handlers() *clerktest.Handlers {
	name := "Augusta"
	user := func(id string) (*users.User, error) {
		if id != "user_1" {
			return nil, fmt.Errorf("unexpected user %q", id)
		}
		return &users.User{ID: id, FirstName: new(name)}, nil
	}
	return &clerktest.Handlers{
		GetUser: func(_ context.Context, id string) (*users.User, error) { return user(id) },
		UpdateUser: func(_ context.Context, id string, params users.UpdateUserParams) (*users.User, error) {
			name = params.FirstName.Or("nobody")
			return user(id)
		},
		RevokeSession: func(_ context.Context, id string) (*sessions.Session, error) {
			if id != "sess_1" {
				return nil, fmt.Errorf("unexpected session %q", id)
			}
			return &sessions.Session{ID: id, Status: "revoked"}, nil
		},
	}
}
