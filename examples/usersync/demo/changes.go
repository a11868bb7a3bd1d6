package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// writer changes the instance through the API.
type writer struct {
	client  *clerk.Client
	random  *rand.Rand
	users   []string
	orgs    []string
	members map[[2]string]bool // organization and user
	pairs   [][2]string        // the same, to choose from
	n       int
}

func newWriter(client *clerk.Client) *writer {
	return &writer{client: client, random: rand.New(rand.NewPCG(1, 1)), members: map[[2]string]bool{}}
}

func (w *writer) counts() string {
	return fmt.Sprintf("%d users, %d organizations and %d memberships", len(w.users), len(w.orgs), len(w.pairs))
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
		_, err := users.UpdateUser(ctx, w.client, user, users.UpdateUserParams{FirstName: clerk.Set(w.word()), LastName: clerk.Set("Lovelace")})
		return err
	case r < 52:
		_, err := users.DeleteUser(ctx, w.client, user)
		if err == nil {
			w.users = without(w.users, user)
			w.leave(func(pair [2]string) bool { return pair[1] == user })
		}
		return err
	case r < 56:
		return w.createOrganization(ctx)
	case r < 66:
		_, err := organizations.UpdateOrganization(ctx, w.client, org, organizations.UpdateOrganizationParams{Name: clerk.Set(w.word())})
		return err
	case r < 67:
		_, err := organizations.DeleteOrganization(ctx, w.client, org)
		if err == nil {
			w.orgs = without(w.orgs, org)
			w.leave(func(pair [2]string) bool { return pair[0] == org })
		}
		return err
	case r < 80 && !w.members[[2]string{org, user}]:
		return w.join(ctx, org, user)
	case r < 92:
		role := []string{"org:admin", "org:member"}[w.random.IntN(2)]
		_, err := organizations.UpdateOrganizationMembership(ctx, w.client, member[0], member[1], organizations.UpdateOrganizationMembershipParams{Role: role})
		return err
	default:
		_, err := organizations.DeleteOrganizationMembership(ctx, w.client, member[0], member[1])
		if err == nil {
			w.leave(func(pair [2]string) bool { return pair == member })
		}
		return err
	}
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
	return nil
}

func (w *writer) createOrganization(ctx context.Context) error {
	o, err := organizations.CreateOrganization(ctx, w.client, organizations.CreateOrganizationParams{Name: w.word(), MaxAllowedMemberships: clerk.Set(1000)})
	if err != nil {
		return err
	}
	w.orgs = append(w.orgs, o.ID)
	return nil
}

func (w *writer) join(ctx context.Context, org, user string) error {
	_, err := organizations.CreateOrganizationMembership(ctx, w.client, org, organizations.CreateOrganizationMembershipParams{UserID: user, Role: "org:member"})
	if err != nil {
		return err
	}
	pair := [2]string{org, user}
	w.members[pair], w.pairs = true, append(w.pairs, pair)
	return nil
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
