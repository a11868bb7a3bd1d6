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

// headerToken is the token of the Authorization header as the JavaScript SDK reads
// it, and "" when there is none.
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

// machineToken is the token of the header if it is one of a machine.
func machineToken(c *generator.Case) string {
	if token := headerToken(c); generator.MachineKind(token) != "" {
		return token
	}
	return ""
}

// readsCookies reports whether cookies decide about the request.
func readsCookies(c *generator.Case) bool {
	return headerToken(c) == "" && c.Options.AcceptsKind(generator.Session)
}

var jwtPattern = regexp.MustCompile(`[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_=-]*`)

// jwts finds the tokens in headers and query and in what the API hands out.
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

// appendTokens adds what looks like a token and holds JSON.
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

// handedOut are the tokens that a handshake or a refresh brings.
func handedOut(c *generator.Case) []string {
	found := appendTokens(appendTokens(nil, c.API.Refresh.Body), c.API.Nonce.Body)
	for _, token := range jwts(c) {
		found = append(found, inner(token)...)
	}
	return found
}

// inner finds the session tokens that a handshake token holds.
func inner(token string) (found []string) {
	t, _ := generator.Read(token)
	list, _ := t.Payload["handshake"].([]any)
	for _, entry := range list {
		directive, _ := entry.(string)
		found = appendTokens(found, directive)
	}
	return found
}

// allTokens are those that stand open and those inside of them.
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

// replaceToken puts another token in the place of one wherever it stands. What it
// gives puts the first one back into an answer.
func replaceToken(c *generator.Case, token, other string) func(*peer.Answer) {
	replace := func(text string) string { return strings.ReplaceAll(text, token, other) }
	for i := range c.Header {
		c.Header[i][1] = replace(c.Header[i][1])
	}
	c.Target = replace(c.Target)
	c.API.Refresh.Body, c.API.Nonce.Body = replace(c.API.Refresh.Body), replace(c.API.Nonce.Body)
	return restore(token, other)
}

// longest is how long a token may be.
const longest = 16 << 10

// restore puts a token back into an answer.
func restore(token, other string) func(*peer.Answer) {
	return func(a *peer.Answer) {
		if len(token) > longest {
			a.Location = strings.ReplaceAll(a.Location, "&__session="+other, "")
		}
		a.Location = strings.ReplaceAll(a.Location, url.QueryEscape(other), url.QueryEscape(token))
		a.Cookies = replaceAll(a.Cookies, other, token)
		a.Calls = slices.Clone(a.Calls)
		for i := range a.Calls {
			a.Calls[i].Body = strings.ReplaceAll(a.Calls[i].Body, other, token)
		}
		for _, auth := range []*peer.Auth{a.Auth, a.PendingAuth, a.EndpointAuth} {
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

// tokens rewrites every token for which is holds, also inside of handshake tokens.
func tokens(is func(*generator.Case, string) bool, rewrite func(*Judge, *generator.Case, string) string) (func(*Judge, *generator.Case) bool, func(*Judge, *generator.Case) func(*peer.Answer)) {
	applies := func(_ *Judge, c *generator.Case) bool {
		return slices.ContainsFunc(allTokens(c), func(token string) bool { return is(c, token) })
	}
	return applies, func(j *Judge, c *generator.Case) func(*peer.Answer) {
		var undo []func(*peer.Answer)
		for _, token := range jwts(c) {
			changed := token
			for _, session := range inner(token) {
				if is(c, session) {
					other := rewrite(j, c, session)
					changed = j.Keys.Change(changed, func(t *generator.Token) { t.Payload["handshake"] = replaceIn(t.Payload["handshake"], session, other) })
					undo = append(undo, restore(session, other))
				}
			}
			if is(c, token) {
				changed = rewrite(j, c, changed)
			}
			if changed != token {
				undo = append(undo, replaceToken(c, token, changed))
			}
		}
		return func(a *peer.Answer) {
			for _, f := range undo {
				f(a)
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

// trustsPeer reports whether whoever opened the connection may say what the
// public address was.
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

// forwarded is the scheme and host that the forwarded fields name.
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
