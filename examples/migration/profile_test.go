package migration_test

import (
	"net/http"

	"github.com/backend-sdk/clerk-go/clerktest"
)

var plan = clerktest.WithClaim("plan", "pro")

var profileRequests = []request{
	{what: "keys out of reach", method: "GET", path: "/session", session: "sess_ada", token: []clerktest.TokenOption{plan},
		faults: []clerktest.Fault{{Operation: "GetJWKS", Status: http.StatusServiceUnavailable}}, why: "TODO"},
	{what: "a session", method: "GET", path: "/session", session: "sess_ada", token: []clerktest.TokenOption{plan}},
	{what: "no custom claims", method: "GET", path: "/session", session: "sess_bo"},
	{what: "custom claims of another type", method: "GET", path: "/session", session: "sess_bo", token: []clerktest.TokenOption{clerktest.WithClaim("plan", 7)}},
	{what: "custom claims of another type, which the endpoint does not read", method: "GET", path: "/me", session: "sess_bo",
		token: []clerktest.TokenOption{clerktest.WithClaim("plan", 7)}, why: "TODO"},
	{what: "no token", method: "GET", path: "/me", why: "TODO"},
	{what: "an expired token", method: "GET", path: "/me", session: "sess_ada", token: []clerktest.TokenOption{clerktest.Expired()}},
	{what: "a forged token", method: "GET", path: "/me", session: "sess_ada", token: []clerktest.TokenOption{clerktest.SignedByStranger()}},
	{what: "another origin", method: "GET", path: "/me", session: "sess_ada", token: []clerktest.TokenOption{clerktest.WithAuthorizedParty("https://other.example.com")}},
	{what: "no origin", method: "GET", path: "/me", session: "sess_ada", token: []clerktest.TokenOption{clerktest.WithoutClaim("azp")}, why: "TODO"},
	{what: "bearer", method: "GET", path: "/me", session: "sess_ada", scheme: "bearer", why: "TODO"},
	{what: "own profile", method: "GET", path: "/me", session: "sess_cleo"},
	{what: "names", method: "PATCH", path: "/me", body: `{"first_name":"Ada","last_name":"Lovelace"}`, session: "sess_ada"},
	{what: "empty name", method: "PATCH", path: "/me", body: `{"last_name":""}`, session: "sess_ada"},
	{what: "null", method: "PATCH", path: "/me", body: `{"last_name":null}`, session: "sess_bo", why: "TODO"},
	{what: "settings", method: "PATCH", path: "/me", body: `{"settings":{"theme":null,"font":{"size":12}}}`, session: "sess_ada"},
	{what: "settings that are no object", method: "PATCH", path: "/me", body: `{"first_name":"Bob","settings":7}`, session: "sess_bo", why: "TODO"},
	{what: "malformed", method: "PATCH", path: "/me", body: `{"first_name":`, session: "sess_ada"},
	{what: "an admin reads", method: "GET", path: "/users/user_bo", session: "sess_bo"},
	{what: "a member reads", method: "GET", path: "/users/user_bo", session: "sess_cleo"},
	{what: "an admin reads nobody", method: "GET", path: "/users/user_nobody", session: "sess_bo"},
	{what: "GET count", method: "GET", path: "/users/count", session: "sess_bo", why: "TODO"},
}
