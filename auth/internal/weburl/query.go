package weburl

import "strings"

// QueryValue returns the value of the first parameter of that name in a raw query. It reads
// the query as a browser reads that of its own URL: ';' is an ordinary character, and a
// malformed escape stands for itself, where net/url would drop the whole pair.
func QueryValue(raw, name string) (value string, found bool) {
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

// decodeQuery decodes a name or a value of a query.
func decodeQuery(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '+' {
			c = ' '
		} else if escaped, ok := escapedByte(text[i:]); ok {
			c = escaped
			i += 2
		}
		b.WriteByte(c)
	}
	return b.String()
}

// escapedByte decodes the percent escape at the beginning of text, if there is one.
func escapedByte(text string) (b byte, ok bool) {
	if len(text) < 3 || text[0] != '%' {
		return 0, false
	}
	high, highOK := unhex(text[1])
	low, lowOK := unhex(text[2])
	return high<<4 | low, highOK && lowOK
}

// unhex returns the value of a hexadecimal digit.
func unhex(c byte) (value byte, ok bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	default:
		return 0, false
	}
}
