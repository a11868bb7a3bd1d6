package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/invitations"
)

// SeedInvitation is an invitation in a seed.
type SeedInvitation struct {
	api.Invitation
	// RedirectURL is where the link leads, without it the instance's own sign-up page.
	RedirectURL string `json:"redirect_url,omitempty"`
	// Ticket is what the link proves the invitation with.
	Ticket string `json:"ticket,omitempty" clerk:"credential"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (v SeedInvitation) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, v) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (v SeedInvitation) LogValue() slog.Value { return clerk.LogHidden(v) }

const (
	invitationLife     = 30 // days
	maxBulkInvitations = 10
)

type invitationTables struct {
	invitations         kind[SeedInvitation]
	invitationsByEmail  *store.Index[SeedInvitation]
	invitationsByTicket *store.Index[SeedInvitation]
}

func (t *tables) addInvitations() {
	addSeeded(t, "invitations", &t.invitations, kind[SeedInvitation]{
		noun: "invitation", object: "invitation", prefix: "inv", component: "Invitation",
		more: membersOf(seedText, "redirect_url", "ticket"),
		seed: func(s *Seed) *[]SeedInvitation { return &s.Invitations },
		complete: func(i *Instance, v *SeedInvitation) error {
			v.Ticket = cmp.Or(v.Ticket, derivedID("dvb", i.secretKey, v.ID))
			v.Status = cmp.Or(v.Status, api.InvitationStatusPending)
			return checkEmail("email_address", v.EmailAddress)
		},
		listing: resource.Listing[SeedInvitation]{
			Search: func(v *SeedInvitation) []string { return []string{v.EmailAddress} },
			Orders: map[string]func(a, b *SeedInvitation) int{
				"created_at":    resource.By(func(v *SeedInvitation) clerk.Timestamp { return v.CreatedAt }),
				"email_address": resource.By(func(v *SeedInvitation) string { return v.EmailAddress }),
				"expires_at":    resource.By(func(v *SeedInvitation) int64 { return clerk.Value(v.ExpiresAt) }),
			},
			ByDefault: "-created_at",
		},
	}, func(v *SeedInvitation) string { return v.ID })
	t.invitationsByEmail = t.invitations.By(one(func(v *SeedInvitation) string { return strings.ToLower(v.EmailAddress) }))
	t.invitationsByTicket = t.invitations.By(one(func(v *SeedInvitation) string { return v.Ticket }))
}

// at returns an invitation as it is at a given time: a pending one expires.
func (v *SeedInvitation) at(now time.Time) *SeedInvitation {
	if v.Status != api.InvitationStatusPending || v.ExpiresAt == nil || now.UnixMilli() < *v.ExpiresAt {
		return v
	}
	expired := *v
	expired.Status = api.InvitationStatusExpired
	return &expired
}

// showInvitation returns an invitation as the API shows it: with its link while it works.
func (i *Instance) showInvitation(v *SeedInvitation) *api.Invitation {
	shown := v.at(i.now()).Invitation
	shown.Revoked = new(shown.Status == api.InvitationStatusRevoked)
	if shown.Status == api.InvitationStatusPending {
		shown.URL = i.ticketURL("/sign-up", v.RedirectURL, v.Ticket)
	}
	return &shown
}

// ticketURL returns a link to a page of the instance, or to another page, with a ticket.
func (i *Instance) ticketURL(page, other, ticket string) string {
	target := i.URL() + page
	if i.pages {
		target = i.URL() + frontendPath + page
	}
	if other != "" {
		target = other
	}
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	return withParameter(u, "__clerk_ticket", ticket).String()
}

func (i *Instance) setInvitationHandlers(h *Handlers) {
	h.ListInvitations = func(_ context.Context, params invitations.ListInvitationsParams) (*clerk.List[api.Invitation], error) {
		var list []*SeedInvitation
		for _, v := range i.invitations.Snapshot() {
			list = append(list, v.at(i.now()))
		}
		page, err := i.invitations.page(list, params)
		if err != nil {
			return nil, err
		}
		return mapped(page, i.showInvitation), nil
	}
	h.CreateInvitation = func(_ context.Context, params invitations.CreateInvitationParams) (*api.Invitation, error) {
		return write(i, func() (*api.Invitation, error) { return i.invite(invitations.NewInvitation(params)) })
	}
	h.CreateInvitationBulk = func(_ context.Context, params invitations.CreateInvitationBulkParams) (*clerk.List[api.Invitation], error) {
		return write(i, func() (*clerk.List[api.Invitation], error) {
			return bulk(params, maxBulkInvitations, i.invite)
		})
	}
	h.RevokeInvitation = i.revokeInvitation
}

// bulk makes a resource of each item, or none if one is refused.
func bulk[P, R any](items []P, most int, create func(P) (*R, error)) (*clerk.List[R], error) {
	if len(items) > most {
		return nil, failure(http.StatusBadRequest, "bulk_size_exceeded", "the list is too long", "")
	}
	list := &clerk.List[R]{Data: []*R{}}
	for _, item := range items {
		made, err := create(item)
		if err != nil {
			return nil, err
		}
		list.Data = append(list.Data, made)
	}
	return list, nil
}

// checkRedirectURL returns an error for a URL, unless it is empty, that no link can lead to.
func checkRedirectURL(text string) error {
	if u, err := url.Parse(text); text != "" && (err != nil || u.Scheme == "" || u.Host == "") {
		return invalid("form_param_format_invalid", "redirect_url", "must be a full URL")
	}
	return nil
}

// invite makes an invitation in the course of a write.
func (i *Instance) invite(params invitations.NewInvitation) (*api.Invitation, error) {
	if err := checkEmail("email_address", params.EmailAddress); err != nil {
		return nil, err
	}
	if err := checkRedirectURL(params.RedirectURL.Or("")); err != nil {
		return nil, err
	}
	now, email := i.now(), strings.ToLower(params.EmailAddress)
	if !params.IgnoreExisting.Or(false) {
		for _, other := range i.invitationsByEmail.All(email) {
			if other.at(now).Status == api.InvitationStatusPending {
				return nil, failure(http.StatusBadRequest, "duplicate_record", "the address has a pending invitation", "email_address")
			}
		}
		if i.userByEmail(email) != nil {
			return nil, failure(http.StatusBadRequest, "form_identifier_exists", "the address belongs to a user", "email_address")
		}
	}
	made, err := i.invitations.create(now, params, func(v *SeedInvitation) error {
		end := now.AddDate(0, 0, params.ExpiresInDays.Or(invitationLife)).UnixMilli()
		v.Status, v.ExpiresAt, v.Ticket = api.InvitationStatusPending, &end, randomHex(20)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return i.showInvitation(made), nil
}

func (i *Instance) revokeInvitation(_ context.Context, invitationID string) (*api.Invitation, error) {
	return write(i, func() (*api.Invitation, error) {
		v, err := i.invitations.change(invitationID, i.now(), nil, func(v *SeedInvitation) error {
			switch v.at(i.now()).Status {
			case api.InvitationStatusRevoked:
				return failure(http.StatusBadRequest, "invitation_already_revoked", "the invitation is revoked already", "")
			case api.InvitationStatusAccepted:
				return failure(http.StatusBadRequest, "invitation_already_accepted", "the invitation was accepted", "")
			}
			v.Status = api.InvitationStatusRevoked
			return nil
		})
		if err != nil {
			return nil, err
		}
		return i.showInvitation(v), nil
	})
}

// acceptInvitations marks the pending invitations of an address as accepted when a user
// with it appears, and the entry of the waitlist as completed. It returns the metadata
// that the user gets from the invitation with the ticket.
func (i *Instance) acceptInvitations(email, ticket string) (given clerk.Metadata) {
	now, email := i.now(), strings.ToLower(email)
	for _, v := range i.invitationsByEmail.All(email) {
		if v.at(now).Status != api.InvitationStatusPending {
			continue
		}
		accepted := *v
		accepted.Status = api.InvitationStatusAccepted
		resource.Touch(&accepted, now)
		i.invitations.Put(&accepted)
		if v.Ticket == ticket {
			given = v.PublicMetadata
		}
	}
	for _, entry := range i.waitlistByEmail.All(email) {
		completed := *entry
		completed.Status = api.WaitlistEntryStatusCompleted
		resource.Touch(&completed, now)
		i.waitlist.Put(&completed)
	}
	return given
}
