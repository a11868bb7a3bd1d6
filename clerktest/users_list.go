package clerktest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/users"
)

// maxFilterValues is the number of values that one filter may have.
const maxFilterValues = 100

// filtersOf returns the filters among the parameters of a list, which are the
// parameters of a count.
func filtersOf(p users.ListUsersParams) users.CountUsersParams {
	return users.CountUsersParams{
		EmailAddress: p.EmailAddress, PhoneNumber: p.PhoneNumber, ExternalID: p.ExternalID,
		Username: p.Username, Web3Wallet: p.Web3Wallet, UserID: p.UserID, OrganizationID: p.OrganizationID,
		Query: p.Query, EmailAddressQuery: p.EmailAddressQuery, PhoneNumberQuery: p.PhoneNumberQuery,
		UsernameQuery: p.UsernameQuery, NameQuery: p.NameQuery, Banned: p.Banned,
		LastActiveAtBefore: p.LastActiveAtBefore, LastActiveAtAfter: p.LastActiveAtAfter,
		//lint:ignore SA1019 callers may still send the deprecated name
		LastActiveAtSince: p.LastActiveAtSince,
		CreatedAtBefore:   p.CreatedAtBefore, CreatedAtAfter: p.CreatedAtAfter,
		LastSignInAtBefore: p.LastSignInAtBefore, LastSignInAtAfter: p.LastSignInAtAfter,
		Provider: p.Provider, ProviderUserID: p.ProviderUserID,
	}
}

// checkFilters checks the rules that the description only states in prose.
func checkFilters(p users.CountUsersParams) error {
	for _, list := range []struct {
		param  string
		values []string
	}{
		{"email_address", p.EmailAddress},
		{"phone_number", p.PhoneNumber},
		{"external_id", p.ExternalID},
		{"username", p.Username},
		{"web3_wallet", p.Web3Wallet},
		{"user_id", p.UserID},
		{"organization_id", p.OrganizationID},
		{"provider_user_id", p.ProviderUserID},
	} {
		if len(list.values) > maxFilterValues {
			return invalid("form_param_array_size_exceeded", list.param, "can have at most %d values", maxFilterValues)
		}
	}
	if _, ok := p.Provider.Get(); ok != (len(p.ProviderUserID) > 0) {
		return invalid("form_conditional_param_missing", "provider", "and provider_user_id must be given together")
	}
	return nil
}

// filterUsers returns the users that match every filter, oldest first.
func (i *Instance) filterUsers(p users.CountUsersParams) []*api.User {
	list := i.inOrganizations(i.users.Snapshot(), p.OrganizationID)
	return slices.DeleteFunc(list, func(u *api.User) bool { return !matchesFilters(u, &p) })
}

// matchesFilters reports whether a user matches every filter but organization_id.
func matchesFilters(u *api.User, p *users.CountUsersParams) bool {
	return p.Banned.Or(u.Banned) == u.Banned && matchesTimes(u, p) && matchesIdentifiers(u, p) && matchesQueries(u, p) &&
		matchesProvider(u, p)
}

func matchesIdentifiers(u *api.User, p *users.CountUsersParams) bool {
	if len(p.EmailAddress)+len(p.PhoneNumber)+len(p.Web3Wallet) > 0 {
		emails, phones, wallets := identifierTexts(u)
		if !oneOf(p.EmailAddress, emails...) || !oneOf(p.PhoneNumber, phones...) || !oneOf(p.Web3Wallet, wallets...) {
			return false
		}
	}
	return oneOf(p.Username, clerk.Value(u.Username)) &&
		matchesSignedIDs(p.UserID, u.ID) && matchesSignedIDs(p.ExternalID, clerk.Value(u.ExternalID))
}

// matchesProvider reports whether the user has one of the wanted accounts.
func matchesProvider(u *api.User, p *users.CountUsersParams) bool {
	provider, ok := p.Provider.Get()
	return !ok || slices.ContainsFunc(u.ExternalAccounts, func(a api.ExternalAccount) bool {
		return a.Provider == providerName(provider) && slices.Contains(p.ProviderUserID, a.ProviderUserID)
	})
}

func identifierTexts(u *api.User) (emails, phones, wallets []string) {
	for _, e := range u.EmailAddresses {
		emails = append(emails, e.EmailAddress)
	}
	for _, p := range u.PhoneNumbers {
		phones = append(phones, p.PhoneNumber)
	}
	for _, w := range u.Web3Wallets {
		wallets = append(wallets, w.Web3Wallet)
	}
	return emails, phones, wallets
}

// oneOf reports whether has contains one of the wanted identifiers. It returns true if
// none is wanted.
func oneOf(wanted []string, has ...string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(has, func(h string) bool { return h != "" && containsFold(wanted, h) })
}

// matchesSignedIDs is oneOf for IDs with an optional sign, where - excludes an ID. A +
// that was not escaped arrives as a space.
func matchesSignedIDs(wanted []string, has ...string) bool {
	included, any := false, false
	for _, w := range wanted {
		if excluded, ok := strings.CutPrefix(w, "-"); ok {
			if slices.Contains(has, excluded) {
				return false
			}
			continue
		}
		id := strings.TrimLeft(w, "+ ")
		any = true
		included = included || id != "" && slices.Contains(has, id)
	}
	return included || !any
}

func matchesQueries(u *api.User, p *users.CountUsersParams) bool {
	if !asksForText(p) {
		return true
	}
	first, last := clerk.Value(u.FirstName), clerk.Value(u.LastName)
	names := []string{first, last, first + " " + last}
	usernames := []string{clerk.Value(u.Username), u.ID}
	emails, phones, wallets := identifierTexts(u)
	return containsQuery(p.Query, emails, phones, wallets, names, usernames) && containsQuery(p.EmailAddressQuery, emails) &&
		containsQuery(p.PhoneNumberQuery, phones) && containsQuery(p.UsernameQuery, usernames[:1]) && containsQuery(p.NameQuery, names)
}

// asksForText reports whether one of the filters looks into texts.
func asksForText(p *users.CountUsersParams) bool {
	return slices.ContainsFunc([]clerk.Optional[string]{p.Query, p.EmailAddressQuery, p.PhoneNumberQuery, p.UsernameQuery, p.NameQuery},
		func(query clerk.Optional[string]) bool { return query.Or("") != "" })
}

// containsQuery reports whether one of the texts contains the query, ignoring case.
func containsQuery(query clerk.Optional[string], lists ...[]string) bool {
	q := query.Or("")
	return q == "" || slices.ContainsFunc(lists, func(texts []string) bool {
		return slices.ContainsFunc(texts, func(text string) bool { return containsIgnoringCase(text, q) })
	})
}

// containsIgnoringCase does not allocate for ASCII, because it is called for every text of
// thousands of users.
func containsIgnoringCase(text, part string) bool {
	for n := range len(text) {
		if text[n] >= utf8.RuneSelf {
			return strings.Contains(strings.ToLower(text), strings.ToLower(part))
		}
	}
	for n := range len(text) - len(part) + 1 {
		if strings.EqualFold(text[n:n+len(part)], part) {
			return true
		}
	}
	return false
}

func matchesTimes(u *api.User, p *users.CountUsersParams) bool {
	created := u.CreatedAt
	return within(&created, p.CreatedAtAfter, p.CreatedAtBefore) &&
		within(u.LastActiveAt, p.LastActiveAtAfter, p.LastActiveAtBefore) &&
		//lint:ignore SA1019 callers may still send the deprecated name
		within(u.LastActiveAt, p.LastActiveAtSince, clerk.Optional[time.Time]{}) &&
		within(u.LastSignInAt, p.LastSignInAtAfter, p.LastSignInAtBefore)
}

// within reports whether a time lies between two bounds, each of which may be absent.
// An absent time does not lie within any bound.
func within(t *clerk.Timestamp, after, before clerk.Optional[time.Time]) bool {
	a, hasAfter := after.Get()
	b, hasBefore := before.Get()
	if t == nil {
		return !hasAfter && !hasBefore
	}
	return (!hasAfter || *t > clerk.At(a)) && (!hasBefore || *t < clerk.At(b))
}

func (i *Instance) countUsers(_ context.Context, params users.CountUsersParams) (*api.Count, error) {
	if err := checkFilters(params); err != nil {
		return nil, err
	}
	return &api.Count{Object: "total_count", TotalCount: len(i.filterUsers(params))}, nil
}

func (i *Instance) listUsers(_ context.Context, params users.ListUsersParams) (*clerk.List[api.User], error) {
	filter := filtersOf(params)
	if err := checkFilters(filter); err != nil {
		return nil, err
	}
	order, err := orderOf(params.OrderBy.Or("-created_at"))
	if err != nil {
		return nil, err
	}
	cursor, after := params.StartingAfter.Get()
	switch {
	case after && order.property != "created_at":
		return nil, invalid("form_param_value_invalid", "order_by", "must be created_at with starting_after")
	case after && params.Offset.Or(0) != 0:
		return nil, invalid("form_conditional_param_disallowed", "offset", "cannot be given with starting_after")
	}
	list := order.sorted(i.filterUsers(filter))
	if after {
		at := slices.IndexFunc(list, func(u *api.User) bool { return u.ID == cursor })
		if at < 0 {
			return nil, invalid("form_resource_not_found", "starting_after", "is not the id of a user in the list")
		}
		list = list[at+1:]
	}
	return &clerk.List[api.User]{Data: resource.Cut(list, params)}, nil
}

// userOrder sorts users by a property. Users with equal values stay in the order of
// their creation.
type userOrder struct {
	property   string
	descending bool
}

var userTexts = map[string]func(*api.User) string{
	"first_name":    func(u *api.User) string { return clerk.Value(u.FirstName) },
	"last_name":     func(u *api.User) string { return clerk.Value(u.LastName) },
	"username":      func(u *api.User) string { return clerk.Value(u.Username) },
	"email_address": func(u *api.User) string { return clerk.Value(u.PrimaryEmail()).EmailAddress },
	"phone_number":  func(u *api.User) string { return clerk.Value(u.PrimaryPhone()).PhoneNumber },
	"web3wallet":    primaryWallet,
}

var userTimes = map[string]func(*api.User) int64{
	"created_at":      func(u *api.User) int64 { return int64(u.CreatedAt) },
	"updated_at":      func(u *api.User) int64 { return int64(u.UpdatedAt) },
	"last_active_at":  func(u *api.User) int64 { return int64(clerk.Value(u.LastActiveAt)) },
	"last_sign_in_at": func(u *api.User) int64 { return int64(clerk.Value(u.LastSignInAt)) },
}

func orderOf(text string) (userOrder, error) {
	property, descending := strings.CutPrefix(text, "-")
	if !descending {
		property = strings.TrimLeft(text, "+ ")
	}
	if userTexts[property] == nil && userTimes[property] == nil {
		return userOrder{}, invalid("form_param_value_invalid", "order_by", "is not a property that users can be sorted by")
	}
	return userOrder{property, descending}, nil
}

// sorted returns a list, which is oldest first, in this order.
func (o userOrder) sorted(list []*api.User) []*api.User {
	type keyed struct {
		u    *api.User
		text string
		time int64
	}
	text, time := userTexts[o.property], userTimes[o.property]
	all := make([]keyed, len(list))
	for n, u := range list {
		all[n].u = u
		if text != nil {
			all[n].text = text(u)
		} else {
			all[n].time = time(u)
		}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.text, b.text))
	})
	if o.descending {
		slices.Reverse(all)
	}
	for n := range all {
		list[n] = all[n].u
	}
	return list
}
