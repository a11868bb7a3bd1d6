package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// row is an object of Clerk's as a table has it, or its tombstone.
type row struct {
	table          *table
	id             string
	version        int64
	eventAt        int64
	deletedAt      time.Time // zero unless it is a tombstone
	createdAt      time.Time
	kept, personal []any
}

// tombstone returns what is left of a deleted object. kept are the values of table.kept.
func tombstone(t *table, id string, eventAt int64, kept ...any) row {
	deletedAt := time.Now()
	if eventAt > 0 {
		deletedAt = time.UnixMilli(eventAt)
	}
	return row{table: t, id: id, eventAt: eventAt, deletedAt: deletedAt, kept: kept}
}

// check reports an object that cannot have a row.
func (r row) check() error {
	if r.id == "" {
		return errors.New("the object has no id")
	}
	for i, id := range r.kept {
		if id == "" {
			return fmt.Errorf("%s has no %s", r.id, r.table.kept[i])
		}
	}
	return nil
}

func (m *mirror) user(u *api.User, eventAt int64) row {
	return row{table: userTable, id: u.ID, version: int64(u.UpdatedAt), eventAt: eventAt, createdAt: u.CreatedAt.Time(), personal: []any{
		text(u.ExternalID), text(u.Username), text(verifiedEmail(u)), text(u.FirstName), text(u.LastName), text(&u.ImageURL), u.Banned,
		u.CreatedAt.Time(), u.UpdatedAt.Time(), m.data(u.PublicMetadata, u.UnsafeMetadata, u.PrivateMetadata)}}
}

func (m *mirror) organization(o *api.Organization, eventAt int64) row {
	return row{table: organizationTable, id: o.ID, version: int64(o.UpdatedAt), eventAt: eventAt, createdAt: o.CreatedAt.Time(), personal: []any{
		text(&o.Name), text(&o.Slug), o.CreatedAt.Time(), o.UpdatedAt.Time(), m.data(o.PublicMetadata, clerk.Metadata{}, o.PrivateMetadata)}}
}

func (m *mirror) membership(o *api.OrganizationMembership, eventAt int64) row {
	permissions := make([]string, len(o.Permissions))
	for i := range permissions {
		permissions[i] = *text(&o.Permissions[i])
	}
	return row{table: membershipTable, id: o.ID, version: int64(o.UpdatedAt), eventAt: eventAt, createdAt: o.CreatedAt.Time(),
		kept: []any{o.Organization.ID, memberOf(o)}, personal: []any{
			text(&o.Role), permissions, o.CreatedAt.Time(), o.UpdatedAt.Time(), m.data(o.PublicMetadata, clerk.Metadata{}, o.PrivateMetadata)}}
}

// memberOf returns the id of the user, "" if the membership does not say it.
func memberOf(o *api.OrganizationMembership) string {
	if o.PublicUserData == nil {
		return ""
	}
	return o.PublicUserData.UserID
}

func verifiedEmail(u *api.User) *string {
	if e := u.PrimaryEmail(); e != nil && e.Verification != nil && e.Verification.Status == api.VerificationStatusVerified {
		return &e.EmailAddress
	}
	return nil
}

// data returns metadata as the text of an object: not every mode of pgx can encode a map.
// Users write some of it themselves, so what PostgreSQL refuses must not stop a delivery:
// see clean.
func (m *mirror) data(public, unsafe, private clerk.Metadata) string {
	all := map[string]any{}
	for name, metadata := range map[string]clerk.Metadata{"public": public, "unsafe": unsafe, "private": private} {
		if metadata.IsZero() || name == "private" && !m.private {
			continue
		}
		decoder := json.NewDecoder(strings.NewReader(metadata.String()))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) == nil {
			all[name] = clean(value)
		}
	}
	encoded, _ := json.Marshal(all) // what was decoded can be encoded
	return string(encoded)
}

// clean returns a value of JSON that jsonb accepts: without zero characters, and with
// numbers beyond its range as text.
func clean(value any) any {
	switch v := value.(type) {
	case string:
		return *text(&v)
	case json.Number:
		if f, err := strconv.ParseFloat(v.String(), 64); err != nil || f == 0 && strings.ContainsAny(v.String(), "eE") {
			return v.String()
		}
	case []any:
		for i := range v {
			v[i] = clean(v[i])
		}
	case map[string]any:
		cleaned := make(map[string]any, len(v))
		for name, member := range v {
			cleaned[*text(&name)] = clean(member)
		}
		return cleaned
	}
	return value
}

// text returns s without zero characters, which PostgreSQL refuses.
func text(s *string) *string {
	if s == nil || !strings.Contains(*s, "\x00") {
		return s
	}
	return new(strings.ReplaceAll(*s, "\x00", ""))
}
