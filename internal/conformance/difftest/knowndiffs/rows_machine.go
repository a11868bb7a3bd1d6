package knowndiffs

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// machineRows are the differences in for whom a machine's token is, and in who uses it.
var machineRows = []Row{
	{
		ID: "D25", Fact: "the audience of session tokens does not apply to those of machines; WithMachineAudience does",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return namesAudience(c) && (c.Options.Audience != nil || c.Options.MachineAudience != nil)
		},
		Rewrites: []string{"Options.Audience"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.Audience = c.Options.MachineAudience
			return nil
		},
	},
	{
		ID: "D25", Fact: "authorized parties do not apply to machine JWTs", Only: peer.Earlier,
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return machineJWT(c) != nil && c.Options.AuthorizedParties != nil
		},
		Rewrites: []string{"Options.AuthorizedParties"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.AuthorizedParties = nil
			return nil
		},
	},
	onlyEarlier(tokenRow("D25", "with WithMachineAudience an OAuth JWT must name an audience", func(c *generator.Case, token string) bool {
		return namesNoAudience(c, token, generator.OAuth)
	}, forNobody)),
	{
		ID: "D25", Fact: "with WithMachineAudience an opaque OAuth token must name one of its audiences", Only: peer.Earlier,
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			token, ok := opaqueOAuth(c)
			return ok && c.Options.MachineAudience != nil && !isFor(token["aud"], c.Options.MachineAudience)
		},
		Amends: everything,
		Amend: func(_ *generator.Case, o *peer.Outcome) {
			if o.TokenType == generator.OAuth && o.Auth.IsAuthenticated {
				*o = refusedMachine(o, "token-verification-failed")
			}
		},
	},
	tokenRow("D51", "with WithMachineAudience an M2M JWT must name an audience", func(c *generator.Case, token string) bool {
		return namesNoAudience(c, token, generator.M2M)
	}, forNobody),
	tokenRow("D31", "WithIssuer applies to machine JWTs too", func(c *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		return ok && token == headerToken(c) && t.Machine() != "" && isFromOther(c, &t)
	}, func(keys *generator.Keys, _ *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) { t.Payload["exp"] = "not a time" })
	}),
	{
		ID: "D52", Fact: "act of an OAuth token is the Actor", Only: peer.Earlier,
		Applies: func(_ *generator.Keys, c *generator.Case) bool { return oauthActor(c) != nil },
		Amends:  actors, Amend: setActor,
	},
	{
		ID: "D52", Fact: "the Actor of an OAuth token has sid and type, no actor of its own, and is empty where act describes nobody", Only: peer.Current,
		Applies: func(_ *generator.Keys, c *generator.Case) bool { return isOddActor(oauthActor(c)) },
		Amends:  actors, Amend: setActor,
	},
}

func onlyEarlier(row Row) Row {
	row.Only = peer.Earlier
	return row
}

// namesAudience reports whether the request has a token of a kind that names for whom
// it is, other than a session's.
func namesAudience(c *generator.Case) bool {
	return machineJWT(c) != nil || generator.MachineKind(headerToken(c)) == generator.OAuth
}

// namesNoAudience reports whether a machine JWT in the header must name for whom it is,
// and does not.
func namesNoAudience(c *generator.Case, token, kind string) bool {
	t, ok := generator.Read(token)
	aud := t.Payload["aud"]
	return ok && c.Options.MachineAudience != nil && token == headerToken(c) && t.Machine() == kind && (namesNobody(aud) || namesEmpty(aud))
}

// isFromOther reports whether a token has another issuer than the service requires.
func isFromOther(c *generator.Case, t *generator.Token) bool {
	return c.Options.Issuer != "" && t.Payload["iss"] != c.Options.Issuer
}

// forNobody returns the token for an audience that nobody accepts.
func forNobody(keys *generator.Keys, _ *generator.Case, token string) string {
	return keys.Change(token, func(t *generator.Token) { t.Payload["aud"] = "nobody" })
}

// isFor reports whether an aud claim is well-formed and names one of the audiences.
func isFor(aud any, audiences []string) bool {
	list, isList := aud.([]any)
	if !isList {
		list = []any{aud}
	}
	return !namesNobody(aud) && !namesEmpty(aud) && slices.ContainsFunc(list, func(entry any) bool {
		text, _ := entry.(string)
		return slices.Contains(audiences, text)
	})
}

// opaqueOAuth returns what Clerk responds about the opaque OAuth token in the header, if
// there is one that it knows.
func opaqueOAuth(c *generator.Case) (token generator.Object, ok bool) {
	if machineJWT(c) != nil || generator.MachineKind(headerToken(c)) != generator.OAuth || c.API.Verify.Status != http.StatusOK {
		return nil, false
	}
	err := json.Unmarshal([]byte(c.API.Verify.Body), &token)
	return token, err == nil && token != nil
}

// actors are the fields of an outcome that have the actor.
var actors = []string{"Auth.Actor", "EndpointAuth.Actor", "PendingAuth.Actor"}

// oauthActor returns the act claim of the OAuth token in the header, or nil without one.
func oauthActor(c *generator.Case) any {
	token, _ := opaqueOAuth(c)
	if t := machineJWT(c); t != nil && t.Machine() == generator.OAuth {
		token = t.Payload
	}
	if token["act"] == false {
		return nil
	}
	return token["act"]
}

// isOddActor reports whether an act claim is more or less than the issuer and subject of
// whoever acts.
func isOddActor(act any) bool {
	if act == nil {
		return false
	}
	members, _ := act.(map[string]any)
	for name, value := range members {
		if _, isText := value.(string); !isText || name != "iss" && name != "sub" {
			return true
		}
	}
	return members["sub"] == nil
}

// setActor sets the actor of an OAuth token that was accepted.
func setActor(c *generator.Case, o *peer.Outcome) {
	members := map[string]any{}
	object, _ := oauthActor(c).(map[string]any)
	for _, name := range []string{"iss", "sub", "sid", "type"} {
		if text, isText := object[name].(string); isText {
			members[name] = text
		}
	}
	for _, auth := range []*peer.Auth{o.Auth, o.EndpointAuth, o.PendingAuth} {
		if auth != nil && auth.IsAuthenticated && auth.TokenType == generator.OAuth {
			auth.Actor = peer.ToJSON(members)
		}
	}
}

// refusedMachine returns the outcome of a request whose OAuth token Clerk knows, but
// which is refused for a reason.
func refusedMachine(o *peer.Outcome, reason string) peer.Outcome {
	r := refused(o, reason)
	r.TokenType, r.AuthMessage, r.Calls = o.TokenType, true, o.Calls
	r.Auth.TokenType, r.PendingAuth.TokenType = o.TokenType, o.TokenType
	return r
}
