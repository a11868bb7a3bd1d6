package clerktest

import (
	"fmt"

	"github.com/backend-sdk/clerk-go/clerk"
)

// activeOrganization returns the active organization of a session as its tokens describe
// it, or nil. An organization that only the session knows, from a seed, is as the seed has
// it; any other must have the user as a member.
func (i *Instance) activeOrganization(s *session) *Organization {
	id := clerk.Value(s.LastActiveOrganizationID)
	if pinned := s.Organization; pinned != nil {
		if i.organizations.Get(pinned.ID) == nil {
			return pinned
		}
		id = pinned.ID
	}
	if m := i.membership(id, s.UserID); m != nil && i.settings().Organizations.Enabled {
		return i.describeMembership(m)
	}
	return nil
}

// describeMembership returns a membership as tokens describe it.
func (i *Instance) describeMembership(m *SeedMembership) *Organization {
	o := i.organizations.Get(m.OrganizationID)
	described := &Organization{ID: o.ID, Name: o.Name, Slug: o.Slug, Role: m.Role}
	if r := i.rolesByKey.First(m.Role); r != nil {
		described.Permissions = i.permissionKeys(r)
	}
	return described
}

// resolved returns a session with its active organization as the store has it.
func (i *Instance) resolved(s *session) *session {
	active := *s
	active.Organization = i.activeOrganization(s)
	return &active
}

// memberOf returns the membership of a user in the organization with an ID or a slug.
func (i *Instance) memberOf(idOrSlug, userID string) (*SeedMembership, error) {
	o, err := i.organizationNamed(idOrSlug)
	if err != nil {
		return nil, err
	}
	if m := i.membership(o.ID, userID); m != nil {
		return m, nil
	}
	return nil, fmt.Errorf("user %s is not a member of %s", userID, idOrSlug)
}

// setActive stores a session with an active organization, "" for none.
func (i *Instance) setActive(s *session, organizationID string) *session {
	changed := *s
	changed.Organization, changed.LastActiveOrganizationID = nil, nil
	if organizationID != "" {
		changed.LastActiveOrganizationID = &organizationID
	}
	i.sessions.Put(&changed)
	return &changed
}

// firstActive returns the ID of the organization with which a new session of a user
// begins: the one that the user joined last, unless a session began since.
func (i *Instance) firstActive(userID string) string {
	joined := i.membershipsOfUser.All(userID)
	if len(joined) == 0 {
		return ""
	}
	last := joined[0]
	for _, m := range joined {
		if m.CreatedAt >= last.CreatedAt {
			last = m
		}
	}
	for _, s := range i.sessionsOfUser.All(userID) {
		if s.CreatedAt > last.CreatedAt {
			return ""
		}
	}
	return last.OrganizationID
}

// leaveSessions takes an organization out of the sessions of a user, or of everybody.
func (i *Instance) leaveSessions(organizationID, userID string) {
	list := i.sessionsOfUser.All(userID)
	if userID == "" {
		list = i.sessions.All()
	}
	for _, s := range list {
		if clerk.Value(s.LastActiveOrganizationID) == organizationID {
			i.setActive(s, "")
		}
	}
}
