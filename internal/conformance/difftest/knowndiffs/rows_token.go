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

// wherever are the parts in which tokens stand.
var wherever = []string{"Header.Authorization", "Header.Cookie", "Target", "API.Refresh", "API.Nonce"}

// tokenRow is a difference in which tokens are read at all. The rewritten request has
// one in its place that both sides refuse for the same reason.
func tokenRow(id, fact string, is func(*generator.Case, string) bool, rewrite func(*Judge, *generator.Case, string) string) Row {
	applies, change := tokens(is, rewrite)
	return Row{ID: id, Fact: fact, Applies: applies, Rewrites: wherever, Rewrite: change}
}

var tokenRows = []Row{
	tokenRow("D3", "a header or payload that is no object is token-invalid", func(_ *generator.Case, token string) bool {
		header, payload, _ := generator.Texts(token)
		return isOtherJSON(header) || isOtherJSON(payload)
	}, undecodable),
	tokenRow("D36", "a token with a crit header is token-invalid", func(_ *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		_, critical := t.Header["crit"]
		return ok && critical
	}, undecodable),
	tokenRow("D38", "duplicate members, invalid UTF-8, nesting over 32 and more than 16 KiB are token-invalid, the last also in no URL", func(_ *generator.Case, token string) bool {
		header, payload, _ := generator.Texts(token)
		return len(token) > longest || !utf8.ValidString(header+payload) || isAbuse(header) || isAbuse(payload)
	}, undecodable),
	tokenRow("D37", "times must be finite numbers, and no token lives longer than 315,360,000 s", func(c *generator.Case, token string) bool {
		return absurdTime(token, c.Clock) != ""
	}, func(j *Judge, c *generator.Case, token string) string {
		return j.Keys.Change(token, func(t *generator.Token) { t.Payload[absurdTime(token, c.Clock)] = "no time" })
	}),
	tokenRow("D39", "an empty sub is refused", func(_ *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		sub, isString := t.Payload["sub"].(string)
		return ok && isString && sub == ""
	}, func(j *Judge, _ *generator.Case, token string) string {
		return j.Keys.Change(token, func(t *generator.Token) { delete(t.Payload, "sub") })
	}),
	tokenRow("D8", "a malformed fea means no features and no permissions", func(_ *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		version, _ := t.Payload["v"].(json.Number)
		return ok && version == "2" && t.Payload["o"] != nil && isMalformed(t.Payload["fea"])
	}, func(j *Judge, _ *generator.Case, token string) string {
		return j.Keys.Change(token, func(t *generator.Token) { delete(t.Payload, "fea") })
	}),
	tokenRow("D30", "the M2M JWT of an instance that opted out of categories is accepted", func(c *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		return ok && token == headerToken(c) && t.Machine() == generator.M2M && t.Is(generator.CategoryIgnore)
	}, func(j *Judge, _ *generator.Case, token string) string {
		return j.Keys.Change(token, func(t *generator.Token) { delete(t.Header, "cat") })
	}),
	tokenRow("D48", "a published key that cannot verify is as good as absent", func(c *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		return ok && c.Options.JWTKey == "" && (t.Header["kid"] == generator.CurveKey || t.Header["kid"] == generator.SealKey)
	}, func(j *Judge, _ *generator.Case, token string) string {
		return j.Keys.Change(token, func(t *generator.Token) { t.Header["kid"] = "ins_absent" })
	}),
	tokenRow("D2", "a handshake or a refresh brings no session token of another class", func(c *generator.Case, token string) bool {
		t, _ := generator.Read(token)
		return (nonSession(token) || t.Machine() != "") && slices.Contains(handedOut(c), token)
	}, undecodable),
	tokenRow("D50", "a machine's JWT is no handshake token", func(_ *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		_, directives := t.Payload["handshake"]
		return ok && directives && t.Machine() == generator.M2M
	}, func(j *Judge, _ *generator.Case, token string) string {
		return j.Keys.Change(token, func(t *generator.Token) { t.Header["cat"] = generator.CategoryTemplate })
	}),
	tokenRow("D7", "WithRequiredAudience refuses a session token without aud", func(c *generator.Case, token string) bool {
		t, ok := generator.Read(token)
		return ok && c.Options.RequiredAudience && t.Machine() == "" && namesNobody(t.Payload["aud"])
	}, func(j *Judge, _ *generator.Case, token string) string {
		return j.Keys.Change(token, func(t *generator.Token) { t.Payload["aud"] = "nobody" })
	}),
}

// undecodable is as long as it is told apart from other tokens.
func undecodable(_ *Judge, _ *generator.Case, token string) string {
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

// isAbuse reports whether JSON repeats a member or nests more than 32 deep.
func isAbuse(text string) bool {
	decoder := json.NewDecoder(strings.NewReader(text))
	var names []map[string]bool // of the objects that are open; nil for a list
	var member []bool           // whether the next text is a member's name
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

// absurdTime names the claim of a token that is no finite time, or an exp that is
// further ahead than any token lives.
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

// namesNobody reports whether an aud claim is as good as absent: no text, and no
// list of texts alone.
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
