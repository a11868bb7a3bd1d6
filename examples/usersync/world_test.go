package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
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

// handlers returns an API that has what the world has.
func (w *world) handlers() *clerktest.Handlers {
	return &clerktest.Handlers{
		GetInstance: func(context.Context) (*api.Instance, error) { return &api.Instance{ID: w.instance}, nil },
		CountUsers: func(context.Context, users.CountUsersParams) (*api.Count, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return &api.Count{TotalCount: len(w.users.ids)}, nil
		},
		GetUser: func(_ context.Context, id string) (*api.User, error) { return get(w, w.users, id) },
		GetOrganization: func(_ context.Context, id string, _ organizations.GetOrganizationParams) (*api.Organization, error) {
			return get(w, w.orgs, id)
		},
		ListUsers: func(_ context.Context, p users.ListUsersParams) (*clerk.List[api.User], error) {
			w.listed("users")
			w.mu.Lock()
			defer w.mu.Unlock()
			all := w.users.all()
			after, by := p.StartingAfter.Get()
			by = by || w.refused
			if from, given := p.CreatedAtAfter.Get(); given {
				all = slices.DeleteFunc(all, func(u *api.User) bool { return !u.CreatedAt.Time().After(from) })
			}
			if by {
				at := slices.IndexFunc(all, func(u *api.User) bool { return u.ID == after })
				if at < 0 {
					return nil, &clerk.Error{StatusCode: 422, Problems: []clerk.Problem{{Code: "form_resource_not_found"}}}
				}
				all = all[at+1:]
			}
			return &clerk.List[api.User]{Data: all[:min(len(all), p.Limit.Or(10))]}, nil
		},
		ListOrganizations: func(_ context.Context, p organizations.ListOrganizationsParams) (*clerk.List[api.Organization], error) {
			w.listed("organizations")
			w.mu.Lock()
			defer w.mu.Unlock()
			return paged(w.orgs.all(), p.Limit, p.Offset), nil
		},
		ListInstanceOrganizationMemberships: func(_ context.Context, p organizations.ListInstanceOrganizationMembershipsParams) (*clerk.List[api.OrganizationMembership], error) {
			w.listed("memberships")
			w.mu.Lock()
			defer w.mu.Unlock()
			return paged(w.members.all(), p.Limit, p.Offset), nil
		},
		OrganizationsListOrganizationMemberships: func(_ context.Context, organization string, p organizations.ListOrganizationMembershipsParams) (*clerk.List[api.OrganizationMembership], error) {
			if _, err := get(w, w.orgs, organization); err != nil {
				return nil, err
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			all := w.members.all()
			all = slices.DeleteFunc(all, func(o *api.OrganizationMembership) bool {
				return o.Organization.ID != organization || !slices.Contains(p.UserID, o.PublicUserData.UserID)
			})
			return paged(all, p.Limit, p.Offset), nil
		},
	}
}

// listed counts a request for a page, and lets a test change something before its response.
func (w *world) listed(list string) {
	w.mu.Lock()
	w.requests[list]++
	hook := w.onList
	w.mu.Unlock()
	if hook != nil {
		hook(list)
	}
}

func (w *world) hook(f func(list string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.onList = f
}

func get[T any](w *world, from *objects[T], id string) (*T, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if v, found := from.byID[id]; found {
		return v, nil
	}
	return nil, &clerk.Error{StatusCode: 404, Problems: []clerk.Problem{{Code: "resource_not_found"}}}
}

func paged[T any](all []*T, limit, offset clerk.Optional[int]) *clerk.List[T] {
	total := int64(len(all))
	all = all[min(len(all), offset.Or(0)):]
	return &clerk.List[T]{Data: all[:min(len(all), limit.Or(10))], TotalCount: clerk.Set(total)}
}

// differences compares the tables with the world, tombstones included.
func (w *world) differences(ctx context.Context, pool *pgxpool.Pool) (wrong []string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range []struct {
		query string
		want  map[string]string
	}{
		{"SELECT id, concat_ws('|', version, external_id, username, coalesce(email, '-'), first_name, last_name, image_url, banned, " +
			"extract(epoch FROM created_at)::numeric(20,3), extract(epoch FROM updated_at)::numeric(20,3), data) FROM clerk_users WHERE deleted_at IS NULL", w.wantUsers()},
		{"SELECT id, concat_ws('|', version, name, slug, extract(epoch FROM created_at)::numeric(20,3), data) FROM clerk_organizations WHERE deleted_at IS NULL", w.wantOrganizations()},
		{"SELECT m.id, concat_ws('|', c.version, m.organization_id, m.user_id, m.role, m.permissions, c.data) FROM members m JOIN clerk_memberships c USING (id)", w.wantMembers()},
	} {
		rows, err := pool.Query(ctx, c.query)
		if err != nil {
			return nil, err
		}
		var id, have string
		if _, err := pgx.ForEachRow(rows, []any{&id, &have}, func() error {
			if want, exists := c.want[id]; !exists {
				wrong = append(wrong, id+" has a row and does not exist: "+have)
			} else if have != want {
				wrong = append(wrong, id+" is "+have+"\n  and not "+want)
			}
			delete(c.want, id)
			return nil
		}); err != nil {
			return nil, err
		}
		for id := range c.want {
			wrong = append(wrong, id+" has no row")
		}
	}
	talkative, err := talkativeTombstones(ctx, pool)
	return append(wrong, talkative...), err
}

// talkativeTombstones returns the buried rows that have more than they may.
func talkativeTombstones(ctx context.Context, pool *pgxpool.Pool) (all []string, err error) {
	for _, t := range tables {
		rows, err := pool.Query(ctx, "SELECT to_jsonb(r)::text FROM "+t.name+" r WHERE deleted_at IS NOT NULL AND jsonb_strip_nulls(to_jsonb(r)) - $1::text[] <> '{}'",
			append([]string{"id", "version", "event_at", "deleted_at", "seen_run"}, t.kept...))
		if err != nil {
			return nil, err
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			all = append(all, "a tombstone has more than ids: "+row)
		}
	}
	return all, nil
}

func (w *world) wantUsers() map[string]string {
	all := map[string]string{}
	for id, u := range w.users.byID {
		email := "-"
		if *u.PrimaryEmailAddressID == "idn_1" {
			email = u.EmailAddresses[0].EmailAddress
		}
		all[id] = join(int64(u.UpdatedAt), *u.ExternalID, *u.Username, email, *u.FirstName, *u.LastName, u.ImageURL, string(fmt.Sprint(u.Banned)[0]),
			seconds(u.CreatedAt), seconds(u.UpdatedAt), fmt.Sprintf(`{"public": {"n": %d}, "unsafe": {"by": %q}}`, number(id), *u.Username))
	}
	return all
}

func (w *world) wantOrganizations() map[string]string {
	all := map[string]string{}
	for id, o := range w.orgs.byID {
		all[id] = join(int64(o.UpdatedAt), o.Name, o.Slug, seconds(o.CreatedAt), fmt.Sprintf(`{"public": {"n": %d}}`, number(id)))
	}
	return all
}

func (w *world) wantMembers() map[string]string {
	all := map[string]string{}
	for id, o := range w.members.byID {
		all[id] = join(int64(o.UpdatedAt), o.Organization.ID, o.PublicUserData.UserID, o.Role, "{"+strings.Join(o.Permissions, ",")+"}",
			fmt.Sprintf(`{"public": {"n": %d}}`, number(id)))
	}
	return all
}

func join(values ...any) string {
	var all []string
	for _, v := range values {
		all = append(all, fmt.Sprint(v))
	}
	return strings.Join(all, "|")
}

func seconds(t clerk.Timestamp) string { return fmt.Sprintf("%.3f", float64(t)/1000) }

func number(id string) (n int) {
	_, digits, _ := strings.Cut(id, "_")
	fmt.Sscanf(strings.TrimLeft(digits, "0"), "%d", &n)
	return n
}
