package migration_test

import (
	"net/http"

	"github.com/backend-sdk/clerk-go/clerktest"
)

var profileRequests = []request{
	{what: "a session with custom claims", method: "GET", path: "/session", session: "sess_ada", token: tokens(clerktest.WithClaim("plan", "pro"))},
	{what: "a session without custom claims", method: "GET", path: "/session", session: "sess_bo"},
	{what: "custom claims of another type", method: "GET", path: "/session", session: "sess_bo", token: tokens(clerktest.WithClaim("plan", 7))},
	{what: "custom claims of another type, where they are not read", method: "GET", path: "/me", session: "sess_bo",
		token: tokens(clerktest.WithClaim("plan", 7)),
		why:   "custom claims are decoded by `auth.ClaimsAs` when a handler asks, not while the token is verified"},
	{what: "no token", method: "GET", path: "/me", why: "a caller who is not authenticated gets 401, and the body of `auth.WithRefusal`"},
	{what: "an expired token", method: "GET", path: "/me", session: "sess_ada", token: tokens(clerktest.Expired())},
	{what: "a forged token", method: "GET", path: "/me", session: "sess_ada", token: tokens(clerktest.SignedByStranger())},
	{what: "a token for another origin", method: "GET", path: "/me", session: "sess_ada",
		token: tokens(clerktest.WithAuthorizedParty("https://other.example.com"))},
	{what: "a token for no origin", method: "GET", path: "/me", session: "sess_ada", token: tokens(clerktest.WithoutClaim("azp")),
		why: "with `auth.WithAuthorizedParties` the token must name an origin"},
	{what: "a pending session", method: "GET", path: "/me", session: "sess_ada", token: tokens(clerktest.Pending()),
		why: "a session with a task that is not done yet does not sign in"},
	{what: "`bearer` in small letters", method: "GET", path: "/me", session: "sess_ada", scheme: "bearer",
		why: "schemes of authentication have no case (RFC 9110)"},
	{what: "the caller's profile", method: "GET", path: "/me", session: "sess_cleo"},
	{what: "an administrator reads a member", method: "GET", path: "/users/user_cleo", session: "sess_bo"},
	{what: "a member reads an administrator", method: "GET", path: "/users/user_bo", session: "sess_cleo"},
	{what: "an administrator reads somebody who does not exist", method: "GET", path: "/users/user_nobody", session: "sess_bo"},
	{what: "`GET /users/count`, where `count` is in place of an ID", method: "GET", path: "/users/count", session: "sess_bo",
		why: "an ID that makes the path of another operation is not sent; there, the number of users was decoded as a user"},
	{what: "new names", method: "PATCH", path: "/me", body: `{"first_name":"Ada","last_name":"Lovelace"}`, session: "sess_ada"},
	{what: "an empty last name", method: "PATCH", path: "/me", body: `{"last_name":""}`, session: "sess_ada"},
	{what: "settings to merge", method: "PATCH", path: "/me", body: `{"settings":{"theme":null,"font":{"size":12}}}`, session: "sess_ada"},
	{what: "a body that is cut off", method: "PATCH", path: "/me", body: `{"first_name":`, session: "sess_ada"},
	{what: "`null` for the last name", method: "PATCH", path: "/me", body: `{"last_name":null}`, session: "sess_ada",
		why: "a `clerk.Optional` decodes null and sends it, which clears the name; a nil pointer is not sent"},
	{what: "a new name, and settings that are not an object", method: "PATCH", path: "/me", body: `{"first_name":"Bob","settings":7}`, session: "sess_bo",
		why: "`clerk.Metadata` decodes objects alone, so that the body is refused before anything is sent"},
}

// coldRequests are sent to a service that has just started.
var coldRequests = []request{
	{what: "Clerk's keys are out of reach", method: "GET", path: "/session", session: "sess_ada",
		faults: []clerktest.Fault{{Operation: "GetJWKS", Status: http.StatusServiceUnavailable}},
		why:    "an outage says nothing about the token"},
}

func tokens(options ...clerktest.TokenOption) []clerktest.TokenOption { return options }
