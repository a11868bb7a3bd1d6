package knowndiffs

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// handshakeRows are the differences in nonces, and in the URL to which a browser returns.
var handshakeRows = []Row{
	{
		ID: "D55", Fact: "a nonce that Clerk does not know is as if there were none",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return len(nonces(c)) > 0 && readsCookies(c) && returnsFromHandshake(c) && unknownNonce(c)
		},
		Rewrites: []string{"Header.Cookie", "Target"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			var asked []peer.Call
			if c.Options.SecretKey != "" && !c.Options.NoClient {
				for _, nonce := range nonces(c) {
					asked = append(asked, peer.Call{
						Method: http.MethodGet, Path: "v1/clients/handshake_payload", Query: "nonce=" + url.QueryEscape(nonce), Key: c.Options.SecretKey,
					})
				}
			}
			for i, f := range c.Header {
				if strings.EqualFold(f[0], "Cookie") {
					c.Header[i][1] = strings.ReplaceAll(f[1], "__clerk_handshake_nonce", "__kcelc_handshake_nonce")
				}
			}
			restore := hideParameter(c, "__clerk_handshake_nonce")
			return func(o *peer.Outcome) {
				restore(o)
				if o.Error == "" {
					o.Calls = append(asked, o.Calls...)
				}
			}
		},
	},
	{
		ID: "D55", Fact: "the URL to which a browser returns has no parameters of an earlier handshake",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return strings.Contains(c.Target, "_handshake") || strings.Contains(c.Target, "__clerk_help") // or hidden by another row
		},
		Amends: []string{"Location"},
		Amend: func(_ *generator.Case, o *peer.Outcome) {
			if o.Status == "handshake" {
				o.Location = returnParameter.ReplaceAllStringFunc(o.Location, withoutOutcome)
			}
		},
	},
}

// nonces returns the different nonces of a request, in the order in which they are asked
// about.
func nonces(c *generator.Case) (list []string) {
	_, query, _ := strings.Cut(c.Target, "?")
	values, _ := url.ParseQuery(query)
	for _, nonce := range []string{values.Get("__clerk_handshake_nonce"), c.Cookies()["__clerk_handshake_nonce"]} {
		if nonce != "" && !slices.Contains(list, nonce) {
			list = append(list, nonce)
		}
	}
	return list
}

// unknownNonce reports whether Clerk does not know the nonces, or cannot be asked.
func unknownNonce(c *generator.Case) bool {
	r := c.API.Nonce
	refusesKey := strings.Contains(r.Body, "clerk_key_invalid")
	return c.Options.SecretKey == "" || c.Options.NoClient ||
		!r.Broken && r.Status >= 400 && r.Status < 500 && r.Status != http.StatusTooManyRequests && !refusesKey
}

var returnParameter = regexp.MustCompile(`redirect_url=[^&]*`)

// withoutOutcome removes the parameters of a handshake from an encoded redirect_url.
func withoutOutcome(parameter string) string {
	name, encoded, _ := strings.Cut(parameter, "=")
	back, err := url.QueryUnescape(encoded)
	if err != nil {
		return parameter
	}
	path, query, found := strings.Cut(back, "?")
	if !found {
		return parameter
	}
	query, fragment, hasFragment := strings.Cut(query, "#")
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		switch key, _, _ := strings.Cut(pair, "="); key {
		case "__clerk_handshake", "__clerk_handshake_nonce", "__clerk_help":
		default:
			kept = append(kept, pair)
		}
	}
	if back = path; len(kept) > 0 {
		back += "?" + strings.Join(kept, "&")
	}
	if hasFragment {
		back += "#" + fragment
	}
	// Browsers leave an asterisk and escape a tilde.
	return name + "=" + strings.NewReplacer("%2A", "*", "~", "%7E").Replace(url.QueryEscape(back))
}
