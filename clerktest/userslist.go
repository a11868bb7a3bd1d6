package clerktest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

func (i *Instance) countUsers(_ context.Context, params users.CountUsersParams) (*api.Count, error) {
	if err := checkFilter(params); err != nil {
		return nil, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return &api.Count{Object: "total_count", TotalCount: int64(len(i.filter(params)))}, nil
}

func (i *Instance) listUsers(_ context.Context, params users.ListUsersParams) (*clerk.List[api.User], error) {
	filter := filterOf(params)
	if err := checkFilter(filter); err != nil {
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
	i.mu.Lock()
	defer i.mu.Unlock()
	list := i.filter(filter)
	slices.SortStableFunc(list, order.compare)
	if order.descending {
		slices.Reverse(list)
	}
	if after {
		at := slices.IndexFunc(list, func(u *api.User) bool { return u.ID == cursor })
		if at < 0 {
			return nil, invalid("form_resource_not_found", "starting_after", "names no user of the list")
		}
		list = list[at+1:]
	}
	return &clerk.List[api.User]{Data: page(list, params.Limit.Or(defaultLimit), params.Offset.Or(0))}, nil
}

// userOrder sorts users by a property. Those that have the same value stay in
// the order in which they came.
type userOrder struct {
	property   string
	descending bool
}

var userTexts = map[string]func(*api.User) string{
	"first_name":    func(u *api.User) string { return value(u.FirstName) },
	"last_name":     func(u *api.User) string { return value(u.LastName) },
	"username":      func(u *api.User) string { return value(u.Username) },
	"email_address": func(u *api.User) string { return value(primaryEmail(u)).EmailAddress },
	"phone_number":  func(u *api.User) string { return value(primaryPhone(u)).PhoneNumber },
	"web3wallet":    primaryWallet,
}

var userTimes = map[string]func(*api.User) int64{
	"created_at":      func(u *api.User) int64 { return int64(u.CreatedAt) },
	"updated_at":      func(u *api.User) int64 { return int64(u.UpdatedAt) },
	"last_active_at":  func(u *api.User) int64 { return int64(value(u.LastActiveAt)) },
	"last_sign_in_at": func(u *api.User) int64 { return int64(value(u.LastSignInAt)) },
}

func orderOf(text string) (userOrder, error) {
	property, descending := strings.CutPrefix(text, "-")
	if !descending {
		property = strings.TrimLeft(text, "+ ")
	}
	if userTexts[property] == nil && userTimes[property] == nil {
		return userOrder{}, invalid("form_param_value_invalid", "order_by", "names no property that users are sorted by")
	}
	return userOrder{property, descending}, nil
}

func (o userOrder) compare(a, b *api.User) int {
	if text := userTexts[o.property]; text != nil {
		return cmp.Compare(text(a), text(b))
	}
	time := userTimes[o.property]
	return cmp.Compare(time(a), time(b))
}
