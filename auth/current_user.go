package auth

import (
	"context"
	"errors"

	"github.com/backend-sdk/clerk-go/users"
)

// CurrentUser returns the signed-in user as the Backend API has it, or nil without an
// error if nobody is signed in. All calls for one request share one fetch and its
// result, which callers must not modify; an error is not kept, so the next call tries
// again. If nothing could be decided, the error is that of [Auth.Err]; without a client
// it is [ErrNoClient]. The user includes private metadata: hand out selected fields,
// never the whole value.
func CurrentUser(ctx context.Context) (*users.User, error) {
	a := FromContext(ctx)
	claims := a.sessionClaims()
	if claims == nil {
		return nil, a.Err()
	}
	client := a.record.owner.client
	if client == nil {
		return nil, ErrNoClient
	}
	return a.record.user.get(ctx, func() (*users.User, error) {
		user, err := users.GetUser(ctx, client, claims.subject)
		if err == nil && user.ID == "" {
			return nil, errors.New("auth: the response of Clerk has no user")
		}
		return user, err
	})
}
