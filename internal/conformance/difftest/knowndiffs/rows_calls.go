package knowndiffs

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// callRows are the differences in what is asked of the API and what is made of its
// answers.
var callRows = []Row{
	{
		ID: "D27", Fact: "a session id that would change the path of a call is never sent",
		Applies: func(_ *Judge, c *generator.Case) bool {
			return anyToken(c, oddSession) && headerToken(c) == ""
		},
		Rewrites: wherever,
		Rewrite: func(j *Judge, c *generator.Case) func(*peer.Answer) {
			c.API.Refresh = generator.Reply{Status: http.StatusOK, Body: `{"object":"cookies","cookies":[]}`}
			var undo []func(*peer.Answer)
			for _, token := range jwts(c) {
				if t, ok := generator.Read(token); ok && oddSession(&t) {
					plain := j.Keys.Change(token, func(t *generator.Token) { t.Payload["sid"] = "sess_plain" })
					undo = append(undo, replaceToken(c, token, plain))
				}
			}
			return func(a *peer.Answer) {
				for _, f := range undo {
					f(a)
				}
				a.Calls = nil
			}
		},
	},
	{
		ID: "D32", Fact: "a refresh tells Clerk of no credentials of the request but its own",
		Applies: func(_ *Judge, c *generator.Case) bool {
			_, credentials := c.Get("Authorization")
			line := strings.Join(cookieLines(c), "; ")
			return mayRefresh(c) && (credentials || ownPairs(line, c.Options.PublishableKey) != line)
		},
		Amends: []string{"Calls.Told"},
		Amend: func(c *generator.Case, a *peer.Answer) {
			a.Calls = slices.Clone(a.Calls)
			for i, call := range a.Calls {
				if call.Told == nil {
					continue
				}
				told := maps.Clone(call.Told)
				delete(told, "authorization")
				told["cookie"] = ownPairs(told["cookie"], c.Options.PublishableKey)
				a.Calls[i].Told = told
			}
		},
	},
	{
		ID: "D23", Fact: "a machine's token that Clerk calls revoked, expired or not active is token-invalid",
		Applies: func(_ *Judge, c *generator.Case) bool {
			var token struct {
				Revoked, Expired bool
				Active           *bool
			}
			err := json.Unmarshal([]byte(c.API.Verify.Body), &token)
			return err == nil && c.API.Verify.Status == http.StatusOK && (token.Revoked || token.Expired || token.Active != nil && !*token.Active)
		},
		Rewrites: []string{"API.Verify"},
		Rewrite: func(_ *Judge, c *generator.Case) func(*peer.Answer) {
			c.API.Verify = generator.Reply{Status: http.StatusNotFound, Body: `{"errors":[{"code":"resource_not_found"}]}`}
			return nil
		},
	},
	{
		ID: "D28", Fact: "an answer's content type is read as a media type",
		Applies: func(_ *Judge, c *generator.Case) bool {
			return slices.ContainsFunc(replies(c), func(r *generator.Reply) bool { return strings.HasPrefix(r.ContentType, "application/json;") })
		},
		Rewrites: []string{"API.Keys", "API.Refresh", "API.Nonce", "API.Verify"},
		Rewrite: func(_ *Judge, c *generator.Case) func(*peer.Answer) {
			for _, r := range replies(c) {
				if strings.HasPrefix(r.ContentType, "application/json;") {
					r.ContentType = ""
				}
			}
			return nil
		},
	},
}

// ownPairs leaves the cookies that are Clerk's, of this instance.
func ownPairs(line, publishableKey string) string {
	var own []string
	for pair := range strings.SplitSeq(line, "; ") {
		name, _, _ := strings.Cut(pair, "=")
		switch strings.TrimSuffix(name, generator.Suffix(publishableKey)) {
		case "__session", "__client_uat", "__clerk_db_jwt", "__refresh", "__clerk_redirect_count":
			own = append(own, pair)
		}
	}
	return strings.Join(own, "; ")
}

// isOutage reports whether the answer says nothing about what was asked.
func isOutage(r generator.Reply) bool {
	return r.Broken || r.Status == http.StatusTooManyRequests || r.Status >= 500
}

func keysOf(r generator.Reply) []json.RawMessage {
	var set struct{ Keys []json.RawMessage }
	_ = json.Unmarshal([]byte(r.Body), &set) // what is no JSON holds no keys
	return set.Keys
}

func replies(c *generator.Case) []*generator.Reply {
	return []*generator.Reply{&c.API.Keys, &c.API.Refresh, &c.API.Nonce, &c.API.Verify}
}
