package emulator

import (
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/invitations"
)

var _ = scenario("invitations", func(t *testing.T, w *world) {
	ctx := t.Context()
	made := must[*api.Invitation](t)(invitations.CreateInvitation(ctx, w.client, invitations.CreateInvitationParams{
		EmailAddress: "ada@example.com", PublicMetadata: clerk.SetMetadata(map[string]any{"team": "red"}), ExpiresInDays: clerk.Set(2),
	}))
	fit(t, made.Status == api.InvitationStatusPending && strings.Contains(made.URL, "__clerk_ticket=") && made.ExpiresAt != nil, "the invitation is %+v", made)
	_, err := invitations.CreateInvitation(ctx, w.client, invitations.CreateInvitationParams{EmailAddress: "Ada@example.com"})
	refused(t, err, 400, "duplicate_record")
	_, err = invitations.CreateInvitation(ctx, w.client, invitations.CreateInvitationParams{EmailAddress: "nobody"})
	refused(t, err, 422, "form_param_format_invalid")
	_, err = invitations.CreateInvitationBulk(ctx, w.client, invitations.CreateInvitationBulkParams{{EmailAddress: "bob@example.com"}, {EmailAddress: "ada@example.com"}})
	refused(t, err, 400, "duplicate_record")
	bulk, err := invitations.CreateInvitationBulk(ctx, w.client, invitations.CreateInvitationBulkParams{{EmailAddress: "bob@example.com"}, {EmailAddress: "ada@example.com", IgnoreExisting: clerk.Set(true)}})
	fit(t, err == nil && len(bulk.Data) == 2, "the bulk call returned %v, %v", bulk, err)
	must[*api.Invitation](t)(invitations.RevokeInvitation(ctx, w.client, made.ID))
	_, err = invitations.RevokeInvitation(ctx, w.client, made.ID)
	refused(t, err, 400, "invitation_already_revoked")
	list, err := invitations.ListInvitations(ctx, w.client, invitations.ListInvitationsParams{Status: clerk.Set(api.InvitationStatusPending), OrderBy: clerk.Set("email_address")})
	fit(t, err == nil && len(list.Data) == 2 && list.Data[0].EmailAddress == "ada@example.com", "the list is %v, %v", list, err)
	list, err = invitations.ListInvitations(ctx, w.client, invitations.ListInvitationsParams{Query: clerk.Set("BOB")})
	fit(t, err == nil && len(list.Data) == 1, "the search finds %v, %v", list, err)
	_, err = invitations.ListInvitations(ctx, w.client, invitations.ListInvitationsParams{OrderBy: clerk.Set("colour")})
	refused(t, err, 422, "form_param_value_invalid")
})

var _ = scenario("waitlist", func(t *testing.T, w *world) {
	ctx := t.Context()
	made := must[*api.WaitlistEntry](t)(invitations.CreateWaitlistEntry(ctx, w.client, invitations.CreateWaitlistEntryParams{EmailAddress: "ada@example.com"}))
	again := must[*api.WaitlistEntry](t)(invitations.CreateWaitlistEntry(ctx, w.client, invitations.CreateWaitlistEntryParams{EmailAddress: "ADA@example.com"}))
	fit(t, again.ID == made.ID, "a second entry was made")
	bulk, err := invitations.CreateWaitlistEntryBulk(ctx, w.client, invitations.CreateWaitlistEntryBulkParams{{EmailAddress: "bob@example.com"}, {EmailAddress: "cyd@example.com"}})
	fit(t, err == nil && len(bulk.Data) == 2, "the bulk call returned %v, %v", bulk, err)
	invited := must[*api.WaitlistEntry](t)(invitations.InviteWaitlistEntry(ctx, w.client, made.ID, invitations.InviteWaitlistEntryParams{}))
	fit(t, invited.Status == api.WaitlistEntryStatusInvited && invited.Invitation != nil && invited.Invitation.URL != "", "the entry is %+v", invited)
	_, err = invitations.DeleteWaitlistEntry(ctx, w.client, made.ID)
	refused(t, err, 409, "waitlist_entry_status_invalid")
	rejected := must[*api.WaitlistEntry](t)(invitations.RejectWaitlistEntry(ctx, w.client, bulk.Data[0].ID))
	fit(t, rejected.Status == api.WaitlistEntryStatusRejected, "the entry is %+v", rejected)
	must[*api.DeletedObject](t)(invitations.DeleteWaitlistEntry(ctx, w.client, bulk.Data[1].ID))
	list, err := invitations.ListWaitlistEntries(ctx, w.client, invitations.ListWaitlistEntriesParams{})
	fit(t, err == nil && len(list.Data) == 2, "the list is %v, %v", list, err)
})

var _ = scenario("identifier lists", func(t *testing.T, w *world) {
	ctx := t.Context()
	allowed := must[*api.AllowlistIdentifier](t)(invitations.CreateAllowlistIdentifier(ctx, w.client, invitations.CreateAllowlistIdentifierParams{Identifier: "ada@example.com", Notify: clerk.Set(true)}))
	fit(t, allowed.InvitationID != nil && allowed.IdentifierType == api.IdentifierTypeEmailAddress, "the identifier is %+v", allowed)
	_, err := invitations.CreateAllowlistIdentifier(ctx, w.client, invitations.CreateAllowlistIdentifierParams{Identifier: "ada@example.com"})
	refused(t, err, 400, "duplicate_record")
	all, err := invitations.ListAllowlistIdentifiers(ctx, w.client, invitations.ListAllowlistIdentifiersParams{})
	fit(t, err == nil && len(all.Data) == 1, "the list is %v, %v", all, err)
	must[*api.DeletedObject](t)(invitations.DeleteAllowlistIdentifier(ctx, w.client, allowed.ID))

	blocked := must[*api.BlocklistIdentifier](t)(invitations.CreateBlocklistIdentifier(ctx, w.client, invitations.CreateBlocklistIdentifierParams{Identifier: "*@spam.example"}))
	_, err = invitations.CreateBlocklistIdentifier(ctx, w.client, invitations.CreateBlocklistIdentifierParams{Identifier: "*@SPAM.example"})
	refused(t, err, 400, "duplicate_record")
	_, err = invitations.CreateBlocklistIdentifier(ctx, w.client, invitations.CreateBlocklistIdentifierParams{Identifier: "everybody"})
	refused(t, err, 422, "form_param_format_invalid")
	list, err := invitations.ListBlocklistIdentifiers(ctx, w.client)
	fit(t, err == nil && slices.ContainsFunc(list.Data, func(v *api.BlocklistIdentifier) bool { return v.ID == blocked.ID }), "the list is %v, %v", list, err)
	must[*api.DeletedObject](t)(invitations.DeleteBlocklistIdentifier(ctx, w.client, blocked.ID))
	_, err = invitations.DeleteBlocklistIdentifier(ctx, w.client, blocked.ID)
	refused(t, err, 404, "resource_not_found")
})
