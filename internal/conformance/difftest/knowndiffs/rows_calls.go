package knowndiffs

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// callRows are the differences in calls of the API and in how its responses are read.
var callRows = []Row{
	{
		ID: "D27", Fact: "a session id that would change the path of a call is never sent",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return anyToken(c, oddSession) && headerToken(c) == ""
		},
		Rewrites: tokenParts,
		Rewrite: func(keys *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.API.Refresh = generator.Reply{Status: http.StatusOK, Body: `{"object":"cookies","cookies":[]}`}
			var undo []func(*peer.Outcome)
			for _, token := range jwts(c) {
				if t, ok := generator.Read(token); ok && oddSession(&t) {
					plain := keys.Change(token, func(t *generator.Token) { t.Payload["sid"] = "sess_plain" })
					undo = append(undo, replaceToken(c, token, plain))
				}
			}
			return func(o *peer.Outcome) {
				for _, f := range undo {
					f(o)
				}
				o.Calls = nil
			}
		},
	},
	{
		ID: "D32", Fact: "a refresh tells Clerk a list of headers, and of the cookies only its own",
		Applies: func(_ *generator.Keys, c *generator.Case) bool { return mayRefresh(c) },
		Amends:  []string{"Calls.RequestHeaders"},
		Amend: func(c *generator.Case, o *peer.Outcome) {
			o.Calls = slices.Clone(o.Calls)
			for i, call := range o.Calls {
				if call.RequestHeaders == nil {
					continue
				}
				headers := maps.Clone(call.RequestHeaders)
				maps.DeleteFunc(headers, func(name, _ string) bool { return !toldInRefresh.MatchString(name) })
				headers["cookie"] = ownPairs(headers["cookie"], c.Options.PublishableKey)
				o.Calls[i].RequestHeaders = headers
			}
		},
	},
	{
		ID: "D23", Fact: "a machine token that Clerk reports as revoked, expired or inactive is token-invalid",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			var token struct {
				Revoked, Expired bool
				Active           *bool
			}
			err := json.Unmarshal([]byte(c.API.Verify.Body), &token)
			return err == nil && c.API.Verify.Status == http.StatusOK && (token.Revoked || token.Expired || token.Active != nil && !*token.Active)
		},
		Rewrites: []string{"API.Verify"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			c.API.Verify = generator.Reply{Status: http.StatusNotFound, Body: `{"errors":[{"code":"resource_not_found"}]}`}
			return nil
		},
	},
	{
		ID: "D28", Fact: "the content type of a response is parsed as a media type",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return slices.ContainsFunc(replies(c), func(r *generator.Reply) bool { return strings.HasPrefix(r.ContentType, "application/json;") })
		},
		Rewrites: []string{"API.Keys", "API.Refresh", "API.Nonce", "API.Verify"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			for _, r := range replies(c) {
				if strings.HasPrefix(r.ContentType, "application/json;") {
					r.ContentType = ""
				}
			}
			return nil
		},
	},
}

// toldInRefresh are the names of the headers that a refresh tells Clerk.
var toldInRefresh = regexp.MustCompile(`^(host|cookie|origin|referer|user-agent|accept|accept-language|accept-encoding|dnt|sec-gpc|` +
	`sec-ch-ua.*|sec-fetch-.*|forwarded|x-forwarded-(for|host|proto|port)|x-real-ip|true-client-ip|cf-connecting-ip|cf-ipcountry|` +
	`cloudfront-forwarded-proto|cloudfront-viewer-address|x-clerk-.*)$`)

// ownPairs keeps the cookies that Clerk set for this instance.
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

// isOutage reports whether the reply is an outage, so that it decides nothing.
func isOutage(r generator.Reply) bool {
	return r.Broken || r.Status == http.StatusTooManyRequests || r.Status >= 500
}

// isCutOff reports whether a success is not JSON.
func isCutOff(r generator.Reply) bool {
	return r.Status == http.StatusOK && r.Body != "" && !json.Valid([]byte(r.Body))
}

func keysOf(r generator.Reply) []json.RawMessage {
	var set struct{ Keys []json.RawMessage }
	_ = json.Unmarshal([]byte(r.Body), &set) // a body that is not JSON has no keys
	return set.Keys
}

func replies(c *generator.Case) []*generator.Reply {
	return []*generator.Reply{&c.API.Keys, &c.API.Refresh, &c.API.Nonce, &c.API.Verify}
}
