package knowndiffs

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// everything names all fields of an outcome, for a row that refuses the request.
var everything = []string{"*"}

// machineJWT returns the machine JWT in the header, or nil without one.
func machineJWT(c *generator.Case) *generator.Token {
	if t, ok := generator.Read(headerToken(c)); ok && t.Machine() != "" {
		return &t
	}
	return nil
}

// mayRedirect reports whether the request is a page load that may be redirected to a
// handshake.
func mayRedirect(c *generator.Case) bool {
	into, stated := c.Get("Sec-Fetch-Dest")
	accept, _ := c.Get("Accept")
	isPage := into == "document" || into == "iframe" || !stated && strings.HasPrefix(accept, "text/html")
	return c.Method == "GET" && isPage && c.Options.AcceptsKind(generator.Session) && machineToken(c) == ""
}

// mayRefresh reports whether an expired session token in the cookies would be
// refreshed.
func mayRefresh(c *generator.Case) bool {
	return c.Method == "GET" && readsCookies(c) && c.Cookies()["__refresh"+generator.Suffix(c.Options.PublishableKey)] != ""
}

// bringsHandshake reports whether the browser returns from the frontend API.
func bringsHandshake(c *generator.Case) bool {
	return readsCookies(c) && strings.Contains(c.Target+strings.Join(cookieLines(c), ";"), "__clerk_handshake")
}

// comesFromOtherOrigin reports whether cross-origin protection refuses the request. It
// sees the public host, and a request that opens a WebSocket as a POST.
func comesFromOtherOrigin(c *generator.Case) bool {
	r, err := peer.Request(c)
	if err != nil {
		return false
	}
	if proto, host := forwarded(c); isForwarded(c) && isOrigin(proto, host) {
		r.Host = host
	}
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		r.Method = http.MethodPost
	}
	return http.NewCrossOriginProtection().Check(r) != nil
}

// triedRefresh reports whether a reason says that a refresh failed, rather than that
// the request was not eligible for one.
func triedRefresh(reason string) bool {
	failure, found := strings.CutPrefix(reason, "session-token-expired-refresh-")
	return found && !strings.HasPrefix(failure, "non-eligible-")
}

// returnsFromHandshake reports whether the request is a page load, which alone can be
// the browser's return from the frontend API.
func returnsFromHandshake(c *generator.Case) bool {
	into, _ := c.Get("Sec-Fetch-Dest")
	_, upgrades := c.Get("Upgrade")
	return c.Method == http.MethodGet && !upgrades && (into == "" || into == "document" || into == "iframe")
}

// outdatedSignOut reports whether the outcome of the handshake is a valid token that
// signs the browser out and was not issued within a day.
func outdatedSignOut(c *generator.Case) bool {
	if handshakeParameter(c, "__clerk_handshake_nonce") != "" {
		return false
	}
	t, ok := generator.Read(handshakeParameter(c, "__clerk_handshake"))
	if !ok || t.Header["alg"] != "RS256" || t.Header["kid"] != generator.MainKey {
		return false
	}
	list, _ := t.Payload["handshake"].([]any)
	session := ""
	for _, directive := range list {
		text, _ := directive.(string)
		if name, value, _ := strings.Cut(text, "="); strings.HasPrefix(name, "__session") {
			session, _, _ = strings.Cut(value, ";")
		}
	}
	number, _ := t.Payload["iat"].(json.Number)
	issued, err := number.Float64()
	return session == "" && (err != nil || math.Abs(float64(c.Clock)-issued*1000) > 86_400_000)
}

// handshakeParameter returns the first value of a parameter in the query, or without
// one that of the cookie.
func handshakeParameter(c *generator.Case, name string) string {
	_, query, _ := strings.Cut(c.Target, "?")
	values, _ := url.ParseQuery(query)
	if value := values.Get(name); value != "" {
		return value
	}
	return c.Cookies()[name]
}

// scopeValues returns the values that name the scopes of a machine JWT, strings or
// not.
func scopeValues(t *generator.Token) []any {
	if t.Machine() == generator.M2M {
		if _, isText := t.Payload["scopes"].(string); isText {
			return words(t.Payload["scopes"])
		}
		switch audience := t.Payload["aud"].(type) {
		case nil:
			return nil
		case []any:
			return audience
		default:
			return []any{audience}
		}
	}
	if list, isList := t.Payload["scp"].([]any); isList {
		return list
	}
	return words(t.Payload["scope"])
}

// words splits a string at every space.
func words(text any) (list []any) {
	if s, isText := text.(string); isText {
		for word := range strings.SplitSeq(s, " ") {
			list = append(list, word)
		}
	}
	return list
}

// hasOddScopes reports whether a scope is empty or not a string, or scp is not a
// list.
func hasOddScopes(t *generator.Token) bool {
	scp := t.Payload["scp"]
	_, isList := scp.([]any)
	return t.Machine() == generator.OAuth && scp != nil && !isList ||
		slices.ContainsFunc(scopeValues(t), func(part any) bool { text, _ := part.(string); return text == "" })
}

// scopesOf returns the scopes that are strings and not empty.
func scopesOf(t *generator.Token) (scopes []string) {
	for _, part := range scopeValues(t) {
		if text, _ := part.(string); text != "" {
			scopes = append(scopes, text)
		}
	}
	return scopes
}
