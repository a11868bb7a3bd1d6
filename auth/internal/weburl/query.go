package weburl

import "strings"

// Parameter is the decoded value of a parameter, if the query has it.
type Parameter struct {
	Value string
	Found bool
}

// ReadParameters sets each of values, which are zero before, to the first parameter of the
// name at the same place. It reads a raw query in one pass, and as a browser reads that of
// its own URL: ';' is an ordinary character, and a malformed escape stands for itself, where
// net/url would drop the whole pair.
func ReadParameters(raw string, names []string, values []Parameter) {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, text, _ := strings.Cut(pair, "=")
		for i, name := range names {
			if !values[i].Found && decodesTo(key, name) {
				values[i] = Parameter{Value: decodeQuery(text), Found: true}
			}
		}
	}
}

// decodesTo reports whether the text of a query decodes to want. Most names in a query are
// none of those that are read, so nothing is allocated for them.
func decodesTo(text, want string) bool {
	for i := range len(want) {
		if text == "" {
			return false
		}
		c, size := decodeByte(text)
		if c != want[i] {
			return false
		}
		text = text[size:]
	}
	return text == ""
}

// decodeQuery decodes a name or a value of a query.
func decodeQuery(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return text
	}
	var b strings.Builder
	for text != "" {
		c, size := decodeByte(text)
		b.WriteByte(c)
		text = text[size:]
	}
	return b.String()
}

// decodeByte decodes the first byte of text, which takes up size bytes of it.
func decodeByte(text string) (b byte, size int) {
	if text[0] == '+' {
		return ' ', 1
	}
	if escaped, ok := escapedByte(text); ok {
		return escaped, 3
	}
	return text[0], 1
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
