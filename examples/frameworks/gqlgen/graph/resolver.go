// Package graph is a small GraphQL API whose resolvers know their caller.
package graph

import (
	"context"

	"github.com/backend-sdk/clerk-go/auth"
)

// Resolver is called behind Access, whose caller is in the context.
type Resolver struct{}

// WhoAmI returns the ID of the caller.
func (r *queryResolver) WhoAmI(ctx context.Context) (string, error) {
	return auth.FromContext(ctx).UserID, nil
}

// Refund asks for more than the rest of the API does.
func (r *mutationResolver) Refund(ctx context.Context) (string, error) {
	caller := auth.FromContext(ctx)
	if err := auth.Authorize(ctx, caller, auth.Role("org:admin"), auth.Reverified(auth.Strict)); err != nil {
		return "", err
	}
	return caller.UserID, nil
}

// Watch sends one event. Its context ends with the token.
func (r *subscriptionResolver) Watch(ctx context.Context) (<-chan string, error) {
	events := make(chan string, 1)
	events <- auth.FromContext(ctx).UserID
	context.AfterFunc(ctx, func() { close(events) })
	return events, nil
}

// Mutation is for the generated code, as are the other two.
func (r *Resolver) Mutation() MutationResolver { return &mutationResolver{r} }

// Query is for the generated code.
func (r *Resolver) Query() QueryResolver { return &queryResolver{r} }

// Subscription is for the generated code.
func (r *Resolver) Subscription() SubscriptionResolver { return &subscriptionResolver{r} }

type (
	mutationResolver     struct{ *Resolver }
	queryResolver        struct{ *Resolver }
	subscriptionResolver struct{ *Resolver }
)
