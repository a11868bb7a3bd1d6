// Package clerkgo is the root of the Go SDK for Clerk's Backend API. It exports
// nothing: a service imports the packages below it.
//
//   - [github.com/backend-sdk/clerk-go/clerk]: the client, errors, optional values, lists
//   - [github.com/backend-sdk/clerk-go/auth]: who sent a request to this service, and what they may do
//   - [github.com/backend-sdk/clerk-go/users], [github.com/backend-sdk/clerk-go/sessions],
//     [github.com/backend-sdk/clerk-go/organizations], [github.com/backend-sdk/clerk-go/invitations],
//     [github.com/backend-sdk/clerk-go/machines], [github.com/backend-sdk/clerk-go/oauth],
//     [github.com/backend-sdk/clerk-go/enterprise], [github.com/backend-sdk/clerk-go/billing],
//     [github.com/backend-sdk/clerk-go/instance]: the operations, one function each
//   - [github.com/backend-sdk/clerk-go/webhooks]: the events that Clerk sends to this service
//   - [github.com/backend-sdk/clerk-go/api]: the models that the operations share
//   - [github.com/backend-sdk/clerk-go/clerktest]: fakes and an emulated Clerk instance for tests
//
// This file holds the commands that generate the code of those packages from the
// description in openapi/.
package clerkgo

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
//go:generate .bin/oapi-codegen -config openapi/config/webhooks.yaml .lowered/webhooks.yaml
//go:generate .bin/oapi-codegen -config openapi/config/events.yaml .lowered/webhooks.yaml
//go:generate .bin/oapi-codegen -config openapi/config/handlers.yaml .lowered/handlers.yaml
//go:generate .bin/oapi-codegen -config openapi/config/roundtrip.yaml .lowered/handlers.yaml
//go:generate .bin/oapi-codegen -config openapi/config/conformance.yaml .lowered/handlers.yaml
//go:generate .bin/tables
