package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// event is the body of a delivery, with the id of its message.
type event struct {
	id   string
	body []byte
}

// writer changes the instance through the API, and keeps the event of each change.
type writer struct {
	client  *clerk.Client
	random  *rand.Rand
	users   []string
	orgs    []string
	members map[[2]string]bool // organization and user
	pairs   [][2]string        // the same, to choose from
	last    int64              // the time of the last event
	n       int
	events  []event
}

func newWriter(client *clerk.Client) *writer {
	return &writer{client: client, random: rand.New(rand.NewPCG(1, 1)), members: map[[2]string]bool{}}
}

func (w *writer) counts() string {
	return fmt.Sprintf("%d users, %d organizations and %d memberships", len(w.users), len(w.orgs), len(w.pairs))
}

func (w *writer) forget() { w.events = nil }

// emit keeps an event. Clerk's clock does not stand still either.
func (w *writer) emit(of webhooks.Type, data any) error {
	w.last = max(w.last+1, time.Now().UnixMilli())
	body, err := json.Marshal(map[string]any{"object": "event", "type": of, "timestamp": w.last, "data": data})
	w.events = append(w.events, event{fmt.Sprintf("msg_%d", w.last), body})
	return err
}

// fill creates users, and organizations and memberships for them.
func (w *writer) fill(ctx context.Context, n int) error {
	for i := range n {
		err := w.createUser(ctx)
		if err == nil && i%10 == 0 {
			err = w.createOrganization(ctx)
		}
		if err == nil {
			err = w.join(ctx, w.orgs[len(w.orgs)-1], w.users[len(w.users)-1])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// change changes the instance n times.
func (w *writer) change(ctx context.Context, n int) error {
	for range n {
		err := w.changeOnce(ctx)
		for clerk.HasCode(err, "organization_minimum_permissions_needed") { // of the last administrator
			err = w.changeOnce(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) changeOnce(ctx context.Context) error {
	user, org := w.users[w.random.IntN(len(w.users))], w.orgs[w.random.IntN(len(w.orgs))]
	member := w.pairs[w.random.IntN(len(w.pairs))]
	switch r := w.random.IntN(100); {
	case r < 15:
		return w.createUser(ctx)
	case r < 45:
		u, err := users.UpdateUser(ctx, w.client, user, users.UpdateUserParams{FirstName: clerk.Set(w.word()), LastName: clerk.Set("Lovelace")})
		return w.done(webhooks.UserUpdated, u, err)
	case r < 52:
		gone, err := users.DeleteUser(ctx, w.client, user)
		if err == nil {
			w.users = without(w.users, user)
			w.leave(func(pair [2]string) bool { return pair[1] == user })
		}
		return w.done(webhooks.UserDeleted, gone, err)
	case r < 56:
		return w.createOrganization(ctx)
	case r < 66:
		o, err := organizations.UpdateOrganization(ctx, w.client, org, organizations.UpdateOrganizationParams{Name: clerk.Set(w.word())})
		return w.done(webhooks.OrganizationUpdated, o, err)
	case r < 67:
		gone, err := organizations.DeleteOrganization(ctx, w.client, org)
		if err == nil {
			w.orgs = without(w.orgs, org)
			w.leave(func(pair [2]string) bool { return pair[0] == org })
		}
		return w.done(webhooks.OrganizationDeleted, gone, err)
	case r < 80 && !w.members[[2]string{org, user}]:
		return w.join(ctx, org, user)
	case r < 92:
		role := []string{"org:admin", "org:member"}[w.random.IntN(2)]
		o, err := organizations.UpdateOrganizationMembership(ctx, w.client, member[0], member[1], organizations.UpdateOrganizationMembershipParams{Role: role})
		return w.done(webhooks.OrganizationMembershipUpdated, o, err)
	default:
		was, err := organizations.DeleteOrganizationMembership(ctx, w.client, member[0], member[1])
		if err == nil {
			w.leave(func(pair [2]string) bool { return pair == member })
		}
		return w.done(webhooks.OrganizationMembershipDeleted, was, err)
	}
}

// done keeps the event of a change that the API accepted.
func (w *writer) done(of webhooks.Type, result any, err error) error {
	if err != nil {
		return err
	}
	return w.emit(of, result)
}

func (w *writer) word() string {
	w.n++
	return fmt.Sprintf("Ada %d", w.n)
}

func (w *writer) createUser(ctx context.Context) error {
	name := w.word()
	u, err := users.CreateUser(ctx, w.client, users.CreateUserParams{
		EmailAddress: clerk.Set([]string{strings.ReplaceAll(name, " ", ".") + "@example.com"}), FirstName: clerk.Set(name)})
	if err != nil {
		return err
	}
	w.users = append(w.users, u.ID)
	return w.emit(webhooks.UserCreated, u)
}

func (w *writer) createOrganization(ctx context.Context) error {
	o, err := organizations.CreateOrganization(ctx, w.client, organizations.CreateOrganizationParams{Name: w.word(), MaxAllowedMemberships: clerk.Set(1000)})
	if err != nil {
		return err
	}
	w.orgs = append(w.orgs, o.ID)
	return w.emit(webhooks.OrganizationCreated, o)
}

func (w *writer) join(ctx context.Context, org, user string) error {
	o, err := organizations.CreateOrganizationMembership(ctx, w.client, org, organizations.CreateOrganizationMembershipParams{UserID: user, Role: "org:member"})
	if err != nil {
		return err
	}
	pair := [2]string{org, user}
	w.members[pair], w.pairs = true, append(w.pairs, pair)
	return w.emit(webhooks.OrganizationMembershipCreated, o)
}

// leave forgets memberships.
func (w *writer) leave(which func([2]string) bool) {
	var left [][2]string
	for _, pair := range w.pairs {
		if which(pair) {
			delete(w.members, pair)
		} else {
			left = append(left, pair)
		}
	}
	w.pairs = left
}

func without(all []string, id string) []string {
	var left []string
	for _, other := range all {
		if other != id {
			left = append(left, other)
		}
	}
	return left
}
