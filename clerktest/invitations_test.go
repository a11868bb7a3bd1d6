package clerktest_test

import (
	"strings"
	"testing"
)

var _ = populate(map[string]string{
	"invitations": `[{"id": "inv_1", "email_address": "invited@example.com"}]`,
	"waitlist_entries": `[{"id": "wle_1", "email_address": "waiting@example.com"},
		{"id": "wle_2", "email_address": "invited@example.com", "status": "invited", "invitation_id": "inv_1"}]`,
	"allowlist_identifiers": `[{"id": "alid_1", "identifier": "*@example.com"}]`,
	"blocklist_identifiers": `[{"id": "blid_1", "identifier": "+15555550100"}]`,
})

var _ = rightly(map[string]rightRequest{
	"CreateInvitation":          {body: map[string]any{"email_address": "new@example.com"}},
	"CreateInvitationBulk":      {list: []any{map[string]any{"email_address": "new@example.com"}}},
	"RevokeInvitation":          {ids: []string{"inv_1"}},
	"CreateWaitlistEntry":       {body: map[string]any{"email_address": "new@example.com"}},
	"CreateWaitlistEntryBulk":   {list: []any{map[string]any{"email_address": "new@example.com"}}},
	"DeleteWaitlistEntry":       {ids: []string{"wle_1"}},
	"InviteWaitlistEntry":       {ids: []string{"wle_1"}, body: map[string]any{"ignore_existing": true}},
	"RejectWaitlistEntry":       {ids: []string{"wle_1"}},
	"CreateAllowlistIdentifier": {body: map[string]any{"identifier": "new@example.com"}},
	"DeleteAllowlistIdentifier": {ids: []string{"alid_1"}},
	"CreateBlocklistIdentifier": {body: map[string]any{"identifier": "new@example.com"}},
	"DeleteBlocklistIdentifier": {ids: []string{"blid_1"}},
})

func TestInvitationsOfASeedAreRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	for seed, want := range map[string]string{
		`{"invitations": [{"id": "inv_1", "email_address": "ada@localhost"}]}`:                                                         "invitations[0].email_address must be a valid email address",
		`{"invitations": [{"id": "x", "email_address": "a@example.com"}]}`:                                                             "invitations[0].id must be inv_ and letters or digits",
		`{"allowlist_identifiers": [{"id": "alid_1", "identifier": "everybody"}]}`:                                                     "allowlist_identifiers[0].identifier must have",
		`{"waitlist_entries": [{"id": "wle_1", "email_address": "a@example.com"}, {"id": "wle_1", "email_address": "b@example.com"}]}`: "waitlist_entries[1].id belongs to another waitlist entry",
	} {
		_, err := startFrom(t, seed)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", seed, err, want)
		}
	}
}
