package difftest

import (
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// What 10,000 requests must reach.
const (
	Enough         = 20   // times each known difference, branch and reason
	EnoughSignedIn = 1000 // requests that are signed in
)

// situations names the way in which cookies sign the caller of c in or out, together
// with what cross-origin protection looks at: the request opens a WebSocket, or a page
// of another origin sends it.
func situations(c *generator.Case) (list []string) {
	if c.Way == "" || !c.Options.CrossOriginProtection {
		return nil
	}
	if upgrade, _ := c.Get("Upgrade"); strings.EqualFold(upgrade, "websocket") {
		list = append(list, c.Way+"/websocket")
	}
	if _, found := c.Get("Origin"); found {
		list = append(list, c.Way+"/foreign-page")
	}
	return list
}

// wantedSituations are the situations of every way.
func wantedSituations() (list []string) {
	for _, way := range generator.Ways {
		list = append(list, way+"/websocket", way+"/foreign-page")
	}
	return list
}

// branches are the branches of the JavaScript SDK that the requests must reach, by
// the names that javascript/marks.mjs has for them.
var branches = []string{
	"suffix/plain-token-unreadable", "suffix/plain-token-of-another-instance", "suffix/no-suffixed-cookies", "suffix/plain-token-newer",
	"suffix/suffixed-signed-out", "suffix/suffixed-token-expired", "suffix/no-suffixed-client-uat", "suffix/otherwise",

	"cookie/handshake-resolved", "cookie/handshake-fatal", "cookie/handshake-ignored",
	"cookie/satellite-skips-production", "cookie/satellite-syncs-production", "cookie/satellite-skips-development", "cookie/satellite-syncs-development",
	"cookie/primary-responds", "cookie/dev-browser-sync", "cookie/dev-browser-missing", "cookie/nothing-there", "cookie/token-without-client-uat",
	"cookie/client-uat-without-token", "cookie/undecodable", "cookie/another-kind-of-token", "cookie/token-older-than-client-uat", "cookie/refused",
	"cookie/cross-origin", "cookie/organization-mismatch", "cookie/signed-in",

	"token-error/no-verification-error", "token-error/refreshed", "token-error/refresh-failed", "token-error/refresh-failed-without-reason",
	"token-error/refresh-not-get", "token-error/refresh-no-cookie", "token-error/expired", "token-error/not-active-yet",
	"token-error/issued-in-the-future", "token-error/other",

	"handshake/nonce", "handshake/nonce-failed", "handshake/token", "handshake/development-redirects", "handshake/production-stays",
	"handshake/no-session-token", "handshake/signed-in", "handshake/signed-in-with-large-skew", "handshake/large-skew-failed", "handshake/failed",

	"refresh/no-client", "refresh/undecodable", "refresh/no-session-id", "refresh/fetch-error", "refresh/api-code", "refresh/no-code",
	"refresh/no-cookies", "refresh/invalid-token", "refresh/succeeded",

	"machine/undecodable", "machine/m2m-jwt", "machine/oauth-jwt", "machine/m2m", "machine/oauth", "machine/api-key",
	"machine-error/401", "machine-error/404", "machine-error/other", "machine-error/transport",
}

// currentBranches are those that only the current version of the SDK has.
var currentBranches = []string{"header/another-kind-of-token", "machine/oauth-jwt-for-another-audience", "machine/oauth-for-another-audience"}

// expected returns what the requests must reach in the compared versions of the SDK.
func expected(sdks []peer.SDK, all, current []string) []string {
	if slices.Contains(sdks, peer.Current) {
		return slices.Concat(all, current)
	}
	return all
}

// unreachable are the branches that no request reaches, and why.
var unreachable = map[string]string{
	"refresh/no-session-token": "only an expired token is refreshed, so a token is there",
	"refresh/no-refresh-token": "the refresh cookie was found before",
	"machine/other-jwt":        "every machine JWT is of one of the two kinds, and no JWT begins with a prefix",
	"machine/unknown":          "only tokens of known kinds come here",
	"machine-error/local":      "the SDK requires a secret key before",
}

// reasons are the reasons that the requests must reach. The API's error code follows
// refresh-; these are the codes that generated responses have.
var reasons = []string{
	"client-uat-but-no-session-token", "dev-browser-missing", "dev-browser-sync", "primary-responds-to-syncing",
	"primary-domain-cross-origin-sync", "satellite-needs-syncing", "session-token-and-uat-missing", "session-token-missing",
	"session-token-iat-before-client-uat", "session-token-nbf", "session-token-iat-in-the-future", "session-token-but-no-client-uat",
	"active-organization-mismatch", "token-type-mismatch", "unexpected-error", "No token in header",

	"session-token-expired-refresh-non-eligible-non-get", "session-token-expired-refresh-non-eligible-no-refresh-cookie",
	"session-token-expired-refresh-invalid-session-token", "session-token-expired-refresh-missing-api-client",
	"session-token-expired-refresh-expired-session-token-decode-failed", "session-token-expired-refresh-expired-session-token-missing-sid-claim",
	"session-token-expired-refresh-fetch-error", "session-token-expired-refresh-unexpected-sdk-error", "session-token-expired-refresh-unexpected-bapi-error",
	"session-token-expired-refresh-refresh_token_expired", "session-token-expired-refresh-session_revoked", "session-token-expired-refresh-resource_not_found",
	"session-token-expired-refresh-form_param_invalid", "session-token-expired-refresh-too_many_requests", "session-token-expired-refresh-internal_clerk_error",

	"token-invalid", "token-invalid-algorithm", "token-invalid-authorized-parties", "token-invalid-signature", "token-verification-failed",
	"secret-key-invalid", "jwk-remote-failed-to-load", "jwk-kid-mismatch",
}

// currentReasons are those that only the current version of the SDK has.
var currentReasons = []string{"token-invalid-issuer"}

// impossible are the reasons that the JavaScript SDK declares but never returns, and why.
var impossible = map[string]string{
	"session-token-expired":   "the result of the refresh always follows",
	"token-expired":           "a session token's becomes session-token-expired-refresh-…, a machine token's becomes token-verification-failed",
	"token-not-active-yet":    "a session token's becomes session-token-nbf, a machine token's becomes token-verification-failed",
	"token-iat-in-the-future": "a session token's becomes session-token-iat-in-the-future, a machine token's becomes token-verification-failed",
	"jwk-local-missing":       "an empty JWT key counts as absent",
	"jwk-failed-to-resolve":   "without any key there is an error, and for a machine JWT it becomes token-verification-failed",
	"jwk-remote-invalid":      "nothing in the SDK returns it",
	"jwk-remote-missing":      "nothing in the SDK returns it",

	"session-token-expired-refresh-missing-session-token": "only an expired token is refreshed, so a token is there",
	"session-token-expired-refresh-missing-refresh-token": "the refresh cookie was found before",
}
