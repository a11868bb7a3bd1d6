package knowndiffs

import (
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
)

// everything are the fields of an answer that is refused in words of its own.
var everything = []string{"*"}

// machineJWT is the JWT of a machine in the header, and nil when there is none.
func machineJWT(c *generator.Case) *generator.Token {
	if t, ok := generator.Read(headerToken(c)); ok && t.Machine() != "" {
		return &t
	}
	return nil
}

// mayRedirect reports whether the request is a page load that a handshake can answer.
func mayRedirect(c *generator.Case) bool {
	into, stated := c.Get("Sec-Fetch-Dest")
	accept, _ := c.Get("Accept")
	isPage := into == "document" || into == "iframe" || !stated && strings.HasPrefix(accept, "text/html")
	return c.Method == "GET" && isPage && c.Options.AcceptsKind(generator.Session) && machineToken(c) == ""
}

// mayRefresh reports whether a session of the cookies would be renewed if it was expired.
func mayRefresh(c *generator.Case) bool {
	return c.Method == "GET" && readsCookies(c) && c.Cookies()["__refresh"+generator.Suffix(c.Options.PublishableKey)] != ""
}

// bringsHandshake reports whether the browser comes back from the frontend API.
func bringsHandshake(c *generator.Case) bool {
	return readsCookies(c) && strings.Contains(c.Target+strings.Join(cookieLines(c), ";"), "__clerk_handshake")
}

// scopeTexts are the parts of what names the scopes of a machine's JWT, texts or not.
func scopeTexts(t *generator.Token) []any {
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

// words divides a text at every space.
func words(text any) (list []any) {
	if s, isText := text.(string); isText {
		for word := range strings.SplitSeq(s, " ") {
			list = append(list, word)
		}
	}
	return list
}

// hasOddScopes reports whether a part is no text or an empty one, or scp no list.
func hasOddScopes(t *generator.Token) bool {
	scp := t.Payload["scp"]
	_, isList := scp.([]any)
	return t.Machine() == generator.OAuth && scp != nil && !isList ||
		slices.ContainsFunc(scopeTexts(t), func(part any) bool { text, _ := part.(string); return text == "" })
}

// scopesOf are the parts that are texts and not empty.
func scopesOf(t *generator.Token) (scopes []string) {
	for _, part := range scopeTexts(t) {
		if text, _ := part.(string); text != "" {
			scopes = append(scopes, text)
		}
	}
	return scopes
}
