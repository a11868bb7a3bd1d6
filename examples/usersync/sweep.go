package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// limits are how many rows a sweep may ask the API for. There are more if a list was read
// with a wrong key.
type limits struct {
	deletes int
	percent float64
}

// sweep buries the rows that the last complete run of each list did not see, and whose
// object the API does not have either. It does nothing if that is about too many rows.
func (m *mirror) sweep(ctx context.Context, l limits, out io.Writer) error {
	var unseen [][]string // ids as fetch takes them
	var of []*table
	for _, t := range tables {
		ids, err := m.unseen(ctx, t)
		if err != nil {
			return err
		}
		var rows int
		if err := m.pool.QueryRow(ctx, "SELECT count(*) FROM "+t.name+" WHERE deleted_at IS NULL").Scan(&rows); err != nil {
			return err
		}
		if n := len(ids); n > l.deletes || float64(n) > float64(rows)*l.percent/100 {
			for _, missing := range ids {
				fmt.Fprintln(out, missing[0])
			}
			return refusal{fmt.Errorf("%d of %d %s are not in Clerk's list, which is too many to be deleted ones: nothing was changed", n, rows, t.list)}
		}
		unseen, of = append(unseen, ids...), append(of, slices.Repeat([]*table{t}, len(ids))...)
	}
	for i, ids := range unseen {
		r, err := m.fetch(ctx, of[i], ids...)
		if err == nil {
			err = m.write(ctx, r)
		}
		if err != nil {
			return err
		}
		if !r.deletedAt.IsZero() {
			fmt.Fprintln(out, "buried", r.id)
		}
	}
	return nil
}

// unseen returns the rows that are older than the last complete run and were not seen by it.
func (m *mirror) unseen(ctx context.Context, t *table) ([][]string, error) {
	var run int64
	var began time.Time
	err := m.pool.QueryRow(ctx, "SELECT id, started_at FROM sync_runs WHERE list = $1 AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1", t.list).Scan(&run, &began)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("no backfill of %s is complete", t.list)
	}
	if err != nil {
		return nil, err
	}
	columns := "ARRAY[id]"
	if t == membershipTable {
		columns = "ARRAY[id, organization_id, user_id]"
	}
	found, err := m.pool.Query(ctx, "SELECT "+columns+" FROM "+t.name+" WHERE deleted_at IS NULL AND seen_run < $1 AND created_at < $2 ORDER BY id", run, began)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowTo[[]string])
}
