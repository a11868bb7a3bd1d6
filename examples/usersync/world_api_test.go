package main

import (
	"context"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

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
