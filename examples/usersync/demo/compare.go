package main

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// compare returns a line for each row that differs from the instance.
func compare(ctx context.Context, d *demonstration, client *clerk.Client, pool *pgxpool.Pool) (wrong []string, err error) {
	for _, c := range []struct {
		name, query string
		list        func() (map[string]string, error)
	}{
		{"users", "SELECT id, concat_ws('|', version, email, first_name, last_name) FROM clerk_users WHERE deleted_at IS NULL",
			func() (map[string]string, error) {
				return collect(users.AllUsers(ctx, client, users.ListUsersParams{Limit: clerk.Set(500)}), func(u *api.User) (string, []any) {
					email := ""
					if e := u.PrimaryEmail(); e != nil {
						email = e.EmailAddress
					}
					return u.ID, []any{int64(u.UpdatedAt), email, clerk.Value(u.FirstName), clerk.Value(u.LastName)}
				})
			}},
		{"organizations", "SELECT id, concat_ws('|', version, name, slug) FROM clerk_organizations WHERE deleted_at IS NULL",
			func() (map[string]string, error) {
				params := organizations.ListOrganizationsParams{Limit: clerk.Set(500)}
				return collect(organizations.AllOrganizations(ctx, client, params), func(o *api.Organization) (string, []any) {
					return o.ID, []any{int64(o.UpdatedAt), o.Name, o.Slug}
				})
			}},
		{"memberships", "SELECT c.id, concat_ws('|', c.version, m.organization_id, m.user_id, m.role) FROM members m JOIN clerk_memberships c USING (id)",
			func() (map[string]string, error) {
				params := organizations.ListInstanceOrganizationMembershipsParams{Limit: clerk.Set(500)}
				return collect(organizations.AllInstanceOrganizationMemberships(ctx, client, params), func(o *api.OrganizationMembership) (string, []any) {
					return o.ID, []any{int64(o.UpdatedAt), o.Organization.ID, o.PublicUserData.UserID, o.Role}
				})
			}},
	} {
		want, err := c.list()
		if err != nil {
			return nil, err
		}
		rows, err := pool.Query(ctx, c.query)
		if err != nil {
			return nil, err
		}
		n, before := len(want), len(wrong)
		var id, have string
		if _, err := pgx.ForEachRow(rows, []any{&id, &have}, func() error {
			if want[id] != have {
				wrong = append(wrong, fmt.Sprintf("%s: %s is %q, and in the instance %q", c.name, id, have, want[id]))
			}
			delete(want, id)
			return nil
		}); err != nil {
			return nil, err
		}
		for id := range want {
			wrong = append(wrong, fmt.Sprintf("%s: %s has no row", c.name, id))
		}
		d.say(c.name, "%d in the instance, %d rows differ", n, len(wrong)-before)
	}
	return wrong, nil
}

// collect returns what a table should have of each object, separated as concat_ws does.
func collect[T any](list iter.Seq2[*T, error], of func(*T) (string, []any)) (map[string]string, error) {
	all := map[string]string{}
	for object, err := range list {
		if err != nil {
			return nil, err
		}
		id, values := of(object)
		var texts []string
		for _, v := range values {
			if text := fmt.Sprint(v); text != "" {
				texts = append(texts, text)
			}
		}
		all[id] = strings.Join(texts, "|")
	}
	return all, nil
}
