package migration_test

import (
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

func once(operation string, f clerktest.Fault) []clerktest.Fault {
	f.Operation, f.Times = operation, 1
	return []clerktest.Fault{f}
}

var housekeepingRequests = []request{
	{what: "health", method: "GET", path: "/health"},
	{what: "health 503 once", method: "GET", path: "/health", faults: once("CountUsers", clerktest.Fault{Status: http.StatusServiceUnavailable}), why: "TODO"},
	{what: "health 503", method: "GET", path: "/health", faults: []clerktest.Fault{{Status: http.StatusServiceUnavailable}}},
	{what: "last", method: "GET", path: "/runs/last"},
	{what: "run none", method: "POST", path: "/runs"},
	{what: "run 500", method: "POST", path: "/runs?inactive_days=500"},
	{what: "run 350", method: "POST", path: "/runs?inactive_days=350"},
	{what: "last", method: "GET", path: "/runs/last"},
	{what: "run 350 again", method: "POST", path: "/runs?inactive_days=350"},
	{what: "run 250 429", method: "POST", path: "/runs?inactive_days=250", faults: once("BanUser", clerktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: time.Second})},
	{what: "run 150 502 once", method: "POST", path: "/runs?inactive_days=150", faults: once("ListUsers", clerktest.Fault{Status: http.StatusBadGateway, HTML: true}), why: "TODO"},
	{what: "run 90 cut", method: "POST", path: "/runs?inactive_days=90", faults: once("ListSessions", clerktest.Fault{Cut: true}), why: "TODO"},
	{what: "run 50 ban fails", method: "POST", path: "/runs?inactive_days=50", faults: once("BanUser", clerktest.Fault{Status: http.StatusBadGateway, HTML: true})},
	{what: "run 429 revoke limit", method: "POST", path: "/runs?inactive_days=30", faults: once("ListUsers", clerktest.Fault{Status: http.StatusTooManyRequests})},
	{what: "link", method: "POST", path: "/sign-in-links?user=user_bo"},
	{what: "link nobody", method: "POST", path: "/sign-in-links?user=user_nobody"},
	{what: "link banned", method: "POST", path: "/sign-in-links?user=user_dan"},
	{what: "link none", method: "POST", path: "/sign-in-links"},
	{what: "revoke none", method: "DELETE", path: "/sign-in-links/sit_none"},
	{what: "invite none", method: "POST", path: "/invitations", body: `[]`},
	{what: "invite 12", method: "POST", path: "/invitations", body: `["a@example.org","b@example.org","c@example.org","d@example.org","e@example.org","f@example.org","g@example.org","h@example.org","i@example.org","j@example.org","k@example.org","l@example.org"]`},
	{what: "invite twice", method: "POST", path: "/invitations", body: `["m@example.org","a@example.org"]`},
	{what: "invite user", method: "POST", path: "/invitations", body: `["bo@example.com"]`},
	{what: "invite malformed", method: "POST", path: "/invitations", body: `["nobody"]`},
}
