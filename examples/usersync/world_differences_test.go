package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backend-sdk/clerk-go/clerk"
)

// differences compares the tables with the world, tombstones included.
func (w *world) differences(ctx context.Context, pool *pgxpool.Pool) (wrong []string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range []struct {
		query string
		want  map[string]string
	}{
		{"SELECT id, concat_ws('|', version, external_id, username, coalesce(email, '-'), first_name, last_name, image_url, banned, " +
			"extract(epoch FROM created_at)::numeric(20,3), extract(epoch FROM updated_at)::numeric(20,3), data) FROM clerk_users WHERE deleted_at IS NULL", w.wantUsers()},
		{"SELECT id, concat_ws('|', version, name, slug, extract(epoch FROM created_at)::numeric(20,3), data) FROM clerk_organizations WHERE deleted_at IS NULL", w.wantOrganizations()},
		{"SELECT m.id, concat_ws('|', c.version, m.organization_id, m.user_id, m.role, m.permissions, c.data) FROM members m JOIN clerk_memberships c USING (id)", w.wantMembers()},
	} {
		rows, err := pool.Query(ctx, c.query)
		if err != nil {
			return nil, err
		}
		var id, have string
		if _, err := pgx.ForEachRow(rows, []any{&id, &have}, func() error {
			if want, exists := c.want[id]; !exists {
				wrong = append(wrong, id+" has a row and does not exist: "+have)
			} else if have != want {
				wrong = append(wrong, id+" is "+have+"\n  and not "+want)
			}
			delete(c.want, id)
			return nil
		}); err != nil {
			return nil, err
		}
		for id := range c.want {
			wrong = append(wrong, id+" has no row")
		}
	}
	talkative, err := talkativeTombstones(ctx, pool)
	return append(wrong, talkative...), err
}

// talkativeTombstones returns the buried rows that have more than they may.
func talkativeTombstones(ctx context.Context, pool *pgxpool.Pool) (all []string, err error) {
	for _, t := range tables {
		rows, err := pool.Query(ctx, "SELECT to_jsonb(r)::text FROM "+t.name+" r WHERE deleted_at IS NOT NULL AND jsonb_strip_nulls(to_jsonb(r)) - $1::text[] <> '{}'",
			append([]string{"id", "version", "event_at", "deleted_at", "seen_run"}, t.kept...))
		if err != nil {
			return nil, err
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			all = append(all, "a tombstone has more than ids: "+row)
		}
	}
	return all, nil
}

func (w *world) wantUsers() map[string]string {
	all := map[string]string{}
	for id, u := range w.users.byID {
		email := "-"
		if *u.PrimaryEmailAddressID == "idn_1" {
			email = u.EmailAddresses[0].EmailAddress
		}
		all[id] = join(int64(u.UpdatedAt), *u.ExternalID, *u.Username, email, *u.FirstName, *u.LastName, u.ImageURL, string(fmt.Sprint(u.Banned)[0]),
			seconds(u.CreatedAt), seconds(u.UpdatedAt), fmt.Sprintf(`{"public": {"n": %d}, "unsafe": {"by": %q}}`, number(id), *u.Username))
	}
	return all
}

func (w *world) wantOrganizations() map[string]string {
	all := map[string]string{}
	for id, o := range w.orgs.byID {
		all[id] = join(int64(o.UpdatedAt), o.Name, o.Slug, seconds(o.CreatedAt), fmt.Sprintf(`{"public": {"n": %d}}`, number(id)))
	}
	return all
}

func (w *world) wantMembers() map[string]string {
	all := map[string]string{}
	for id, o := range w.members.byID {
		all[id] = join(int64(o.UpdatedAt), o.Organization.ID, o.PublicUserData.UserID, o.Role, "{"+strings.Join(o.Permissions, ",")+"}",
			fmt.Sprintf(`{"public": {"n": %d}}`, number(id)))
	}
	return all
}

func join(values ...any) string {
	var all []string
	for _, v := range values {
		all = append(all, fmt.Sprint(v))
	}
	return strings.Join(all, "|")
}

func seconds(t clerk.Timestamp) string { return fmt.Sprintf("%.3f", float64(t)/1000) }

func number(id string) (n int) {
	_, digits, _ := strings.Cut(id, "_")
	fmt.Sscanf(strings.TrimLeft(digits, "0"), "%d", &n)
	return n
}
