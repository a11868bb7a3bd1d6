package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// patience is how long a delivery may take. The sender waits for 15 seconds.
const patience = 10 * time.Second

// handlers returns the functions that bring an event into the tables. None of them looks at
// whether the message was handled before: a message that is sent again repairs its row.
func (m *mirror) handlers() webhooks.Handlers {
	user := func(ctx context.Context, e *webhooks.Event, u *api.User) error {
		return m.deliver(ctx, e, m.user(u, happened(e)))
	}
	organization := func(ctx context.Context, e *webhooks.Event, o *api.Organization) error {
		return m.deliver(ctx, e, m.organization(o, happened(e)))
	}
	// The organization within a membership says nothing of when it was read, just as one of
	// a list. public_user_data has no version at all.
	membership := func(ctx context.Context, e *webhooks.Event, o *api.OrganizationMembership) error {
		return m.deliver(ctx, e, m.membership(o, happened(e)), m.organization(&o.Organization, 0))
	}
	return webhooks.Handlers{
		UserCreated: user, UserUpdated: user,
		UserDeleted: func(ctx context.Context, e *webhooks.Event, gone *api.DeletedObject) error {
			return m.deliver(ctx, e, tombstone(userTable, gone.ID, happened(e)))
		},
		OrganizationCreated: organization, OrganizationUpdated: organization,
		OrganizationDeleted: func(ctx context.Context, e *webhooks.Event, gone *api.DeletedObject) error {
			return m.deliver(ctx, e, tombstone(organizationTable, gone.ID, happened(e)))
		},
		OrganizationMembershipCreated: membership, OrganizationMembershipUpdated: membership,
		OrganizationMembershipDeleted: m.left,
		Malformed:                     m.malformed,
	}
}

// left buries a membership. Where the event does not say whose it was, its row does.
func (m *mirror) left(ctx context.Context, e *webhooks.Event, was *api.OrganizationMembership) error {
	user := memberOf(was)
	if user == "" {
		var err error
		if user, err = m.memberInRow(ctx, was.ID); err != nil {
			return m.failed(ctx, e, err)
		}
	}
	return m.deliver(ctx, e, tombstone(membershipTable, was.ID, happened(e), was.Organization.ID, user),
		m.organization(&was.Organization, 0))
}

// memberInRow returns the user of a membership, "" if it has no row. The user of a
// membership never changes.
func (m *mirror) memberInRow(ctx context.Context, id string) (user string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = m.pool.QueryRow(ctx, "SELECT user_id FROM clerk_memberships WHERE id = $1", id).Scan(&user)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return user, discreet(err)
}

// happened returns the time of an event in milliseconds, 0 if it has none.
func happened(e *webhooks.Event) int64 {
	if e.Time.IsZero() {
		return 0
	}
	return e.Time.UnixMilli()
}

// deliver writes the rows of an event, and its effects if the message is new, or neither.
func (m *mirror) deliver(ctx context.Context, e *webhooks.Event, rows ...row) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	subject := rows[0].id
	batch, err := m.batch(rows...)
	if err != nil {
		return m.failed(ctx, e, webhooks.Permanent(err))
	}
	// Who is created twice is welcomed once, and who is deleted already is not.
	batch.Queue("WITH new AS (INSERT INTO webhook_deliveries (id, type) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING type) "+
		"INSERT INTO outbox (kind, user_id) SELECT 'welcome', u.id FROM new, clerk_users u WHERE new.type = $3 AND u.id = $4 AND u.deleted_at IS NULL",
		e.ID, e.Type, webhooks.UserCreated, subject)
	batch.Queue("DELETE FROM webhook_failures WHERE id = $1", e.ID)
	if err = m.claim(ctx, e.InstanceID); err == nil {
		err = m.send(ctx, batch)
	}
	return m.failed(ctx, e, err)
}

// failed notes for `usersync status` that an event failed, if the database is in reach.
func (m *mirror) failed(ctx context.Context, e *webhooks.Event, err error) error {
	if err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_, _ = m.pool.Exec(ctx, "INSERT INTO webhook_failures (id, type) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET failed_at = now()", e.ID, e.Type)
	return err
}

// malformed handles data that does not decode: it asks the API for the object.
func (m *mirror) malformed(ctx context.Context, e *webhooks.Event, misfit *webhooks.PayloadError) error {
	var body struct {
		Data struct {
			ID           string
			Organization struct{ ID string }
			User         struct {
				ID string `json:"user_id"`
			} `json:"public_user_data"`
		}
	}
	_ = json.Unmarshal(e.Raw, &body) // what does not fit stays empty
	t, ids := userTable, []string{body.Data.ID}
	switch e.Data.(type) {
	case *api.Organization:
		t = organizationTable
	case *api.OrganizationMembership:
		t, ids = membershipTable, append(ids, body.Data.Organization.ID, body.Data.User.ID)
	case *api.DeletedObject:
		if e.Type == webhooks.OrganizationDeleted {
			t = organizationTable
		}
	}
	if slices.Contains(ids, "") {
		return m.failed(ctx, e, webhooks.Permanent(misfit))
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := m.fetch(ctx, t, ids...)
	if err != nil {
		return m.failed(ctx, e, err)
	}
	return m.deliver(ctx, e, r)
}
