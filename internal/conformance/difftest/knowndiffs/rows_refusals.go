package knowndiffs

import (
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// refusalRows are the differences in which sessions are refused although their tokens
// verify, and in what a refusal says.
var refusalRows = []Row{
	{
		ID: "D53", Fact: "a session token must have a known status and a session, and in a cookie a time of issue",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return c.Options.AcceptsKind(generator.Session) && slices.ContainsFunc(allTokens(c), func(token string) bool { return unknownState(c, token) != "" })
		},
		Amends: everything,
		Amend: func(c *generator.Case, o *peer.Outcome) {
			if o.Error != "" {
				return
			}
			if o.TokenType == generator.Session && (o.PendingAuth.IsAuthenticated || confirmsLater(o.Reason)) {
				if reason := unknownState(c, verifiedSession(c, o)); reason != "" {
					*o = refused(o, reason)
					o.AuthMessage = true
				}
			}
		},
	},
	{
		ID: "D59", Fact: "a refusal says in a message what was presented or is missing",
		Applies: func(_ *generator.Keys, c *generator.Case) bool { return true },
		Amends:  []string{"AuthMessage"},
		Amend: func(c *generator.Case, o *peer.Outcome) {
			if o.AuthStatus == "signed-out" && !o.Undecided && hasMessage(c, o.Reason) {
				o.AuthMessage = true
			}
		},
	},
}

// confirmsLater reports whether a reason says that a verified session must be confirmed.
func confirmsLater(reason string) bool {
	return reason == "primary-domain-cross-origin-sync" || reason == "active-organization-mismatch"
}

// verifiedSession returns the session token that decided: that of the header, or the
// cookie whose claims the outcome has. An earlier row may have changed the claims, and
// then the cookies are taken in the order in which they are rarely mixed.
func verifiedSession(c *generator.Case, o *peer.Outcome) string {
	if token := headerToken(c); token != "" {
		return token
	}
	jar := c.Cookies()
	verified := ""
	for _, token := range []string{jar["__session"+generator.Suffix(c.Options.PublishableKey)], jar["__session"]} {
		if _, ok := generator.Read(token); !ok {
			continue
		}
		if verified = token; payload(token) == o.PendingAuth.Claims {
			break
		}
	}
	return verified
}

// unknownState returns the reason for which the session of a verified token is refused,
// or "".
func unknownState(c *generator.Case, token string) string {
	t, ok := generator.Read(token)
	if !ok || t.Machine() != "" {
		return ""
	}
	inHeader := token == headerToken(c)
	sts, stated := t.Payload["sts"]
	sid, _ := t.Payload["sid"].(string)
	switch _, issued := t.Payload["iat"]; {
	case !issued && !inHeader, stated && sts != "" && sts != "active" && sts != "pending":
		return "token-verification-failed"
	case sid == "" && !(inHeader && c.Options.TemplateTokens):
		return "token-type-mismatch"
	default:
		return ""
	}
}

// refused returns the outcome of a request that is signed out for a reason.
func refused(o *peer.Outcome, reason string) peer.Outcome {
	nobody := peer.Auth{TokenType: generator.Session, Has: strings.Repeat("0", len(o.Auth.Has))}
	endpoint := nobody
	endpoint.TokenType = o.EndpointAuth.TokenType
	return peer.Outcome{
		Status: "signed-out", Reason: reason, TokenType: generator.Session, AuthStatus: "signed-out", AuthReason: reason,
		Auth: new(nobody), PendingAuth: new(nobody), EndpointAuth: new(endpoint),
	}
}

// hasMessage reports whether a refusal for a reason has a message here that it does not
// have in the JavaScript SDK.
func hasMessage(c *generator.Case, reason string) bool {
	byToken := headerToken(c) != "" || readsCookies(c)
	switch {
	case reason == "token-type-mismatch" && byToken:
		return true
	case headerToken(c) != "" || loadsPage(c):
		return false
	}
	_, otherScheme := c.Get("Authorization")
	value, _ := c.Get("Authorization")
	_, asks := c.Get("Access-Control-Request-Method")
	switch {
	case otherScheme && value != "", asks && c.Method == http.MethodOptions:
		return true
	case reason == "session-token-and-uat-missing", reason == "No token in header", reason == "token-type-mismatch":
		return true
	default:
		return reason == "dev-browser-missing" && !strings.Contains(strings.Join(cookieLines(c), ";"), "__session")
	}
}

// loadsPage reports whether the request is for a page that a browser shows.
func loadsPage(c *generator.Case) bool {
	into, _ := c.Get("Sec-Fetch-Dest")
	accept, _ := c.Get("Accept")
	return c.Method == http.MethodGet && (into == "document" || into == "iframe" || into == "" && strings.HasPrefix(accept, "text/html"))
}
