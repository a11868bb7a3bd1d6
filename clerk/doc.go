// Package clerk is the client of Clerk's Backend API. The operations live in
// the packages users, sessions, organizations, invitations, machines, oauth,
// enterprise, billing and instance, their models in api, and the authentication
// of a service's own requests in auth; this package is what they stand on.
//
//	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
//	if err != nil {
//		return err
//	}
//	user, err := users.UpdateUser(ctx, client, userID, users.UpdateUserParams{
//		FirstName: clerk.Set("Ada"),
//		Username:  clerk.Null[string](), // clears the field; what is not set stays as it is
//	})
//	if errors.Is(err, clerk.ErrNotFound) {
//		…
//	}
//	for user, err := range users.AllUsers(ctx, client, users.ListUsersParams{}) {
//		…
//	}
//
// Every failure of the API is an [*Error]. A client retries what is safe to
// retry, never follows a redirect, and prints no key, token or password.
package clerk
