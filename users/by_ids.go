package users

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
)

// maxIDs is how many ids ListUsers takes.
const maxIDs = 100

// ByIDs iterates over the users with these ids, in no particular order, and over each
// of them once. Ids that no user has are passed over, so without ids there is nothing to
// iterate over and nothing is sent. It requests a hundred users at a time, when the loop
// reaches them. If a request fails, the error is the last thing that it yields.
//
// An id that cannot be one, such as the empty string, is a [*clerk.RequestError], and
// nothing is sent then.
func ByIDs(ctx context.Context, client *clerk.Client, ids []string, opts ...clerk.CallOption) iter.Seq2[*User, error] {
	return func(yield func(*User, error) bool) {
		wanted := make(map[string]bool, len(ids)) // false once it was yielded
		var distinct []string
		for _, id := range ids {
			if err := checkListed(id); err != nil {
				yield(nil, err)
				return
			}
			if !wanted[id] {
				wanted[id] = true
				distinct = append(distinct, id)
			}
		}
		for batch := range slices.Chunk(distinct, maxIDs) {
			page, err := ListUsers(ctx, client, ListUsersParams{UserID: batch, Limit: clerk.Set(len(batch))}, opts...)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, user := range page.Data {
				if !wanted[user.ID] {
					continue
				}
				if wanted[user.ID] = false; !yield(user, nil) {
					return
				}
			}
		}
	}
}

// checkListed returns an error if ListUsers would not take id for the id of a user: a
// sign in front of it has a meaning of its own there.
func checkListed(id string) error {
	err := clerk.CheckID("ids", id)
	if err == nil && strings.ContainsAny(id[:1], "+-") {
		err = &clerk.RequestError{Field: "ids", Err: errors.New("starts with a sign, which is not allowed in an id")}
	}
	if refused, is := errors.AsType[*clerk.RequestError](err); is {
		refused.Operation = "users.ByIDs"
	}
	return err
}
