package knowndiffs

import (
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// outcomeRows are the differences in what the outcome reports.
var outcomeRows = []Row{
	{
		ID: "D24", Fact: "Err reports an outage of the key endpoint, which has one reason",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return c.Options.JWTKey == "" && (c.Options.SecretKey == "" || c.API.Keys.Broken || c.API.Keys.Status != 0 && len(keysOf(c.API.Keys)) == 0)
		},
		Amends: []string{"Reason", "AuthReason", "AuthMessage", "Undecided"},
		Amend: func(c *generator.Case, o *peer.Outcome) {
			switch o.Reason {
			case "jwk-remote-failed-to-load", "secret-key-invalid", "unexpected-error":
				o.Reason = "jwk-remote-failed-to-load"
				if c.API.Keys.Status == http.StatusUnauthorized {
					o.Reason = "secret-key-invalid"
				}
			case "token-verification-failed":
			default:
				return
			}
			o.AuthReason, o.AuthMessage, o.Undecided = o.Reason, false, true
		},
	},
	{
		ID: "D24", Fact: "Err reports an outage of the endpoint that verifies machine tokens",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return machineToken(c) != "" && (isOutage(c.API.Verify) || c.API.Verify.Status == http.StatusUnauthorized)
		},
		Amends: []string{"Reason", "AuthReason", "AuthMessage", "Undecided"},
		Amend: func(_ *generator.Case, o *peer.Outcome) {
			if len(o.Calls) > 0 && (o.Reason == "unexpected-error" || o.Reason == "secret-key-invalid") {
				o.AuthMessage, o.Undecided = false, true
			}
		},
	},
	{
		ID: "D24", Fact: "Err reports an outage of the endpoint that returns the cookies of a handshake",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			nonce := c.API.Nonce
			return readsCookies(c) && (isOutage(nonce) || nonce.Status == http.StatusOK && !strings.HasPrefix(nonce.Body, "{"))
		},
		Amends: []string{"Undecided", "Location", "CacheControl", "AllowOrigin", "AllowCredentials"},
		Amend: func(_ *generator.Case, o *peer.Outcome) {
			if len(o.Calls) > 0 && o.Reason == "session-token-missing" {
				o.Undecided = true
				o.Location, o.CacheControl, o.AllowOrigin, o.AllowCredentials = "", "", "", ""
			}
		},
	},
	{
		ID: "D24", Fact: "Err reports an outage of the endpoint that refreshes sessions, unless the browser is sent to a handshake",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return mayRefresh(c) && (isOutage(c.API.Refresh) || isCutOff(c.API.Refresh))
		},
		Amends: []string{"Undecided"},
		Amend: func(_ *generator.Case, o *peer.Outcome) {
			o.Undecided = o.Undecided || len(o.Calls) > 0 && o.Status == "signed-out" && triedRefresh(o.Reason)
		},
	},
	{
		ID: "D54", Fact: "only a page load completes a handshake",
		Applies:  func(_ *generator.Keys, c *generator.Case) bool { return bringsHandshake(c) && !returnsFromHandshake(c) },
		Rewrites: []string{"Header.Cookie", "Target"}, Rewrite: hideHandshake,
	},
	{
		ID: "D54", Fact: "a handshake token without a session is valid for a day",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return bringsHandshake(c) && returnsFromHandshake(c) && outdatedSignOut(c)
		},
		Rewrites: []string{"Header.Cookie", "Target"}, Rewrite: hideHandshake,
	},
	{
		ID: "D45", Fact: "the scopes of a machine JWT are non-empty strings, and scp is a list",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			t := machineJWT(c)
			return t != nil && hasOddScopes(t)
		},
		Amends: []string{"Auth.Scopes", "EndpointAuth.Scopes", "PendingAuth.Scopes"},
		Amend: func(c *generator.Case, o *peer.Outcome) {
			scopes := scopesOf(machineJWT(c))
			for _, auth := range []*peer.Auth{o.Auth, o.EndpointAuth, o.PendingAuth} {
				if auth != nil && auth.IsAuthenticated {
					auth.Scopes = scopes
				}
			}
		},
	},
	{
		ID: "D42", Fact: "the verify endpoints are called with the API version in the path",
		Applies: func(_ *generator.Keys, c *generator.Case) bool { return machineToken(c) != "" && machineJWT(c) == nil },
		Amends:  []string{"Calls.Path"},
		Amend: func(_ *generator.Case, o *peer.Outcome) {
			o.Calls = slices.Clone(o.Calls)
			for i, call := range o.Calls {
				if strings.HasSuffix(call.Path, "/verify") && !strings.HasPrefix(call.Path, "v1/") {
					o.Calls[i].Path = "v1/" + call.Path
				}
			}
		},
	},
	{
		ID: "D10", Fact: "the status of a pending session is pending",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return anyToken(c, func(t *generator.Token) bool { return t.Payload["sts"] == "pending" })
		},
		Amends: []string{"Status"},
		Amend: func(_ *generator.Case, o *peer.Outcome) {
			if o.Status == "signed-in" && o.PendingAuth.SessionStatus == "pending" {
				o.Status = "pending"
			}
		},
	},
	{
		ID: "D44", Fact: "unless it is a redirect, the response to who is signed in by a cookie is kept out of shared caches, and that after a handshake or a refresh out of every cache",
		Applies: func(_ *generator.Keys, c *generator.Case) bool { return readsCookies(c) },
		Amends:  []string{"CacheControl"},
		Amend: func(c *generator.Case, o *peer.Outcome) {
			switch {
			case o.Location != "":
			case (mayRefresh(c) || bringsHandshake(c)) && (len(o.Cookies) > 0 || o.AllowOrigin != ""):
				o.CacheControl = "private, no-store"
			case o.Status == "signed-in" || o.Status == "pending":
				o.CacheControl = "private"
			}
		},
	},
	{
		ID: "D22", Fact: "the response after a handshake has CORS headers only if it is a redirect",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return bringsHandshake(c) && !c.Options.Development()
		},
		Amends: []string{"AllowOrigin", "AllowCredentials"},
		Amend: func(_ *generator.Case, o *peer.Outcome) {
			if o.Location == "" {
				o.AllowOrigin, o.AllowCredentials = "", ""
			}
		},
	},
}

// hideHandshake renames the nonce and the token of a handshake to what nobody reads.
func hideHandshake(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
	for i, f := range c.Header {
		if strings.EqualFold(f[0], "Cookie") {
			c.Header[i][1] = strings.ReplaceAll(f[1], "__clerk_handshake", "__kcelc_handshake")
		}
	}
	return hideParameter(c, "__clerk_handshake")
}
