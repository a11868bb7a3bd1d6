package knowndiffs

import (
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// answerRows are the differences in what is said of the outcome.
var answerRows = []Row{
	{
		ID: "D24", Fact: "an outage of the key endpoint is told by Err, and has one reason",
		Applies: func(_ *Judge, c *generator.Case) bool {
			return c.Options.JWTKey == "" && (c.Options.SecretKey == "" || c.API.Keys.Broken || c.API.Keys.Status != 0 && len(keysOf(c.API.Keys)) == 0)
		},
		Amends: []string{"Reason", "AuthReason", "AuthMessage", "Undecided"},
		Amend: func(c *generator.Case, a *peer.Answer) {
			switch a.Reason {
			case "jwk-remote-failed-to-load", "secret-key-invalid", "unexpected-error":
				a.Reason = "jwk-remote-failed-to-load"
				if c.API.Keys.Status == http.StatusUnauthorized {
					a.Reason = "secret-key-invalid"
				}
			case "token-verification-failed":
			default:
				return
			}
			a.AuthReason, a.AuthMessage, a.Undecided = a.Reason, false, true
		},
	},
	{
		ID: "D24", Fact: "an outage of the endpoint that verifies a machine's token is told by Err",
		Applies: func(_ *Judge, c *generator.Case) bool {
			return machineToken(c) != "" && (isOutage(c.API.Verify) || c.API.Verify.Status == http.StatusUnauthorized)
		},
		Amends: []string{"Reason", "AuthReason", "AuthMessage", "Undecided"},
		Amend: func(_ *generator.Case, a *peer.Answer) {
			if len(a.Calls) > 0 && (a.Reason == "unexpected-error" || a.Reason == "secret-key-invalid") {
				a.AuthMessage, a.Undecided = false, true
			}
		},
	},
	{
		ID: "D24", Fact: "an outage of the endpoint that gives the cookies of a handshake is told by Err",
		Applies: func(_ *Judge, c *generator.Case) bool {
			nonce := c.API.Nonce
			return readsCookies(c) && (isOutage(nonce) || nonce.Status == http.StatusOK && !strings.HasPrefix(nonce.Body, "{"))
		},
		Amends: []string{"Reason", "AuthReason", "AuthMessage", "Undecided"},
		Amend: func(_ *generator.Case, a *peer.Answer) {
			a.Undecided = len(a.Calls) > 0 && a.Reason == "session-token-missing"
		},
	},
	{
		ID: "D46", Fact: "a preflight request takes up no handshake",
		Applies: func(_ *Judge, c *generator.Case) bool {
			return c.Method == http.MethodOptions && strings.Contains(c.Target+strings.Join(cookieLines(c), ";"), "__clerk_handshake")
		},
		Rewrites: []string{"Header.Cookie", "Target"},
		Rewrite: func(_ *Judge, c *generator.Case) func(*peer.Answer) {
			for i, f := range c.Header {
				if strings.EqualFold(f[0], "Cookie") {
					c.Header[i][1] = strings.ReplaceAll(f[1], "__clerk_handshake", "__kcelc_handshake")
				}
			}
			return hideParameter(c, "__clerk_handshake")
		},
	},
	{
		ID: "D45", Fact: "the scopes of a machine's JWT are texts that are not empty, and scp is a list",
		Applies: func(_ *Judge, c *generator.Case) bool {
			t := machineJWT(c)
			return t != nil && hasOddScopes(t)
		},
		Amends: []string{"Auth.Scopes", "EndpointAuth.Scopes", "PendingAuth.Scopes"},
		Amend: func(c *generator.Case, a *peer.Answer) {
			scopes := scopesOf(machineJWT(c))
			for _, auth := range []*peer.Auth{a.Auth, a.EndpointAuth, a.PendingAuth} {
				if auth != nil && auth.IsAuthenticated {
					auth.Scopes = scopes
				}
			}
		},
	},
	{
		ID: "D42", Fact: "the verify endpoints are called with the API's version",
		Applies: func(_ *Judge, c *generator.Case) bool { return machineToken(c) != "" && machineJWT(c) == nil },
		Amends:  []string{"Calls.Path"},
		Amend: func(_ *generator.Case, a *peer.Answer) {
			a.Calls = slices.Clone(a.Calls)
			for i, call := range a.Calls {
				if strings.HasSuffix(call.Path, "/verify") && !strings.HasPrefix(call.Path, "v1/") {
					a.Calls[i].Path = "v1/" + call.Path
				}
			}
		},
	},
	{
		ID: "D10", Fact: "the state of a pending session says so",
		Applies: func(_ *Judge, c *generator.Case) bool {
			return anyToken(c, func(t *generator.Token) bool { return t.Payload["sts"] == "pending" })
		},
		Amends: []string{"Status"},
		Amend: func(_ *generator.Case, a *peer.Answer) {
			if a.Status == "signed-in" && a.PendingAuth.SessionStatus == "pending" {
				a.Status = "pending"
			}
		},
	},
	{
		ID: "D44", Fact: "the outcome of a handshake or a refresh that is no redirect is kept out of every cache",
		Applies: func(_ *Judge, c *generator.Case) bool {
			return mayRefresh(c) || bringsHandshake(c)
		},
		Amends: []string{"CacheControl"},
		Amend: func(_ *generator.Case, a *peer.Answer) {
			if a.Location == "" && (len(a.Cookies) > 0 || a.AllowOrigin != "") {
				a.CacheControl = "private, no-store"
			}
		},
	},
	{
		ID: "D22", Fact: "a handshake's answer has headers for scripts of other origins only when it is a redirect",
		Applies: func(_ *Judge, c *generator.Case) bool {
			return bringsHandshake(c) && !c.Options.Development()
		},
		Amends: []string{"AllowOrigin", "AllowCredentials"},
		Amend: func(_ *generator.Case, a *peer.Answer) {
			if a.Location == "" {
				a.AllowOrigin, a.AllowCredentials = "", ""
			}
		},
	},
}
