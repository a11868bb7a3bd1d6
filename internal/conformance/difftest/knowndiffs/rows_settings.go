package knowndiffs

import (
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// settingRows are the differences in what settings mean.
var settingRows = []Row{
	{
		ID: "D1", Fact: "a publishable key and a secret key of different modes are an error",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			o := &c.Options
			published, secret := mode(o.PublishableKey, "pk_"), mode(o.SecretKey, "sk_")
			return published != "" && secret != "" && published != secret && !o.NoClient
		},
		Amends: everything,
		Amend:  func(_ *generator.Case, o *peer.Outcome) { *o = peer.Outcome{Error: "the keys are of different modes"} },
	},
	{
		ID: "D17", Fact: "a publishable key is not needed where sessions are not accepted",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return c.Options.PublishableKey == "" && !c.Options.AcceptsKind(generator.Session)
		},
		Rewrites: []string{"Options.PublishableKey"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.PublishableKey = "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k"
			return nil
		},
	},
	{
		ID: "D18", Fact: "a secret key is not needed with a JWT key",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			o := &c.Options
			return o.SecretKey == "" && o.MachineSecretKey == "" && o.JWTKey != ""
		},
		Rewrites: []string{"Options.SecretKey", "Options.NoClient"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.SecretKey, c.Options.NoClient = "sk_"+mode(c.Options.PublishableKey, "pk_")+"_other", true
			return nil
		},
	},
	{
		ID: "D5", Fact: "a JWT key may have its line breaks written as \\n",
		Applies:  func(_ *generator.Keys, c *generator.Case) bool { return strings.Contains(c.Options.JWTKey, `\n`) },
		Rewrites: []string{"Options.JWTKey"},
		Rewrite: func(keys *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.JWTKey = keys.PEM()
			return nil
		},
	},
	{
		ID: "D21", Fact: "an empty list of personal patterns matches no path",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return c.Options.PersonalPatterns != nil && len(c.Options.PersonalPatterns) == 0 && mayRedirect(c)
		},
		Rewrites: []string{"Options.PersonalPatterns"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.PersonalPatterns = nil
			return nil
		},
	},
	{
		ID: "D49", Fact: "a pattern that repeats the parameter of the organization is an error",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			patterns := strings.Join(append(slices.Clone(c.Options.OrganizationPatterns), c.Options.PersonalPatterns...), " ")
			return strings.Contains(patterns, ":slug+")
		},
		Amends: everything,
		Amend:  func(_ *generator.Case, o *peer.Outcome) { *o = peer.Outcome{Error: "the pattern is invalid"} },
	},
	{
		ID: "D57", Fact: "organization patterns that name no organization, and clock skews of more than ten minutes, are errors",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			o := &c.Options
			named := slices.ContainsFunc(o.OrganizationPatterns, func(p string) bool { return namesOrganization.MatchString(p) })
			return len(o.OrganizationPatterns) > 0 && !named || o.ClockSkew != nil && *o.ClockSkew > 600_000
		},
		Amends: everything,
		Amend:  func(_ *generator.Case, o *peer.Outcome) { *o = peer.Outcome{Error: "the option cannot mean anything"} },
	},
	{
		ID: "D2", Fact: "a token from a JWT template is not a session, whatever else is accepted",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			o := &c.Options
			return nonSession(headerToken(c)) && o.AcceptsKind(generator.Session) && (o.Any || len(o.Accepts) > 1)
		},
		Rewrites: []string{"Options.Accepts", "Options.Any"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.Accepts, c.Options.Any = nil, false
			return nil
		},
	},
	{
		ID: "D2", Fact: "WithTemplateTokens accepts a token from a JWT template in the header",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			t, ok := generator.Read(headerToken(c))
			return ok && c.Options.TemplateTokens && t.Is(generator.CategoryTemplate) && t.Machine() == "" && c.Options.AcceptsKind(generator.Session)
		},
		Rewrites: []string{"Options.Accepts", "Options.Any"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.Any = true
			return nil
		},
	},
	{
		ID: "D25", Fact: "authorized parties and audience do not apply to machine JWTs; WithMachineAudience does",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			o := &c.Options
			return machineJWT(c) != nil && (o.AuthorizedParties != nil || o.Audience != nil || o.MachineAudience != nil)
		},
		Rewrites: []string{"Options.AuthorizedParties", "Options.Audience"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.AuthorizedParties, c.Options.Audience = nil, c.Options.MachineAudience
			return nil
		},
	},
	{
		ID: "D4", Fact: "typ and alg are checked before a key is fetched",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return c.Options.JWTKey == "" && (headerToken(c) != "" && badHeader(headerToken(c)) || readsCookies(c) && slices.ContainsFunc(jwts(c), badHeader))
		},
		Rewrites: []string{"Options.JWTKey"},
		Rewrite: func(keys *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Options.JWTKey = keys.PEM()
			return nil
		},
	},
	{
		ID: "D6", Fact: "a token without a key id does not cause a fetch",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			token := headerToken(c)
			return c.Options.JWTKey == "" && (token != "" && namesNoKey(token) || readsCookies(c) && slices.ContainsFunc(jwts(c), namesNoKey))
		},
		Rewrites: []string{"API.Keys"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.API.Keys = generator.Reply{}
			return nil
		},
	},
	{
		ID: "D11", Fact: "an empty name denies, and does not match a claim entry without a name",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return slices.ContainsFunc(c.Asks, asksEmpty) && anyToken(c, namesNothing)
		},
		Rewrites: []string{"Asks"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.Asks = slices.Clone(c.Asks)
			for i, ask := range c.Asks {
				if asksEmpty(ask) {
					c.Asks[i] = generator.Ask{Role: new("none-such")}
				}
			}
			return nil
		},
	},
}

var namesOrganization = regexp.MustCompile(`:(id|slug)\b`)

// mode returns the mode of a key with that prefix: test, live or "".
func mode(key, prefix string) string {
	for _, m := range []string{"test", "live"} {
		if strings.HasPrefix(key, prefix+m+"_") {
			return m
		}
	}
	return ""
}

// nonSession reports whether a token states another category than that of sessions.
func nonSession(token string) bool {
	t, ok := generator.Read(token)
	cat, stated := t.Header["cat"]
	return ok && t.Machine() == "" && stated && cat != generator.CategorySession && cat != generator.CategoryIgnore
}

func badHeader(token string) bool {
	t, ok := generator.Read(token)
	typ, stated := t.Header["typ"]
	alg := t.Header["alg"]
	return ok && (stated && typ != "JWT" && t.Machine() != generator.OAuth || alg != "RS256" && alg != "RS384" && alg != "RS512")
}

func oddSession(t *generator.Token) bool {
	sid, _ := t.Payload["sid"].(string)
	return strings.ContainsAny(sid, `/\?#%`)
}

func namesNoKey(token string) bool {
	t, ok := generator.Read(token)
	kid, _ := t.Header["kid"].(string)
	return ok && kid == ""
}

func asksEmpty(ask generator.Ask) bool {
	return ask.Feature != nil && *ask.Feature == "" || ask.Plan != nil && *ask.Plan == ""
}

// namesNothing reports whether a token has a feature or plan without a name.
func namesNothing(t *generator.Token) bool {
	for _, claim := range []string{"fea", "pla"} {
		list, _ := t.Payload[claim].(string)
		for entry := range strings.SplitSeq(list, ",") {
			if strings.HasSuffix(strings.TrimSpace(entry), ":") {
				return true
			}
		}
	}
	return false
}
