package migration_test

import (
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

var housekeepingRequests = []request{
	{what: "the health", method: "GET", path: "/health"},
	{what: "the health, while Clerk fails", method: "GET", path: "/health", faults: []clerktest.Fault{{Status: http.StatusServiceUnavailable}}},
	{what: "the health, after one 503", method: "GET", path: "/health", faults: once("CountUsers", clerktest.Fault{Status: http.StatusServiceUnavailable}),
		why: "reads are tried again"},
	{what: "the health, after a 429", method: "GET", path: "/health",
		faults: once("CountUsers", clerktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: time.Second}),
		why:    "every call waits for a `Retry-After`, also where nobody thought of it"},
	{what: "the health, after a lost connection", method: "GET", path: "/health", faults: once("CountUsers", clerktest.Fault{Cut: true}),
		why: "reads are tried again"},
	{what: "the last run before there was one", method: "GET", path: "/runs/last"},
	{what: "a run without a limit", method: "POST", path: "/runs"},
	{what: "a run that finds nobody", method: "POST", path: "/runs?inactive_days=500"},
	{what: "a run that finds a user with two sessions", method: "POST", path: "/runs?inactive_days=350"},
	{what: "the last run", method: "GET", path: "/runs/last"},
	{what: "the same run again", method: "POST", path: "/runs?inactive_days=350"},
	{what: "a run with a 429 for a ban", method: "POST", path: "/runs?inactive_days=250",
		faults: once("BanUser", clerktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: time.Second})},
	{what: "a run with a 429 for a list", method: "POST", path: "/runs?inactive_days=150",
		faults: once("ListSessions", clerktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: time.Second})},
	{what: "a run whose ban fails", method: "POST", path: "/runs?inactive_days=90",
		faults: once("BanUser", clerktest.Fault{Status: http.StatusBadGateway, HTML: true})},
	{what: "a link to sign in", method: "POST", path: "/sign-in-links?user=user_bo"},
	{what: "a link for somebody who does not exist", method: "POST", path: "/sign-in-links?user=user_nobody"},
	{what: "a link for a banned user", method: "POST", path: "/sign-in-links?user=user_dan"},
	{what: "a link that does not exist is revoked", method: "DELETE", path: "/sign-in-links/sit_none"},
	{what: "invitations of nobody", method: "POST", path: "/invitations", body: `[]`},
	{what: "twelve invitations, which are two calls", method: "POST", path: "/invitations",
		body: `["a@example.org","b@example.org","c@example.org","d@example.org","e@example.org","f@example.org",` +
			`"g@example.org","h@example.org","i@example.org","j@example.org","k@example.org","l@example.org"]`},
	{what: "an invitation beside one that exists", method: "POST", path: "/invitations", body: `["m@example.org","a@example.org"]`},
	{what: "an invitation of a user", method: "POST", path: "/invitations", body: `["bo@example.com"]`},
	{what: "an invitation of something that is not an address", method: "POST", path: "/invitations", body: `["nobody"]`},
	{what: "a run whose list fails once", method: "POST", path: "/runs?inactive_days=30",
		faults: once("ListUsers", clerktest.Fault{Status: http.StatusBadGateway, HTML: true}),
		why:    "reads are tried again, so that the run ends"},
}

// once returns a fault of the first call of an operation.
func once(operation string, f clerktest.Fault) []clerktest.Fault {
	f.Operation, f.Times = operation, 1
	return []clerktest.Fault{f}
}
