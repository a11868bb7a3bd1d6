// Package clerk is the client of Clerk's Backend API. The operations are in the
// packages users, sessions, organizations, invitations, machines, oauth,
// enterprise, billing and instance, and their models are in api. Package auth
// authenticates the requests that a service receives. All of them build on this
// package.
//
//	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
//	if err != nil {
//		return err
//	}
//	user, err := users.UpdateUser(ctx, client, userID, users.UpdateUserParams{
//		FirstName: clerk.Set("Ada"),
//		Username:  clerk.Null[string](), // clears the field; fields that are not set stay as they are
//	})
//	if errors.Is(err, clerk.ErrNotFound) {
//		…
//	}
//	for user, err := range users.AllUsers(ctx, client, users.ListUsersParams{}) {
//		…
//	}
//
// Every failure that the API reports is an [*Error]. A client retries what is
// safe to retry, never follows a redirect, and never prints a key, a token or a
// password.
package clerk
