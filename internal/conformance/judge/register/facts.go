package register

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/judge/scenario"
	"github.com/backend-sdk/clerk-go/internal/conformance/judge/side"
)

// headerToken is the token of the Authorization header as the JavaScript SDK reads
// it, and "" when there is none.
func headerToken(c *scenario.Case) string {
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
func machineToken(c *scenario.Case) string {
	if token := headerToken(c); scenario.MachineKind(token) != "" {
		return token
	}
	return ""
}

// readsCookies reports whether cookies decide about the request.
func readsCookies(c *scenario.Case) bool {
	return headerToken(c) == "" && c.Options.AcceptsKind(scenario.Session)
}

var jwtPattern = regexp.MustCompile(`[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_=-]*`)

// jwts finds the tokens in headers and query and in what the API hands out.
func jwts(c *scenario.Case) []string {
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
		header, payload, ok := scenario.Texts(token)
		isToken := ok && (json.Valid([]byte(header)) || json.Valid([]byte(payload)))
		if isToken && !slices.Contains(found, token) {
			found = append(found, token)
		}
	}
	return found
}

// handedOut are the tokens that a handshake or a refresh brings.
func handedOut(c *scenario.Case) []string {
	found := appendTokens(appendTokens(nil, c.API.Refresh.Body), c.API.Nonce.Body)
	for _, token := range jwts(c) {
		found = append(found, inner(token)...)
	}
	return found
}

// inner finds the session tokens that a handshake token holds.
func inner(token string) (found []string) {
	t, _ := scenario.Read(token)
	list, _ := t.Payload["handshake"].([]any)
	for _, entry := range list {
		directive, _ := entry.(string)
		found = appendTokens(found, directive)
	}
	return found
}

// allTokens are those that stand open and those inside of them.
func allTokens(c *scenario.Case) []string {
	found := jwts(c)
	for _, token := range jwts(c) {
		found = append(found, inner(token)...)
	}
	return found
}

// anyToken reports whether is holds for a token of the request.
func anyToken(c *scenario.Case, is func(*scenario.Token) bool) bool {
	return slices.ContainsFunc(allTokens(c), func(token string) bool {
		t, ok := scenario.Read(token)
		return ok && is(&t)
	})
}

// replaceToken puts another token in the place of one wherever it stands. What it
// gives puts the first one back into an answer.
func replaceToken(c *scenario.Case, token, other string) func(*side.Answer) {
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
func restore(token, other string) func(*side.Answer) {
	return func(a *side.Answer) {
		if len(token) > longest {
			a.Location = strings.ReplaceAll(a.Location, "&__session="+other, "")
		}
		a.Location = strings.ReplaceAll(a.Location, url.QueryEscape(other), url.QueryEscape(token))
		a.Cookies = replaceAll(a.Cookies, other, token)
		a.Calls = slices.Clone(a.Calls)
		for i := range a.Calls {
			a.Calls[i].Body = strings.ReplaceAll(a.Calls[i].Body, other, token)
		}
		for _, auth := range []*side.Auth{a.Auth, a.PendingAuth, a.EndpointAuth} {
			if auth == nil || auth.Token != other {
				continue
			}
			if auth.Token = token; auth.TokenType == scenario.Session {
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

func payload(token string) side.JSON {
	_, text, _ := scenario.Texts(token)
	return side.ToJSON(json.RawMessage(text))
}

// tokens rewrites every token for which is holds, also inside of handshake tokens.
func tokens(is func(*scenario.Case, string) bool, rewrite func(*Judge, *scenario.Case, string) string) (func(*Judge, *scenario.Case) bool, func(*Judge, *scenario.Case) func(*side.Answer)) {
	applies := func(_ *Judge, c *scenario.Case) bool {
		return slices.ContainsFunc(allTokens(c), func(token string) bool { return is(c, token) })
	}
	return applies, func(j *Judge, c *scenario.Case) func(*side.Answer) {
		var undo []func(*side.Answer)
		for _, token := range jwts(c) {
			changed := token
			for _, session := range inner(token) {
				if is(c, session) {
					other := rewrite(j, c, session)
					changed = j.Keys.Change(changed, func(t *scenario.Token) { t.Payload["handshake"] = replaceIn(t.Payload["handshake"], session, other) })
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
		return func(a *side.Answer) {
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
func trustsPeer(c *scenario.Case) bool {
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

func isForwarded(c *scenario.Case) bool {
	return slices.ContainsFunc(forwardedFields, func(name string) bool { _, found := c.Get(name); return found })
}

func dropForwarded(c *scenario.Case) {
	for _, name := range forwardedFields {
		c.Del(name)
	}
}

// forwarded is the scheme and host that the forwarded fields name.
func forwarded(c *scenario.Case) (proto, host string) {
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
