package main

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

// errDeleted reports that the user of a token that is still valid was deleted.
var errDeleted = errors.New("the user was deleted")

// profile is what a page shows of a row.
type profile struct {
	ID    string  `json:"id"`
	Email *string `json:"email"`
}

// EnsureUser returns the row of the signed-in user. It writes the row if there is none:
// the first request of a new user often arrives before the webhook.
func (m *mirror) EnsureUser(ctx context.Context) (*profile, error) {
	a := auth.FromContext(ctx)
	if a.UserID == "" {
		return nil, auth.ErrNotSignedIn
	}
	found, err := m.find(ctx, a.UserID)
	if !errors.Is(err, pgx.ErrNoRows) {
		return found, err
	}
	var r row
	u, err := auth.CurrentUser(ctx)
	switch {
	case errors.Is(err, clerk.ErrNotFound):
		r = tombstone(userTable, a.UserID, 0)
	case err != nil:
		return nil, err
	default:
		r = m.user(u, 0)
	}
	if err := m.write(ctx, r); err != nil {
		return nil, err
	}
	return m.find(ctx, a.UserID) // a webhook may have written a newer row
}

func (m *mirror) find(ctx context.Context, id string) (*profile, error) {
	p, deleted := &profile{ID: id}, false
	err := m.pool.QueryRow(ctx, "SELECT email, deleted_at IS NOT NULL FROM clerk_users WHERE id = $1", id).Scan(&p.Email, &deleted)
	if err == nil && deleted {
		err = errDeleted
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}
