package clerktest

import (
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// event is what Clerk tells webhooks of a change.
type event struct {
	kind webhooks.Type
	data any
	at   time.Time
}

// eventsOf returns the events of a write, in the order of its changes. It is called in the
// course of the write, with the tables as they are afterwards.
func (i *Instance) eventsOf(changes []store.Change) []event {
	gone := goneWith(changes)
	var list []event
	add := func(kind webhooks.Type, data any) {
		if kind != "" {
			list = append(list, event{kind, data, i.now()})
		}
	}
	for _, c := range changes {
		switch after := c.After.(type) {
		case *api.User:
			add(madeOr(c, webhooks.UserCreated, webhooks.UserUpdated), after)
		case *session:
			add(sessionEvent(c), i.sessionPayload(after, gone))
		case *api.Organization:
			add(madeOr(c, webhooks.OrganizationCreated, webhooks.OrganizationUpdated), i.showOrganization(after))
		case *SeedMembership:
			add(madeOr(c, webhooks.OrganizationMembershipCreated, webhooks.OrganizationMembershipUpdated), i.showMembership(after))
		case *api.OrganizationDomain:
			add(madeOr(c, webhooks.OrganizationDomainCreated, webhooks.OrganizationDomainUpdated), i.showOrganizationDomain(after))
		case *SeedOrganizationInvitation:
			add(invitationEvent(c), i.invitationPayload(after))
		case *SeedRole:
			add(madeOr(c, webhooks.RoleCreated, webhooks.RoleUpdated), i.showRole(after))
		case *api.Permission:
			add(madeOr(c, webhooks.PermissionCreated, webhooks.PermissionUpdated), after)
		case *SeedWaitlistEntry:
			add(madeOr(c, webhooks.WaitlistEntryCreated, webhooks.WaitlistEntryUpdated), i.showEntry(after))
		case *SeedSubscriptionItem:
			add(subscriptionItemEvent(c), i.subscriptionItemPayload(after))
		case *Message:
			add(i.messageEvent(c, after))
		case nil:
			add(i.deletion(c, gone))
		}
	}
	return list
}

func madeOr(c store.Change, made, changed webhooks.Type) webhooks.Type {
	if c.Before == nil {
		return made
	}
	return changed
}

// gone are the users and organizations that a write deletes.
type gone struct {
	users         map[string]*api.User
	organizations map[string]*api.Organization
}

func goneWith(changes []store.Change) gone {
	g := gone{map[string]*api.User{}, map[string]*api.Organization{}}
	for _, c := range changes {
		if c.After != nil {
			continue
		}
		switch before := c.Before.(type) {
		case *api.User:
			g.users[c.ID] = before
		case *api.Organization:
			g.organizations[c.ID] = before
		}
	}
	return g
}

// deletion returns the event of a resource that is deleted, if it has one.
func (i *Instance) deletion(c store.Change, g gone) (webhooks.Type, any) {
	deleted := func(object string) *api.DeletedObject {
		return &api.DeletedObject{Object: object, ID: c.ID, Deleted: true}
	}
	switch before := c.Before.(type) {
	case *session:
		if now := i.now(); before.at(now).live() {
			removed := *before
			removed.Status = api.SessionStatusRemoved
			resource.Touch(&removed, now)
			return webhooks.SessionRemoved, i.sessionPayload(&removed, g)
		}
	case *api.User:
		d := deleted("user")
		d.ExternalID = before.ExternalID
		return webhooks.UserDeleted, d
	case *api.Organization:
		return webhooks.OrganizationDeleted, deleted("organization")
	case *api.OrganizationDomain:
		return webhooks.OrganizationDomainDeleted, deleted("organization_domain")
	case *SeedRole:
		return webhooks.RoleDeleted, deleted("role")
	case *api.Permission:
		return webhooks.PermissionDeleted, deleted("permission")
	case *SeedMembership:
		shown := i.showMembership(before)
		if o := g.organizations[before.OrganizationID]; o != nil {
			shown.Organization = *o
		}
		if u := g.users[before.UserID]; u != nil {
			shown.PublicUserData = &api.PublicUserData{
				UserID: u.ID, FirstName: u.FirstName, LastName: u.LastName, ImageURL: u.ImageURL, HasImage: u.HasImage,
				Username: u.Username, Banned: &u.Banned, Identifier: new(identifierOf(u)),
			}
		}
		return webhooks.OrganizationMembershipDeleted, shown
	}
	return "", nil
}

// sessionEvent returns the event of a session that begins or ends.
func sessionEvent(c store.Change) webhooks.Type {
	after := c.After.(*session)
	before, _ := c.Before.(*session)
	switch {
	case before == nil && after.Status == api.SessionStatusPending:
		return webhooks.SessionPending
	case before == nil && after.live():
		return webhooks.SessionCreated
	case before == nil || before.Status == after.Status:
		return ""
	case after.Status == api.SessionStatusRemoved:
		return webhooks.SessionRemoved
	case after.Status == api.SessionStatusRevoked:
		return webhooks.SessionRevoked
	case after.Status == api.SessionStatusEnded || after.Status == api.SessionStatusReplaced:
		return webhooks.SessionEnded
	}
	return ""
}

func (i *Instance) sessionPayload(s *session, g gone) *webhooks.Session {
	payload := &webhooks.Session{User: i.users.Get(s.UserID)}
	if payload.User == nil {
		payload.User = g.users[s.UserID]
	}
	resource.Copy(payload, s.Session)
	return payload
}

func invitationEvent(c store.Change) webhooks.Type {
	before, _ := c.Before.(*SeedOrganizationInvitation)
	after := c.After.(*SeedOrganizationInvitation)
	switch {
	case before == nil:
		return webhooks.OrganizationInvitationCreated
	case before.Status == after.Status:
		return ""
	case after.Status == api.InvitationStatusAccepted:
		return webhooks.OrganizationInvitationAccepted
	case after.Status == api.InvitationStatusRevoked:
		return webhooks.OrganizationInvitationRevoked
	}
	return ""
}

func (i *Instance) invitationPayload(v *SeedOrganizationInvitation) *webhooks.OrganizationInvitation {
	payload := &webhooks.OrganizationInvitation{PublicOrganizationData: i.publicOrganization(v.OrganizationID)}
	resource.Copy(payload, *i.showOrganizationInvitation(v))
	if u := i.userByEmail(v.EmailAddress); u != nil && v.Status == api.InvitationStatusAccepted {
		payload.UserID = u.ID
	}
	return payload
}

// subscriptionItemEvents are the events of an item that reaches a status.
var subscriptionItemEvents = map[api.SubscriptionItemStatus]webhooks.Type{
	api.SubscriptionItemStatusActive:     webhooks.SubscriptionItemActive,
	api.SubscriptionItemStatusCanceled:   webhooks.SubscriptionItemCanceled,
	api.SubscriptionItemStatusEnded:      webhooks.SubscriptionItemEnded,
	api.SubscriptionItemStatusPastDue:    webhooks.SubscriptionItemPastDue,
	api.SubscriptionItemStatusUpcoming:   webhooks.SubscriptionItemUpcoming,
	api.SubscriptionItemStatusIncomplete: webhooks.SubscriptionItemIncomplete,
	api.SubscriptionItemStatusAbandoned:  webhooks.SubscriptionItemAbandoned,
}

func subscriptionItemEvent(c store.Change) webhooks.Type {
	before, _ := c.Before.(*SeedSubscriptionItem)
	after := c.After.(*SeedSubscriptionItem)
	if before != nil && before.Status == after.Status {
		return webhooks.SubscriptionItemUpdated
	}
	return subscriptionItemEvents[after.Status]
}

// subscriptionItemPayload returns an item in the form that events have for it.
func (i *Instance) subscriptionItemPayload(v *SeedSubscriptionItem) *webhooks.SubscriptionItem {
	payload := &webhooks.SubscriptionItem{}
	resource.Copy(payload, v.SubscriptionItem, "plan", "payer", "seats", "created_at", "updated_at")
	payload.Interval, payload.SubscriptionID = webhooks.Interval(v.PlanPeriod), new(derivedID("sub", v.OwnerID))
	payload.CreatedAt, payload.UpdatedAt = clerk.Value(v.CreatedAt), clerk.Value(v.UpdatedAt)
	return payload
}

// messageEvent returns the event of an email or a text message that would be sent.
func (i *Instance) messageEvent(c store.Change, m *Message) (webhooks.Type, any) {
	if c.Before != nil {
		return "", nil
	}
	values := clerk.NewMetadata(map[string]string{"otp_code": m.Code, "action_url": m.Link})
	if !strings.Contains(m.To, "@") {
		return webhooks.SMSCreated, &webhooks.SMS{
			Object: "sms_message", ID: m.ID, Slug: &m.Kind, ToPhoneNumber: m.To, Message: m.Kind, Status: "queued", Data: values,
			DeliveredByClerk: true, CreatedAt: m.CreatedAt,
		}
	}
	return webhooks.EmailCreated, &webhooks.Email{
		Object: "email", ID: m.ID, Slug: &m.Kind, FromEmailName: "noreply", ToEmailAddress: m.To, Subject: m.Kind, Body: m.Kind,
		Status: "queued", Data: values, DeliveredByClerk: true,
	}
}
