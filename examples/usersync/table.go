package main

import (
	"fmt"
	"slices"
	"strings"
)

// table is a table of Clerk's objects. It has the columns of head, those of kept and those
// of personal; a tombstone has only the first two.
type table struct {
	list           string // its name in sync_runs
	name           string
	kept, personal []string
}

var head = []string{"id", "version", "event_at"}

var (
	userTable = &table{"users", "clerk_users", nil, []string{
		"external_id", "username", "email", "first_name", "last_name", "image_url", "banned", "created_at", "updated_at", "data"}}
	organizationTable = &table{"organizations", "clerk_organizations", nil, []string{
		"name", "slug", "created_at", "updated_at", "data"}}
	membershipTable = &table{"memberships", "clerk_memberships", []string{"organization_id", "user_id"}, []string{
		"role", "permissions", "created_at", "updated_at", "data"}}

	tables = []*table{userTable, organizationTable, membershipTable}
)

// guard is when a row is replaced. Equal versions are written too, so that a delivery that
// is sent again repairs the row.
const guard = "row.deleted_at IS NULL AND (row.version, row.event_at) <= (excluded.version, excluded.event_at)"

// upsert returns the statement that writes a row unless the table has a newer one.
func (t *table) upsert() string {
	columns := slices.Concat(head, t.kept, t.personal)
	return fmt.Sprintf("INSERT INTO %s AS row (%s) VALUES (%s) ON CONFLICT (id) DO UPDATE SET %s WHERE %s",
		t.name, strings.Join(columns, ", "), parameters(columns), assign(columns, "excluded.%s"), guard)
}

// bury returns the statement that makes a row a tombstone, however new it is.
func (t *table) bury() string {
	columns := slices.Concat(head, t.kept, []string{"deleted_at"})
	return fmt.Sprintf("INSERT INTO %s AS row (%s) VALUES (%s) ON CONFLICT (id) DO UPDATE SET %s, "+
		"version = greatest(row.version, excluded.version), event_at = greatest(row.event_at, excluded.event_at), "+
		"deleted_at = coalesce(row.deleted_at, excluded.deleted_at)",
		t.name, strings.Join(columns, ", "), parameters(columns), assign(t.personal, "NULL"))
}

// parameters returns a parameter for each column. That of data needs a cast where pgx does
// not ask the database for types, and sends it as text.
func parameters(columns []string) string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = fmt.Sprintf("$%d", i+1)
		if column == "data" {
			names[i] += "::jsonb"
		}
	}
	return strings.Join(names, ", ")
}

func assign(columns []string, value string) string {
	all := make([]string, len(columns))
	for i, column := range columns {
		all[i] = column + " = " + strings.ReplaceAll(value, "%s", column)
	}
	return strings.Join(all, ", ")
}
