package main

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// run is one walk through a list. Its row in sync_runs lets another process go on with it.
type run struct {
	id              int64
	cursor          string
	cursorCreatedAt time.Time
	done, total     int64
}

// backfill reads every list into its table, each in its own goroutine.
func (m *mirror) backfill(ctx context.Context, page int, p progress) error {
	var all sync.WaitGroup
	errs := make([]error, len(tables))
	for i, t := range tables {
		all.Go(func() { errs[i] = m.backfillList(ctx, t, page, p) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// backfillList goes on with the last run of a list, or begins one if that is finished.
func (m *mirror) backfillList(ctx context.Context, t *table, page int, p progress) error {
	r, err := m.beginRun(ctx, t)
	if err != nil {
		return err
	}
	from := time.Time{} // walk from this time on, rather than after the cursor
	for again := 0; ; again++ {
		cursor := r.cursor
		err := m.walk(ctx, t, r, m.objects(ctx, t, page, r.cursor, from), page, p)
		switch {
		case err == nil:
			_, err = m.pool.Exec(ctx, "UPDATE sync_runs SET finished_at = now() WHERE id = $1", r.id)
			return err
		case errors.Is(err, clerk.ErrListChanged) && again < 10:
			r.done = 0
		case t == userTable && cursorGone(err) && r.cursor != "" && (from.IsZero() || r.cursor != cursor):
			from = r.cursorCreatedAt.Add(-time.Millisecond)
		default:
			return err
		}
	}
}

// cursorGone reports whether err can mean that the user after whom a page starts was deleted.
func cursorGone(err error) bool {
	return errors.Is(err, clerk.ErrNotFound) || errors.Is(err, clerk.ErrUnprocessable)
}

func (m *mirror) beginRun(ctx context.Context, t *table) (*run, error) {
	r := &run{}
	var createdAt *time.Time
	err := m.pool.QueryRow(ctx, "SELECT id, cursor, cursor_created_at, done FROM sync_runs WHERE list = $1 AND finished_at IS NULL ORDER BY id DESC LIMIT 1", t.list).
		Scan(&r.id, &r.cursor, &createdAt, &r.done)
	if errors.Is(err, pgx.ErrNoRows) {
		err = m.pool.QueryRow(ctx, "INSERT INTO sync_runs (list) VALUES ($1) RETURNING id", t.list).Scan(&r.id)
	}
	if err != nil {
		return nil, err
	}
	r.cursorCreatedAt = clerk.Value(createdAt)
	if t != userTable {
		r.cursor, r.done = "", 0 // the other lists cannot start after an object
	}
	r.total, err = m.count(ctx, t)
	return r, err
}

// count returns how many objects a list has.
func (m *mirror) count(ctx context.Context, t *table) (int64, error) {
	switch t {
	case userTable:
		all, err := users.CountUsers(ctx, m.client, users.CountUsersParams{})
		if err != nil {
			return 0, err
		}
		return int64(all.TotalCount), nil
	case organizationTable:
		return total(organizations.ListOrganizations(ctx, m.client, organizations.ListOrganizationsParams{Limit: clerk.Set(1)}))
	default:
		return total(organizations.ListInstanceOrganizationMemberships(ctx, m.client, organizations.ListInstanceOrganizationMembershipsParams{Limit: clerk.Set(1)}))
	}
}

func total[T any](l *clerk.List[T], err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return l.TotalCount.Or(0), nil
}

// objects iterates over a list, oldest first. Users start after a cursor or from a time.
func (m *mirror) objects(ctx context.Context, t *table, page int, cursor string, from time.Time) iter.Seq2[row, error] {
	limit, order := clerk.Set(page), clerk.Set("created_at")
	switch t {
	case userTable:
		params := users.ListUsersParams{Limit: limit, OrderBy: order}
		switch {
		case !from.IsZero():
			params.CreatedAtAfter = clerk.Set(from)
		case cursor != "":
			params.StartingAfter = clerk.Set(cursor)
		}
		return rows(users.AllUsers(ctx, m.client, params), m.user)
	case organizationTable:
		return rows(organizations.AllOrganizations(ctx, m.client, organizations.ListOrganizationsParams{Limit: limit, OrderBy: order}), m.organization)
	default:
		return rows(organizations.AllInstanceOrganizationMemberships(ctx, m.client,
			organizations.ListInstanceOrganizationMembershipsParams{Limit: limit, OrderBy: order}), m.membership)
	}
}

// rows turns objects of a list into rows. No event wrote them.
func rows[T any](list iter.Seq2[*T, error], of func(*T, int64) row) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for object, err := range list {
			if err != nil {
				yield(row{}, err)
				return
			}
			if !yield(of(object, 0), nil) {
				return
			}
		}
	}
}

// walk writes objects, one transaction a page.
func (m *mirror) walk(ctx context.Context, t *table, r *run, objects iter.Seq2[row, error], page int, p progress) error {
	var pending []row
	for object, err := range objects {
		if err != nil {
			return errors.Join(m.writePage(ctx, t, r, pending, p), err)
		}
		if pending = append(pending, object); len(pending) == page {
			if err := m.writePage(ctx, t, r, pending, p); err != nil {
				return err
			}
			pending = nil
		}
	}
	return m.writePage(ctx, t, r, pending, p)
}

// writePage writes rows, marks them as seen, and moves the cursor of the run after them.
func (m *mirror) writePage(ctx context.Context, t *table, r *run, page []row, p progress) error {
	if len(page) == 0 {
		return nil
	}
	last, ids := page[len(page)-1], make([]string, len(page))
	for i := range page {
		ids[i] = page[i].id
	}
	batch, err := m.batch(page...)
	if err != nil {
		return err
	}
	batch.Queue("UPDATE "+t.name+" SET seen_run = greatest(seen_run, $1) WHERE id = ANY($2)", r.id, ids)
	batch.Queue("UPDATE sync_runs SET cursor = $2, cursor_created_at = $3, done = $4, total = $5 WHERE id = $1",
		r.id, last.id, last.createdAt, r.done+int64(len(page)), r.total)
	err = m.send(ctx, batch)
	if err == nil {
		r.cursor, r.cursorCreatedAt, r.done = last.id, last.createdAt, r.done+int64(len(page))
		p.set(t.list, r.done, r.total)
	}
	return err
}
