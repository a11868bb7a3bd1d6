package clerktest

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/invitations"
)

// SeedWaitlistEntry is an entry of the waitlist in a seed.
type SeedWaitlistEntry struct {
	api.WaitlistEntry
	InvitationID string          `json:"invitation_id,omitempty"`
	InvitedAt    clerk.Timestamp `json:"invited_at,omitempty"`
}

const maxBulkEntries = 50

type waitlistTables struct {
	waitlist        kind[SeedWaitlistEntry]
	waitlistByEmail *store.Index[SeedWaitlistEntry]
}

func (t *tables) addWaitlist() {
	addSeeded(t, "waitlist_entries", &t.waitlist, kind[SeedWaitlistEntry]{
		noun: "waitlist entry", object: "waitlist_entry", prefix: "wle", component: "WaitlistEntry",
		more: append(membersOf(seedText, "invitation_id"), membersOf(seedNumber, "invited_at")...),
		seed: func(s *Seed) *[]SeedWaitlistEntry { return &s.WaitlistEntries },
		complete: func(i *Instance, v *SeedWaitlistEntry) error {
			v.Status, v.Invitation = cmp.Or(v.Status, api.WaitlistEntryStatusPending), nil
			return checkEmail("email_address", v.EmailAddress)
		},
		listing: resource.Listing[SeedWaitlistEntry]{
			Search: func(v *SeedWaitlistEntry) []string { return []string{v.EmailAddress} },
			Orders: map[string]func(a, b *SeedWaitlistEntry) int{
				"created_at":    resource.By(func(v *SeedWaitlistEntry) clerk.Timestamp { return v.CreatedAt }),
				"email_address": resource.By(func(v *SeedWaitlistEntry) string { return v.EmailAddress }),
				"invited_at":    resource.By(func(v *SeedWaitlistEntry) clerk.Timestamp { return v.InvitedAt }),
			},
			ByDefault: "-created_at",
		},
	}, func(v *SeedWaitlistEntry) string { return v.ID })
	t.waitlistByEmail = t.waitlist.By(one(func(v *SeedWaitlistEntry) string { return strings.ToLower(v.EmailAddress) }))
}

// showEntry returns an entry as the API shows it, with its invitation.
func (i *Instance) showEntry(v *SeedWaitlistEntry) *api.WaitlistEntry {
	shown := v.WaitlistEntry
	if invitation := i.invitations.Get(v.InvitationID); invitation != nil {
		shown.Invitation = i.showInvitation(invitation)
	}
	return &shown
}

func (i *Instance) setWaitlistHandlers(h *Handlers) {
	h.ListWaitlistEntries = func(_ context.Context, params invitations.ListWaitlistEntriesParams) (*clerk.List[api.WaitlistEntry], error) {
		return read(i, func() (*clerk.List[api.WaitlistEntry], error) {
			page, err := i.waitlist.page(i.waitlist.All(), params)
			if err != nil {
				return nil, err
			}
			return mapped(page, i.showEntry), nil
		})
	}
	h.CreateWaitlistEntry = func(_ context.Context, params invitations.CreateWaitlistEntryParams) (*api.WaitlistEntry, error) {
		return write(i, func() (*api.WaitlistEntry, error) { return i.addToWaitlist(invitations.NewWaitlistEntry(params)) })
	}
	h.CreateWaitlistEntryBulk = func(_ context.Context, params invitations.CreateWaitlistEntryBulkParams) (*clerk.List[api.WaitlistEntry], error) {
		return write(i, func() (*clerk.List[api.WaitlistEntry], error) { return bulk(params, maxBulkEntries, i.addToWaitlist) })
	}
	h.DeleteWaitlistEntry = i.deleteWaitlistEntry
	h.InviteWaitlistEntry = i.inviteWaitlistEntry
	h.RejectWaitlistEntry = i.rejectWaitlistEntry
}

// addToWaitlist adds an address, or returns the entry that it has already.
func (i *Instance) addToWaitlist(params invitations.NewWaitlistEntry) (*api.WaitlistEntry, error) {
	if err := checkEmail("email_address", params.EmailAddress); err != nil {
		return nil, err
	}
	if known := i.waitlistByEmail.First(strings.ToLower(params.EmailAddress)); known != nil {
		return i.showEntry(known), nil
	}
	made, err := i.waitlist.create(i.now(), params, func(v *SeedWaitlistEntry) error {
		v.Status = api.WaitlistEntryStatusPending
		return nil
	})
	if err != nil {
		return nil, err
	}
	return i.showEntry(made), nil
}

// wrongEntryState returns the error for an entry whose status forbids a change.
func wrongEntryState(v *SeedWaitlistEntry, forbidden string) error {
	return failure(http.StatusConflict, "waitlist_entry_status_invalid", "an entry that is "+string(v.Status)+" cannot be "+forbidden, "")
}

func (i *Instance) deleteWaitlistEntry(_ context.Context, entryID string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		if v := i.waitlist.Get(entryID); v != nil && v.Status != api.WaitlistEntryStatusPending {
			return nil, wrongEntryState(v, "deleted")
		}
		return i.waitlist.delete(entryID)
	})
}

func (i *Instance) inviteWaitlistEntry(_ context.Context, entryID string, params invitations.InviteWaitlistEntryParams) (*api.WaitlistEntry, error) {
	return write(i, func() (*api.WaitlistEntry, error) {
		v, err := i.waitlist.change(entryID, i.now(), nil, func(v *SeedWaitlistEntry) error {
			if v.Status == api.WaitlistEntryStatusCompleted || v.IsLocked {
				return wrongEntryState(v, "invited")
			}
			invitation, err := i.invite(invitations.NewInvitation{
				EmailAddress: v.EmailAddress, IgnoreExisting: params.IgnoreExisting,
				TemplateSlug: clerk.Set(invitations.TemplateSlugWaitlistInvitation),
			})
			if err != nil {
				return err
			}
			v.Status, v.InvitationID = api.WaitlistEntryStatusInvited, invitation.ID
			stamp(&v.InvitedAt, i.now())
			return nil
		})
		if err != nil {
			return nil, err
		}
		return i.showEntry(v), nil
	})
}

func (i *Instance) rejectWaitlistEntry(_ context.Context, entryID string) (*api.WaitlistEntry, error) {
	return write(i, func() (*api.WaitlistEntry, error) {
		v, err := i.waitlist.change(entryID, i.now(), nil, func(v *SeedWaitlistEntry) error {
			if v.Status == api.WaitlistEntryStatusCompleted || v.Status == api.WaitlistEntryStatusRejected {
				return wrongEntryState(v, "rejected")
			}
			v.Status = api.WaitlistEntryStatusRejected
			return nil
		})
		if err != nil {
			return nil, err
		}
		return i.showEntry(v), nil
	})
}
