package register

import (
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/judge/scenario"
	"github.com/backend-sdk/clerk-go/internal/conformance/judge/side"
)

// answerRows are the differences in what is said of the outcome.
var answerRows = []Row{
	{
		ID: "D24", Fact: "an outage of the key endpoint is told by Err, and has one reason",
		Applies: func(_ *Judge, c *scenario.Case) bool {
			return c.Options.JWTKey == "" && (c.Options.SecretKey == "" || c.API.Keys.Broken || c.API.Keys.Status != 0 && len(keysOf(c.API.Keys)) == 0)
		},
		Amend: func(c *scenario.Case, a *side.Answer) {
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
		Applies: func(_ *Judge, c *scenario.Case) bool {
			return machineToken(c) != "" && (isOutage(c.API.Verify) || c.API.Verify.Status == http.StatusUnauthorized)
		},
		Amend: func(_ *scenario.Case, a *side.Answer) {
			if len(a.Calls) > 0 && (a.Reason == "unexpected-error" || a.Reason == "secret-key-invalid") {
				a.AuthMessage, a.Undecided = false, true
			}
		},
	},
	{
		ID: "D24", Fact: "an outage of the endpoint that gives the cookies of a handshake is told by Err",
		Applies: func(_ *Judge, c *scenario.Case) bool {
			nonce := c.API.Nonce
			return readsCookies(c) && (isOutage(nonce) || nonce.Status == http.StatusOK && !strings.HasPrefix(nonce.Body, "{"))
		},
		Amend: func(_ *scenario.Case, a *side.Answer) {
			a.Undecided = len(a.Calls) > 0 && a.Reason == "session-token-missing"
		},
	},
	{
		ID: "D46", Fact: "a preflight request takes up no handshake",
		Applies: func(_ *Judge, c *scenario.Case) bool {
			return c.Method == http.MethodOptions && strings.Contains(c.Target+strings.Join(cookieLines(c), ";"), "__clerk_handshake")
		},
		Rewrite: func(_ *Judge, c *scenario.Case) func(*side.Answer) {
			for i, f := range c.Header {
				if strings.EqualFold(f[0], "Cookie") {
					c.Header[i][1] = strings.ReplaceAll(f[1], "__clerk_handshake", "__kcelc_handshake")
				}
			}
			return hideParameter(c, "__clerk_handshake")
		},
	},
	{
		ID: "D45", Fact: "an empty text of scopes holds no scope, and neither does an scp that is no list",
		Applies: func(_ *Judge, c *scenario.Case) bool {
			t, ok := scenario.Read(machineToken(c))
			_, plain := t.Payload["scp"].(string)
			return ok && (plain || t.Payload["scope"] == "" || t.Payload["scopes"] == "" || t.Payload["aud"] == "")
		},
		Amend: func(c *scenario.Case, a *side.Answer) {
			t, _ := scenario.Read(machineToken(c))
			for _, auth := range []*side.Auth{a.Auth, a.EndpointAuth, a.PendingAuth} {
				if text, _ := t.Payload["scp"].(string); auth != nil && len(auth.Scopes) == 1 && (auth.Scopes[0] == "" || auth.Scopes[0] == text) {
					auth.Scopes = nil
				}
			}
		},
	},
	{
		ID: "D42", Fact: "the verify endpoints are called with the API's version",
		Applies: func(_ *Judge, c *scenario.Case) bool { return machineToken(c) != "" },
		Amend: func(_ *scenario.Case, a *side.Answer) {
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
		Applies: func(_ *Judge, c *scenario.Case) bool {
			return anyToken(c, func(t *scenario.Token) bool { return t.Payload["sts"] == "pending" })
		},
		Amend: func(_ *scenario.Case, a *side.Answer) {
			if a.Status == "signed-in" && a.PendingAuth.SessionStatus == "pending" {
				a.Status = "pending"
			}
		},
	},
	{
		ID: "D44", Fact: "what a handshake or a refresh answers is kept out of every cache, shared ones included",
		Applies: func(*Judge, *scenario.Case) bool { return true },
		Amend: func(_ *scenario.Case, a *side.Answer) {
			if a.Location != "" || len(a.Cookies) > 0 || a.AllowOrigin != "" {
				a.CacheControl = "private, no-store"
			}
		},
	},
	{
		ID: "D22", Fact: "a handshake's answer has headers for scripts of other origins only when it is a redirect",
		Applies: func(_ *Judge, c *scenario.Case) bool {
			return readsCookies(c) && strings.Contains(c.Target+strings.Join(cookieLines(c), ";"), "__clerk_handshake")
		},
		Amend: func(_ *scenario.Case, a *side.Answer) {
			if a.Location == "" {
				a.AllowOrigin, a.AllowCredentials = "", ""
			}
		},
	},
}
