package main

import (
	"os"
	"slices"
	"strings"
)

// known are the variables that this module reads.
var known = []string{
	"CLERK_ACCEPTED_TOKENS", "CLERK_API_URL", "CLERK_API_VERSION", "CLERK_AUDIENCE", "CLERK_AUTHORIZED_PARTIES",
	"CLERK_CLOCK_SKEW", "CLERK_DISABLE_AUTO_PROXY", "CLERK_DOMAIN", "CLERK_FAPI_URL", "CLERK_HANDSHAKE_COOKIES_ONLY",
	"CLERK_IS_SATELLITE", "CLERK_JWT_KEY", "CLERK_MACHINE_SECRET_KEY", "CLERK_ORGANIZATION_PATTERNS",
	"CLERK_PERSONAL_ACCOUNT_PATTERNS", "CLERK_PROXY_CLIENT_IP", "CLERK_PROXY_URL", "CLERK_PUBLIC_ORIGIN",
	"CLERK_PUBLISHABLE_KEY", "CLERK_REDIRECT_ORIGINS", "CLERK_RESOURCE", "CLERK_RESOURCE_SCOPES",
	"CLERK_SAME_ORIGIN_SESSIONS", "CLERK_SATELLITE_AUTO_SYNC", "CLERK_SECRET_KEY", "CLERK_SIGN_IN_URL",
	"CLERK_SIGN_UP_URL", "CLERK_TOKEN_CACHE", "CLERK_TRUSTED_PROXIES", "CLERK_WEBHOOK_SIGNING_SECRET",
}

// otherNames are names of Clerk's other SDKs, and of this one's variables there.
var otherNames = map[string]string{
	"CLERK_API_KEY":        "CLERK_SECRET_KEY",
	"CLERK_FRONTEND_API":   "CLERK_PUBLISHABLE_KEY",
	"CLERK_PEM_PUBLIC_KEY": "CLERK_JWT_KEY",
	"CLERK_WEBHOOK_SECRET": "CLERK_WEBHOOK_SIGNING_SECRET",
}

// checkVariables looks for variables of Clerk that are set and not read. Frontends have the
// same names with a prefix, such as NEXT_PUBLIC_.
func (e *examination) checkVariables(environ []string) {
	slices.Sort(environ)
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		start := strings.Index(name, "CLERK_")
		if start < 0 || value == "" || slices.Contains(known, name) {
			continue
		}
		meant := nearest(name[start:])
		switch {
		case start > 0 && meant == "", start > 0 && os.Getenv(meant) == value:
			// A frontend's own business.
		case meant == "":
			e.report.add(warning, "variable", "%s is set, and nothing in this module reads it", name)
		case os.Getenv(meant) == "":
			e.report.add(warning, "variable", "%s is set, and %s is not, which is the one that is read", name, meant)
		case start > 0:
			e.report.add(warning, "variable", "%s and %s differ: are they of one instance?", name, meant)
		default:
			e.report.add(warning, "variable", "%s is set beside %s, and is not read", name, meant)
		}
	}
}

// nearest returns the variable that somebody who wrote name probably meant, or "".
func nearest(name string) string {
	if meant, found := otherNames[name]; found {
		return meant
	}
	plain := func(name string) string { return strings.ReplaceAll(strings.TrimPrefix(name, "CLERK_"), "_", "") }
	const most = 3
	best, meant := most+1, ""
	for _, candidate := range known {
		if d := distance(plain(name), plain(candidate)); d < best && d*3 <= len(plain(candidate)) {
			best, meant = d, candidate
		}
	}
	return meant
}

// distance returns how many bytes have to be added, removed or replaced to make b of a
// (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
