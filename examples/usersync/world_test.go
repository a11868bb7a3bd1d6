package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// world is a model of an instance in memory: what it has now, what it had, and the message
// of each change.
type world struct {
	mu       sync.Mutex
	instance string
	users    *objects[api.User]
	orgs     *objects[api.Organization]
	members  *objects[api.OrganizationMembership]
	now      int64 // milliseconds
	last     int
	messages []message
	exact    bool           // no two changes have the same version
	seconds  bool           // events have their time in seconds
	requests map[string]int // by operation
	onList   func(list string)
	refused  bool // users are refused as they are after a deleted one
}

type message struct{ id, body string }

// objects are what exists of one kind, and their ids in the order of their creation.
type objects[T any] struct {
	byID map[string]*T
	ids  []string
}

func newObjects[T any]() *objects[T] { return &objects[T]{byID: map[string]*T{}} }

func (o *objects[T]) put(id string, v *T) {
	if o.byID[id] == nil {
		o.ids = append(o.ids, id)
	}
	o.byID[id] = v
}

func (o *objects[T]) remove(id string) {
	delete(o.byID, id)
	at, _ := slices.BinarySearch(o.ids, id) // ids are numbered
	o.ids = slices.Delete(o.ids, at, at+1)
}

// all returns the objects in the order of their creation.
func (o *objects[T]) all() []*T {
	var all []*T
	for _, id := range o.ids {
		all = append(all, o.byID[id])
	}
	return all
}

// pick returns the id of one of them, "" if there are none.
func (o *objects[T]) pick(random *rand.Rand) string {
	if len(o.ids) == 0 {
		return ""
	}
	return o.ids[random.IntN(len(o.ids))]
}

func newWorld() *world {
	return &world{instance: "ins_1", users: newObjects[api.User](), orgs: newObjects[api.Organization](),
		members: newObjects[api.OrganizationMembership](), now: 1767225600000, requests: map[string]int{}}
}

// tick advances the clock and returns the time that a changed object has. Objects are less
// exact than events, so that two changes can have the same version, unless w.exact is true.
func (w *world) tick() clerk.Timestamp {
	w.now += 3
	if w.exact {
		w.now++
		return clerk.Timestamp(w.now)
	}
	return clerk.Timestamp(w.now / 4 * 4)
}

func (w *world) id(prefix string) string {
	w.last++
	return fmt.Sprintf("%s_%06d", prefix, w.last)
}

func (w *world) emit(of webhooks.Type, data any) {
	at := w.now
	if w.seconds {
		at /= 1000
	}
	body, err := json.Marshal(map[string]any{"type": of, "object": "event", "timestamp": at, "instance_id": w.instance, "data": data})
	if err != nil {
		panic(err) // a model of package api does encode
	}
	w.messages = append(w.messages, message{fmt.Sprintf("msg_%d", len(w.messages)), string(body)})
}

func (w *world) addUser() *api.User {
	at := w.tick()
	u := &api.User{ID: w.id("user"), Object: "user", CreatedAt: at, UpdatedAt: at, PublicMetadata: clerk.NewMetadata(map[string]int{"n": w.last})}
	w.fill(u)
	w.users.put(u.ID, u)
	w.emit(webhooks.UserCreated, u)
	return u
}

// fill changes what the tables have of a user.
func (w *world) fill(u *api.User) {
	word := fmt.Sprint("w", w.now)
	u.FirstName, u.LastName, u.Username, u.ExternalID = new("First "+word), new("Last "+word), new(word), new("ext-"+word)
	u.ImageURL, u.Banned = "https://img.example.com/"+word, w.now%2 == 0
	u.EmailAddresses = []api.EmailAddress{
		{ID: "idn_1", EmailAddress: "first@" + word, Verification: &api.Verification{Status: api.VerificationStatusVerified}},
		{ID: "idn_2", EmailAddress: "second@" + word, Verification: &api.Verification{Status: api.VerificationStatusUnverified}},
	}
	u.PrimaryEmailAddressID = new([]string{"idn_1", "idn_2", "idn_3"}[w.now%3])
	u.PrivateMetadata, u.UnsafeMetadata = clerk.NewMetadata(map[string]string{"secret": "hunter2"}), clerk.NewMetadata(map[string]string{"by": word})
}

func (w *world) changeUser(id string) {
	changed := *w.users.byID[id]
	changed.UpdatedAt = w.tick()
	w.fill(&changed)
	w.users.put(id, &changed)
	w.emit(webhooks.UserUpdated, &changed)
}

// deleteUser deletes a user. Whether the memberships have events of their own is not
// documented, so they have at every other time.
func (w *world) deleteUser(id string) {
	w.tick()
	w.users.remove(id)
	w.emit(webhooks.UserDeleted, api.DeletedObject{Object: "user", ID: id, Deleted: true})
	w.deleteMembers(w.now%2 == 0, func(o *api.OrganizationMembership) bool { return o.PublicUserData.UserID == id })
}

func (w *world) deleteMembers(told bool, which func(*api.OrganizationMembership) bool) {
	for _, id := range slices.Clone(w.members.ids) {
		if o := w.members.byID[id]; which(o) {
			w.tick()
			w.members.remove(id)
			if told {
				w.emit(webhooks.OrganizationMembershipDeleted, o)
			}
		}
	}
}

func (w *world) addOrganization() *api.Organization {
	at := w.tick()
	o := &api.Organization{ID: w.id("org"), Object: "organization", Name: fmt.Sprint("Name ", w.now), Slug: fmt.Sprint("slug-", w.now),
		CreatedAt: at, UpdatedAt: at, PublicMetadata: clerk.NewMetadata(map[string]int{"n": w.last})}
	w.orgs.put(o.ID, o)
	w.emit(webhooks.OrganizationCreated, o)
	return o
}

func (w *world) changeOrganization(id string) {
	changed := *w.orgs.byID[id]
	changed.UpdatedAt = w.tick()
	changed.Name, changed.Slug = fmt.Sprint("Name ", w.now), fmt.Sprint("slug-", w.now)
	w.orgs.put(id, &changed)
	w.emit(webhooks.OrganizationUpdated, &changed)
}

func (w *world) deleteOrganization(id string) {
	w.tick()
	w.orgs.remove(id)
	w.emit(webhooks.OrganizationDeleted, api.DeletedObject{Object: "organization", ID: id, Deleted: true})
	w.deleteMembers(w.now%2 == 0, func(o *api.OrganizationMembership) bool { return o.Organization.ID == id })
}

func (w *world) addMember(organization, user string) *api.OrganizationMembership {
	at := w.tick()
	o := &api.OrganizationMembership{ID: w.id("orgmem"), Object: "organization_membership", Role: "org:member",
		Permissions: []string{"org:a:read"}, Organization: *w.orgs.byID[organization], CreatedAt: at, UpdatedAt: at,
		PublicUserData: &api.PublicUserData{UserID: user, FirstName: new("stale")}, PublicMetadata: clerk.NewMetadata(map[string]int{"n": w.last})}
	w.members.put(o.ID, o)
	w.emit(webhooks.OrganizationMembershipCreated, o)
	return o
}

func (w *world) changeMember(id string) {
	changed := *w.members.byID[id]
	changed.UpdatedAt = w.tick()
	changed.Role, changed.Permissions = fmt.Sprint("org:role", w.now), []string{"org:a:read", fmt.Sprint("org:p:", w.now)}
	if o := w.orgs.byID[changed.Organization.ID]; o != nil {
		changed.Organization = *o
	}
	w.members.put(id, &changed)
	w.emit(webhooks.OrganizationMembershipUpdated, &changed)
}

// memberID returns the membership of a user in an organization, if there is one.
func (w *world) memberID(organization, user string) string {
	for id, o := range w.members.byID {
		if o.Organization.ID == organization && o.PublicUserData.UserID == user {
			return id
		}
	}
	return ""
}

// change changes something at random.
func (w *world) change(random *rand.Rand) {
	w.mu.Lock()
	defer w.mu.Unlock()
	user, org, member := w.users.pick(random), w.orgs.pick(random), w.members.pick(random)
	switch n := random.IntN(100); {
	case n < 10 || user == "":
		w.addUser()
	case n < 45:
		for range 1 + random.IntN(3) {
			w.changeUser(user)
		}
	case n < 50:
		w.deleteUser(user)
	case n < 55 || org == "":
		w.addOrganization()
	case n < 65:
		for range 1 + random.IntN(3) {
			w.changeOrganization(org)
		}
	case n < 67:
		w.deleteOrganization(org)
	case n < 80 && w.memberID(org, user) == "":
		w.addMember(org, user)
	case member == "":
		w.changeOrganization(org)
	case n < 95:
		for range 1 + random.IntN(3) {
			w.changeMember(member)
		}
	default:
		w.deleteMembers(true, func(o *api.OrganizationMembership) bool { return o.ID == member })
	}
}

// shuffled returns every message, those of a second delivery included, in a random order.
func (w *world) shuffled(random *rand.Rand, twice int) []message {
	all := slices.Clone(w.messages)
	for range twice {
		all = append(all, w.messages[random.IntN(len(w.messages))])
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
