package clerktest

import (
	"cmp"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// SeedOrganizationInvitation is an invitation to an organization in a seed.
type SeedOrganizationInvitation struct {
	api.OrganizationInvitation
	// RedirectURL is where the link leads, without it the instance's own sign-in page.
	RedirectURL string `json:"redirect_url,omitempty"`
	// Ticket is what the link proves the invitation with.
	Ticket string `json:"ticket,omitempty" clerk:"credential"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (v SeedOrganizationInvitation) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, v) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (v SeedOrganizationInvitation) LogValue() slog.Value { return clerk.LogHidden(v) }

type organizationInvitationTables struct {
	organizationInvitations               kind[SeedOrganizationInvitation]
	organizationInvitationsByOrganization *store.Index[SeedOrganizationInvitation]
	organizationInvitationsByEmail        *store.Index[SeedOrganizationInvitation]
}

func (t *tables) addOrganizationInvitations() {
	addSeeded(t, "organization_invitations", &t.organizationInvitations, kind[SeedOrganizationInvitation]{
		noun: "organization invitation", object: "organization_invitation", prefix: "orginv", component: "OrganizationInvitation",
		more:     membersOf(seedText, "redirect_url", "ticket"),
		seed:     func(s *Seed) *[]SeedOrganizationInvitation { return &s.OrganizationInvitations },
		complete: (*Instance).completeOrganizationInvitation,
		listing: resource.Listing[SeedOrganizationInvitation]{
			Search: func(v *SeedOrganizationInvitation) []string { return []string{v.EmailAddress} },
			Orders: map[string]func(a, b *SeedOrganizationInvitation) int{
				"created_at":    resource.By(func(v *SeedOrganizationInvitation) clerk.Timestamp { return v.CreatedAt }),
				"email_address": resource.By(func(v *SeedOrganizationInvitation) string { return v.EmailAddress }),
			},
			ByDefault: "-created_at",
		},
	}, func(v *SeedOrganizationInvitation) string { return v.ID })
	t.organizationInvitationsByOrganization = t.organizationInvitations.By(one(func(v *SeedOrganizationInvitation) string { return v.OrganizationID }))
	t.organizationInvitationsByEmail = t.organizationInvitations.By(one(func(v *SeedOrganizationInvitation) string { return strings.ToLower(v.EmailAddress) }))
}

// completeOrganizationInvitation sets what a seed leaves out of an invitation.
func (i *Instance) completeOrganizationInvitation(v *SeedOrganizationInvitation) error {
	o := i.organizations.Get(v.OrganizationID)
	if o == nil {
		return fmt.Errorf("organization_id is not the id of an organization")
	}
	v.ID = cmp.Or(v.ID, derivedID("orginv", v.OrganizationID, v.EmailAddress))
	v.Ticket = cmp.Or(v.Ticket, derivedID("ticket", i.secretKey, v.ID))
	v.Status = cmp.Or(v.Status, api.InvitationStatusPending)
	v.RoleName, v.PublicInviterData, v.URL = "", nil, nil
	if _, err := i.assignable(o, v.Role); err != nil && v.at(i.now()).Status == api.InvitationStatusPending {
		return err
	}
	return checkEmail("email_address", v.EmailAddress)
}

// at returns an invitation as it is at a given time: a pending one expires.
func (v *SeedOrganizationInvitation) at(now time.Time) *SeedOrganizationInvitation {
	if v.Status != api.InvitationStatusPending || !isOver(v.ExpiresAt, now) {
		return v
	}
	expired := *v
	expired.Status = api.InvitationStatusExpired
	return &expired
}

// pendingInvitations returns the number of invitations to an organization that can still
// be accepted.
func (i *Instance) pendingInvitations(organizationID string) (pending int) {
	now := i.now()
	for _, v := range i.organizationInvitationsByOrganization.All(organizationID) {
		if v.at(now).Status == api.InvitationStatusPending {
			pending++
		}
	}
	return pending
}
