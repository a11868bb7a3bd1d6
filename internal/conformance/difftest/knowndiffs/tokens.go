package knowndiffs

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// headerToken returns the token of the Authorization header as the JavaScript SDK
// reads it, or "" without one.
func headerToken(c *generator.Case) string {
	value, _ := c.Get("Authorization")
	scheme, token, _ := strings.Cut(strings.Trim(value, " \t"), " ")
	token, _, _ = strings.Cut(token, " ")
	switch {
	case token == "":
		return scheme
	case scheme == "Bearer":
		return token
	default:
		return ""
	}
}

// machineToken returns the token of the header if it is a machine token, or "".
func machineToken(c *generator.Case) string {
	if token := headerToken(c); generator.MachineKind(token) != "" {
		return token
	}
	return ""
}

// readsCookies reports whether the session comes from cookies.
func readsCookies(c *generator.Case) bool {
	return headerToken(c) == "" && c.Options.AcceptsKind(generator.Session)
}

var jwtPattern = regexp.MustCompile(`[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_=-]*`)

// jwts finds the tokens in the headers, the query and the replies of the API.
func jwts(c *generator.Case) []string {
	texts := []string{c.Target, c.API.Refresh.Body, c.API.Nonce.Body}
	for _, f := range c.Header {
		texts = append(texts, f[1])
	}
	var found []string
	for _, text := range texts {
		found = appendTokens(found, text)
	}
	return found
}

// appendTokens adds to found what looks like a token and holds JSON.
func appendTokens(found []string, text string) []string {
	for _, token := range jwtPattern.FindAllString(text, -1) {
		header, payload, ok := generator.Texts(token)
		isToken := ok && (json.Valid([]byte(header)) || json.Valid([]byte(payload)))
		if isToken && !slices.Contains(found, token) {
			found = append(found, token)
		}
	}
	return found
}

// issued returns the tokens that a handshake or a refresh brings.
func issued(c *generator.Case) []string {
	found := appendTokens(appendTokens(nil, c.API.Refresh.Body), c.API.Nonce.Body)
	for _, token := range jwts(c) {
		found = append(found, inner(token)...)
	}
	return found
}

// inner finds the session tokens inside a handshake token.
func inner(token string) (found []string) {
	t, _ := generator.Read(token)
	list, _ := t.Payload["handshake"].([]any)
	for _, entry := range list {
		directive, _ := entry.(string)
		found = appendTokens(found, directive)
	}
	return found
}

// allTokens returns the tokens of a case and the tokens inside them.
func allTokens(c *generator.Case) []string {
	found := jwts(c)
	for _, token := range jwts(c) {
		found = append(found, inner(token)...)
	}
	return found
}

// anyToken reports whether is holds for a token of the request.
func anyToken(c *generator.Case, is func(*generator.Token) bool) bool {
	return slices.ContainsFunc(allTokens(c), func(token string) bool {
		t, ok := generator.Read(token)
		return ok && is(&t)
	})
}

// replaceToken replaces a token by another, wherever it is. The function that it
// returns puts the first one back into an outcome.
func replaceToken(c *generator.Case, token, other string) func(*peer.Outcome) {
	replace := func(text string) string { return strings.ReplaceAll(text, token, other) }
	for i := range c.Header {
		c.Header[i][1] = replace(c.Header[i][1])
	}
	c.Target = replace(c.Target)
	c.API.Refresh.Body, c.API.Nonce.Body = replace(c.API.Refresh.Body), replace(c.API.Nonce.Body)
	return restore(token, other)
}

// maxToken is the length of the longest token that package auth reads.
const maxToken = 16 << 10

// restore returns a function that puts a token back into an outcome.
func restore(token, other string) func(*peer.Outcome) {
	return func(o *peer.Outcome) {
		if len(token) > maxToken {
			o.Location = strings.ReplaceAll(o.Location, "&__session="+other, "")
		}
		o.Location = strings.ReplaceAll(o.Location, url.QueryEscape(other), url.QueryEscape(token))
		o.Cookies = replaceAll(o.Cookies, other, token)
		o.Calls = slices.Clone(o.Calls)
		for i := range o.Calls {
			o.Calls[i].Body = strings.ReplaceAll(o.Calls[i].Body, other, token)
		}
		for _, auth := range []*peer.Auth{o.Auth, o.PendingAuth, o.EndpointAuth} {
			if auth == nil || auth.Token != other {
				continue
			}
			if auth.Token = token; auth.TokenType == generator.Session {
				auth.Claims = payload(token)
			}
		}
	}
}

func replaceAll(list []string, old, with string) []string {
	list = slices.Clone(list)
	for i := range list {
		list[i] = strings.ReplaceAll(list[i], old, with)
	}
	return list
}

func payload(token string) peer.JSON {
	_, text, _ := generator.Texts(token)
	return peer.ToJSON(json.RawMessage(text))
}

// rewriteTokens returns the Applies and Rewrite functions of a row that rewrites every
// token for which is returns true, also inside handshake tokens.
func rewriteTokens(is func(*generator.Case, string) bool, rewrite func(*generator.Keys, *generator.Case, string) string) (func(*generator.Keys, *generator.Case) bool, func(*generator.Keys, *generator.Case) func(*peer.Outcome)) {
	applies := func(_ *generator.Keys, c *generator.Case) bool {
		return slices.ContainsFunc(allTokens(c), func(token string) bool { return is(c, token) })
	}
	return applies, func(keys *generator.Keys, c *generator.Case) func(*peer.Outcome) {
		var undo []func(*peer.Outcome)
		for _, token := range jwts(c) {
			changed := token
			for _, session := range inner(token) {
				if is(c, session) {
					other := rewrite(keys, c, session)
					changed = keys.Change(changed, func(t *generator.Token) { t.Payload["handshake"] = replaceIn(t.Payload["handshake"], session, other) })
					undo = append(undo, restore(session, other))
				}
			}
			if is(c, token) {
				changed = rewrite(keys, c, changed)
			}
			if changed != token {
				undo = append(undo, replaceToken(c, token, changed))
			}
		}
		return func(o *peer.Outcome) {
			for _, f := range undo {
				f(o)
			}
		}
	}
}

func replaceIn(list any, old, with string) any {
	var directives []any
	for _, entry := range list.([]any) {
		if text, isText := entry.(string); isText {
			entry = strings.ReplaceAll(text, old, with)
		}
		directives = append(directives, entry)
	}
	return directives
}

// trustsPeer reports whether the peer of the connection may set the public address
// with forwarded headers.
func trustsPeer(c *generator.Case) bool {
	peer, err := netip.ParseAddrPort(c.Peer)
	if err != nil {
		return false
	}
	return peer.Addr().IsLoopback() || peer.Addr().IsPrivate() || slices.ContainsFunc(c.Options.TrustedProxies, func(text string) bool {
		prefix, err := netip.ParsePrefix(text)
		return err == nil && prefix.Contains(peer.Addr())
	})
}

var forwardedFields = []string{"X-Forwarded-Host", "X-Forwarded-Proto", "CloudFront-Forwarded-Proto"}

func isForwarded(c *generator.Case) bool {
	return slices.ContainsFunc(forwardedFields, func(name string) bool { _, found := c.Get(name); return found })
}

func dropForwarded(c *generator.Case) {
	for _, name := range forwardedFields {
		c.Del(name)
	}
}

// forwarded returns the scheme and host that the forwarded headers name.
func forwarded(c *generator.Case) (proto, host string) {
	proto, host = c.Scheme, c.Host
	if value, found := c.Get("X-Forwarded-Proto"); found {
		proto, _, _ = strings.Cut(strings.TrimSpace(value), ",")
	}
	if value, found := c.Get("X-Forwarded-Host"); found {
		host, _, _ = strings.Cut(strings.TrimSpace(value), ",")
	}
	return strings.ToLower(proto), strings.ToLower(host)
}

var hostPattern = regexp.MustCompile(`^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]+)?$`)

func isOrigin(proto, host string) bool {
	return (proto == "http" || proto == "https") && hostPattern.MatchString(host)
}
