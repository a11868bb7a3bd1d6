package clerktest

import (
	"cmp"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
)

// fillUser gives a user of a seed what the seed leaves out. IDs come from what
// they belong to, so that they are the same after a restart.
func (i *Instance) fillUser(u *api.User) {
	began := seedStart
	if u.CreatedAt != 0 {
		began = time.UnixMilli(int64(u.CreatedAt))
	}
	blank := blankUser(u.ID, i.frontendAPI, began)
	u.Object = blank.Object
	u.ImageURL = cmp.Or(u.ImageURL, blank.ImageURL)
	u.BypassClientTrust = cmp.Or(u.BypassClientTrust, blank.BypassClientTrust)
	u.CreatedAt = blank.CreatedAt
	u.UpdatedAt = cmp.Or(u.UpdatedAt, u.CreatedAt)
	if u.VerificationAttemptsRemaining == nil {
		lock(u, u.Locked)
	}
	if u.PublicMetadata.IsZero() {
		u.PublicMetadata = blank.PublicMetadata
	}
	if u.PrivateMetadata.IsZero() {
		u.PrivateMetadata = blank.PrivateMetadata
	}
	if u.UnsafeMetadata.IsZero() {
		u.UnsafeMetadata = blank.UnsafeMetadata
	}
	u.EmailAddresses, u.PhoneNumbers = slices.Clone(u.EmailAddresses), slices.Clone(u.PhoneNumbers)
	for n := range u.EmailAddresses {
		fillEmail(u.ID, &u.EmailAddresses[n], began)
	}
	for n := range u.PhoneNumbers {
		fillPhone(u.ID, &u.PhoneNumbers[n], began)
	}
	emptyLists(u)
	primaries(u)
}

func fillEmail(userID string, e *api.EmailAddress, began time.Time) {
	id := cmp.Or(e.ID, derivedID("idn", userID, e.EmailAddress))
	blank := newEmail(id, e.EmailAddress, e.Reserved, began)
	e.ID, e.Object = blank.ID, blank.Object
	e.Verification = cmp.Or(e.Verification, blank.Verification)
	e.MatchesSSOConnection = cmp.Or(e.MatchesSSOConnection, blank.MatchesSSOConnection)
	e.LinkedTo = list(e.LinkedTo)
	e.CreatedAt = cmp.Or(e.CreatedAt, blank.CreatedAt)
	e.UpdatedAt = cmp.Or(e.UpdatedAt, e.CreatedAt)
}

func fillPhone(userID string, p *api.PhoneNumber, began time.Time) {
	id := cmp.Or(p.ID, derivedID("idn", userID, p.PhoneNumber))
	blank := newPhone(id, p.PhoneNumber, p.Reserved, began)
	p.ID, p.Object = blank.ID, blank.Object
	p.Verification = cmp.Or(p.Verification, blank.Verification)
	p.ReservedForSecondFactor = cmp.Or(p.ReservedForSecondFactor, blank.ReservedForSecondFactor)
	p.DefaultSecondFactor = cmp.Or(p.DefaultSecondFactor, blank.DefaultSecondFactor)
	p.LinkedTo = list(p.LinkedTo)
	p.CreatedAt = cmp.Or(p.CreatedAt, blank.CreatedAt)
	p.UpdatedAt = cmp.Or(p.UpdatedAt, p.CreatedAt)
}

func fillSession(s *session) {
	s.Object = "session"
	s.ClientID = cmp.Or(s.ClientID, derivedID("client", s.ID))
	if s.CreatedAt == 0 {
		stamp(&s.CreatedAt, seedStart)
	}
	began := time.UnixMilli(int64(s.CreatedAt))
	s.UpdatedAt = cmp.Or(s.UpdatedAt, s.CreatedAt)
	if s.LastActiveAt == 0 {
		stamp(&s.LastActiveAt, began)
	}
	if s.ExpireAt == 0 {
		stamp(&s.ExpireAt, seedEnd)
	}
	if s.AbandonAt == 0 {
		stamp(&s.AbandonAt, seedEnd)
	}
	if s.organization != nil {
		s.LastActiveOrganizationID = &s.organization.ID
	}
}

func fillTemplate(t *template) {
	t.Object = "jwt_template"
	t.ID = cmp.Or(t.ID, derivedID("jtmp", t.Name))
	t.Lifetime = cmp.Or(t.Lifetime, templateLife)
	t.SigningAlgorithm = cmp.Or(t.SigningAlgorithm, "RS256")
	if t.CreatedAt == 0 {
		stamp(&t.CreatedAt, seedStart)
	}
	t.UpdatedAt = cmp.Or(t.UpdatedAt, t.CreatedAt)
}
