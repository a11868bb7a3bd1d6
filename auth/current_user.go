package auth

import (
	"context"

	"github.com/backend-sdk/clerk-go/users"
)

// CurrentUser gives the signed-in user as Clerk's Backend API has it, and nil
// with no error when nobody is signed in. All callers of one request share one
// fetch and its result, which is theirs to read and not to write; an error is not
// kept, so the next call tries again. Where nothing could be decided the error is
// what [Auth.Err] says; without a client it is [ErrNoClient]. The user holds
// private metadata: hand out chosen fields, never the whole.
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
		return users.GetUser(ctx, client, claims.subject)
	})
}
