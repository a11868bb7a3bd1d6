package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/instance"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

//go:embed schema.sql
var schema string

// mirror keeps the tables equal to Clerk's objects. It may be used concurrently, also by
// several processes.
type mirror struct {
	pool         *pgxpool.Pool
	client       *clerk.Client
	private      bool // whether private metadata is kept
	upsert, bury map[*table]string
	instance     sync.Map // ids that are known to be the mirrored instance's
}

// refusal is an error that protects the tables from a wrong key or database.
type refusal struct{ error }

// errAddress stands for the error of pgx, which shows a part of some passwords.
var errAddress = errors.New("DATABASE_URL does not parse; in a url, characters such as @ / % of a password must be percent-encoded")

// open connects to a database and makes its tables.
func open(ctx context.Context, url string, client *clerk.Client, private bool) (*mirror, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errAddress
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	m := &mirror{pool: pool, client: client, private: private, upsert: map[*table]string{}, bury: map[*table]string{}}
	for _, t := range tables {
		m.upsert[t], m.bury[t] = t.upsert(), t.bury()
	}
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		// Processes that start at the same time take turns.
		_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(5260110)")
		if err == nil {
			_, err = tx.Exec(ctx, schema)
		}
		return err
	})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return m, nil
}

// checkInstance refuses to go on with a key of an instance other than the mirrored one.
func (m *mirror) checkInstance(ctx context.Context) error {
	i, err := instance.GetInstance(ctx, m.client)
	if err != nil {
		return err
	}
	return m.claim(ctx, i.ID)
}

// claim makes an instance the mirrored one if there is none yet.
func (m *mirror) claim(ctx context.Context, id string) error {
	if _, known := m.instance.Load(id); known || id == "" {
		return nil
	}
	if _, err := m.pool.Exec(ctx, "INSERT INTO clerk_instance (id) VALUES ($1) ON CONFLICT DO NOTHING", id); err != nil {
		return discreet(err)
	}
	var mirrored string
	if err := m.pool.QueryRow(ctx, "SELECT id FROM clerk_instance").Scan(&mirrored); err != nil {
		return discreet(err)
	}
	if mirrored != id {
		return refusal{fmt.Errorf("the tables are a copy of instance %s, and this is %s", mirrored, id)}
	}
	m.instance.Store(id, nil)
	return nil
}

// write writes the rows that are newer than those of the tables, all or none.
func (m *mirror) write(ctx context.Context, rows ...row) error {
	batch, err := m.batch(rows...)
	if err != nil {
		return err
	}
	return m.send(ctx, batch)
}

// batch returns the statements that write rows.
func (m *mirror) batch(rows ...row) (*pgx.Batch, error) {
	// Transactions that lock the same rows lock them in the same order.
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(strings.Compare(a.table.name, b.table.name), strings.Compare(a.id, b.id))
	})
	batch := &pgx.Batch{}
	for _, r := range rows {
		if err := r.check(); err != nil {
			return nil, err
		}
		values := append([]any{r.id, r.version, r.eventAt}, r.kept...)
		if r.deletedAt.IsZero() {
			batch.Queue(m.upsert[r.table], append(values, r.personal...)...)
		} else {
			batch.Queue(m.bury[r.table], append(values, r.deletedAt)...)
		}
	}
	return batch, nil
}

// send executes a batch. It is one transaction, as every batch outside of another is.
func (m *mirror) send(ctx context.Context, batch *pgx.Batch) error {
	return discreet(m.pool.SendBatch(ctx, batch).Close())
}

// fetch returns an object as the API has it now, and its tombstone if there is none. ids are
// its id, and those of the organization and the user of a membership.
func (m *mirror) fetch(ctx context.Context, t *table, ids ...string) (row, error) {
	var r row
	var err error
	switch t {
	case userTable:
		var u *users.User
		if u, err = users.GetUser(ctx, m.client, ids[0]); err == nil {
			r = m.user(u, 0)
		}
	case organizationTable:
		var o *organizations.Organization
		if o, err = organizations.GetOrganization(ctx, m.client, ids[0], organizations.GetOrganizationParams{}); err == nil {
			r = m.organization(o, 0)
		}
	case membershipTable:
		params := organizations.ListOrganizationMembershipsParams{UserID: []string{ids[2]}}
		for o, failed := range organizations.AllOrganizationMemberships(ctx, m.client, ids[1], params) {
			if err = failed; err == nil && o.ID == ids[0] {
				r = m.membership(o, 0)
			}
		}
	}
	if errors.Is(err, clerk.ErrNotFound) || err == nil && r.table == nil {
		return tombstone(t, ids[0], 0, anys(ids[1:])...), nil
	}
	return r, err
}

func anys(ids []string) []any {
	all := make([]any, len(ids))
	for i, id := range ids {
		all[i] = id
	}
	return all
}
