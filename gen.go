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

// The tools have a module of their own, so that their dependencies are not
// those of this one. lower turns openapi/ into one document a package;
// oapi-codegen prints each with the templates in openapi/templates.
//
//go:generate go build -C internal/tools -o ../../.bin/ tool
//go:generate .bin/lower
//go:generate .bin/oapi-codegen -config openapi/config/models.yaml .lowered/api.yaml
//go:generate -command operations .bin/oapi-codegen -config openapi/config/package.yaml
//go:generate operations -package billing -o billing/billing.gen.go .lowered/billing.yaml
//go:generate operations -package enterprise -o enterprise/enterprise.gen.go .lowered/enterprise.yaml
//go:generate operations -package instance -o instance/instance.gen.go .lowered/instance.yaml
//go:generate operations -package invitations -o invitations/invitations.gen.go .lowered/invitations.yaml
//go:generate operations -package machines -o machines/machines.gen.go .lowered/machines.yaml
//go:generate operations -package oauth -o oauth/oauth.gen.go .lowered/oauth.yaml
//go:generate operations -package organizations -o organizations/organizations.gen.go .lowered/organizations.yaml
//go:generate operations -package sessions -o sessions/sessions.gen.go .lowered/sessions.yaml
//go:generate operations -package users -o users/users.gen.go .lowered/users.yaml
//go:generate .bin/oapi-codegen -config openapi/config/handlers.yaml .lowered/handlers.yaml
//go:generate .bin/oapi-codegen -config openapi/config/roundtrip.yaml .lowered/handlers.yaml
//go:generate .bin/oapi-codegen -config openapi/config/conformance.yaml .lowered/handlers.yaml
//go:generate .bin/tables
