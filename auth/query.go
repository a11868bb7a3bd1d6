package auth

import "strings"

// queryValue finds the first parameter of that name in a raw query, the way a
// browser reads its own URL: ';' is an ordinary character and a broken escape
// stands for itself, where net/url would drop the whole pair.
func queryValue(raw, name string) (value string, found bool) {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, text, _ := strings.Cut(pair, "=")
		if decodeQuery(key) == name {
			return decodeQuery(text), true
		}
	}
	return "", false
}

func decodeQuery(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '+':
			b.WriteByte(' ')
		case c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			b.WriteByte(unhex(text[i+1])<<4 | unhex(text[i+2]))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	if c >= 'A' {
		return c - 'A' + 10
	}
	return c - '0'
}
