package knowndiffs

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
)

// tokenParts are the parts of a case that hold tokens.
var tokenParts = []string{"Header.Authorization", "Header.Cookie", "Target", "API.Refresh", "API.Nonce"}

// tokenRow returns a row for tokens that one side reads and the other refuses. In the
// rewritten request, a token that both sides treat the same way takes their place.
func tokenRow(id, fact string, is func(*generator.Case, string) bool, rewrite func(*generator.Keys, *generator.Case, string) string) Row {
	applies, change := rewriteTokens(is, rewrite)
	return Row{ID: id, Fact: fact, Applies: applies, Rewrites: tokenParts, Rewrite: change}
}

// tokenRows are the differences in which tokens are accepted.
var tokenRows = []Row{
	tokenRow("D3", "a header or payload that is not a JSON object is token-invalid", func(_ *generator.Case, token string) bool {
		header, payload, _ := generator.Texts(token)
		return isOtherJSON(header) || isOtherJSON(payload)
	}, undecodable),
	tokenRow("D36", "a token with a crit header is token-invalid", func(_ *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		_, critical := t.Header["crit"]
		return ok && critical
	}, undecodable),
	tokenRow("D38", "duplicate members, invalid UTF-8, nesting deeper than 32 and tokens over 16 KiB are token-invalid; a token over 16 KiB is never put into a URL", func(_ *generator.Case, token string) bool {
		header, payload, _ := generator.Texts(token)
		return len(token) > maxToken || !utf8.ValidString(header+payload) || isAbuse(header) || isAbuse(payload)
	}, undecodable),
	tokenRow("D37", "times must be finite numbers, and a token must not expire more than 315,360,000 s from now", func(c *generator.Case, token string) bool {
		return absurdTime(token, c.Clock) != ""
	}, func(keys *generator.Keys, c *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) { t.Payload[absurdTime(token, c.Clock)] = "not a time" })
	}),
	tokenRow("D39", "an empty sub is refused", func(_ *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		sub, isString := t.Payload["sub"].(string)
		return ok && isString && sub == ""
	}, func(keys *generator.Keys, _ *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) { delete(t.Payload, "sub") })
	}),
	tokenRow("D8", "a malformed fea claim grants no features and no permissions", func(_ *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		version, _ := t.Payload["v"].(json.Number)
		return ok && version == "2" && t.Payload["o"] != nil && isMalformed(t.Payload["fea"])
	}, func(keys *generator.Keys, _ *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) { delete(t.Payload, "fea") })
	}),
	tokenRow("D30", "an M2M JWT of an instance that opted out of categories is accepted", func(c *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		return ok && token == headerToken(c) && t.Machine() == generator.M2M && t.Is(generator.CategoryIgnore)
	}, func(keys *generator.Keys, _ *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) { delete(t.Header, "cat") })
	}),
	tokenRow("D48", "a published key that cannot verify signatures is treated as absent", func(c *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		return ok && c.Options.JWTKey == "" && (t.Header["kid"] == generator.CurveKey || t.Header["kid"] == generator.SealKey)
	}, func(keys *generator.Keys, _ *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) { t.Header["kid"] = "ins_absent" })
	}),
	tokenRow("D2", "a handshake or a refresh cannot bring a token of another category as the session token", func(c *generator.Case, token string) bool {
		t, _ := generator.Read(token)
		return (nonSession(token) || t.Machine() != "") && slices.Contains(issued(c), token)
	}, undecodable),
	tokenRow("D50", "a machine JWT is not a handshake token", func(_ *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		_, directives := t.Payload["handshake"]
		return ok && directives && t.Machine() == generator.M2M
	}, func(keys *generator.Keys, _ *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) { t.Header["cat"] = generator.CategoryTemplate })
	}),
	tokenRow("D56", "the age of a reverification is that in fva and that of the token", func(c *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		asks := slices.ContainsFunc(c.Asks, func(a generator.Ask) bool { return a.Reverification != nil })
		return ok && asks && t.Machine() == "" && areAges(t.Payload["fva"]) && tokenAge(&t, c.Clock) != 0
	}, func(keys *generator.Keys, c *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) {
			age := tokenAge(t, c.Clock)
			ages := t.Payload["fva"].([]any)
			if age < 0 {
				delete(t.Payload, "fva")
				return
			}
			for i, entry := range ages {
				if number, ok := entry.(json.Number); ok && number != "-1" {
					f, _ := number.Float64()
					ages[i] = f + float64(age)
				}
			}
		})
	}),
	tokenRow("D51", "with WithMachineAudience a machine JWT must name an audience", func(c *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		return ok && c.Options.MachineAudience != nil && token == headerToken(c) && t.Machine() != "" && (namesNobody(t.Payload["aud"]) || namesEmpty(t.Payload["aud"]))
	}, func(keys *generator.Keys, _ *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) { t.Payload["aud"] = "nobody" })
	}),
	tokenRow("D7", "WithRequiredAudience refuses a session token without aud", func(c *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		return ok && c.Options.RequiredAudience && t.Machine() == "" && namesNobody(t.Payload["aud"])
	}, func(keys *generator.Keys, _ *generator.Case, token string) string {
		return keys.Change(token, func(t *generator.Token) { t.Payload["aud"] = "nobody" })
	}),
}

// undecodable returns a text that no side can decode. It has the length of the token
// in it, so that restoring tells tokens apart.
func undecodable(_ *generator.Keys, _ *generator.Case, token string) string {
	return "undecodable-" + strconv.Itoa(len(token))
}

func isOtherJSON(text string) bool {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return false
	}
	_, object := v.(map[string]any)
	return !object
}

// isAbuse reports whether JSON repeats a member or nests deeper than 32.
func isAbuse(text string) bool {
	decoder := json.NewDecoder(strings.NewReader(text))
	var names []map[string]bool // of the open objects; nil for a list
	var member []bool           // whether the next string is a member name
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		last := len(names) - 1
		switch t := token.(type) {
		case json.Delim:
			if t == '}' || t == ']' {
				names, member = names[:last], member[:last]
				continue
			}
			if last >= 0 {
				member[last] = true
			}
			var object map[string]bool
			if t == '{' {
				object = map[string]bool{}
			}
			if names, member = append(names, object), append(member, true); len(names) > 32 {
				return true
			}
			continue
		case string:
			if last >= 0 && names[last] != nil && member[last] {
				if names[last][t] {
					return true
				}
				names[last][t], member[last] = true, false
				continue
			}
		}
		if last >= 0 {
			member[last] = true
		}
	}
}

// absurdTime returns the name of a claim that is not a finite time, or exp where it is
// too far ahead.
func absurdTime(token string, clock int64) string {
	t, ok := generator.Read(token)
	for _, name := range []string{"exp", "nbf", "iat"} {
		value, stated := t.Payload[name]
		if ok && stated && value == nil {
			return name
		}
		number, isNumber := value.(json.Number)
		if !ok || !isNumber {
			continue
		}
		f, err := number.Float64()
		if err != nil || math.IsInf(f, 0) || name == "exp" && math.Trunc(f)*1000 > float64(clock)+315_360_000_000 {
			return name
		}
	}
	return ""
}

func isMalformed(fea any) bool {
	text, isText := fea.(string)
	if !isText {
		return fea != nil && fea != false && fea != json.Number("0")
	}
	for part := range strings.SplitSeq(text, ",") {
		if text != "" && !strings.Contains(part, ":") {
			return true
		}
	}
	return false
}

// namesNobody reports whether an aud claim counts as absent: neither a string nor a
// list of strings.
func namesNobody(aud any) bool {
	list, isList := aud.([]any)
	if !isList {
		list = []any{aud}
	}
	named := false
	for _, entry := range list {
		text, isText := entry.(string)
		if !isText {
			return true
		}
		named = named || text != ""
	}
	return !named
}

// namesEmpty reports whether a list of audiences has an empty entry.
func namesEmpty(aud any) bool {
	list, _ := aud.([]any)
	return slices.Contains(list, any(""))
}

// tokenAge returns the minutes since a token was issued, or -1 if it does not say.
func tokenAge(t *generator.Token, clock int64) int64 {
	number, ok := t.Payload["iat"].(json.Number)
	issued, err := number.Float64()
	if !ok || err != nil || math.IsInf(issued, 0) {
		return -1
	}
	return max(clock/1000-int64(issued), 0) / 60
}

// areAges reports whether an fva claim has two ages, of which -1 stands for never.
func areAges(fva any) bool {
	list, _ := fva.([]any)
	return len(list) == 2 && !slices.ContainsFunc(list, func(entry any) bool {
		number, ok := entry.(json.Number)
		age, err := number.Float64()
		return !ok || err != nil || age < 0 && age != -1
	})
}
