package knowndiffs

import (
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
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
