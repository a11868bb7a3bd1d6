package weburl

import (
	"slices"
	"strings"
)

// QueryValues returns the first value of each of the named parameters that a raw query has.
// It reads no more than [MaxTarget] bytes, and reads them as a browser reads the query of its own URL:
// ';' is an ordinary character, and a malformed escape stands for itself, where net/url would
// drop the whole pair.
func QueryValues(raw string, names []string) map[string]string {
	var values map[string]string
	if len(raw) > MaxTarget {
		raw = raw[:strings.LastIndexByte(raw[:MaxTarget], '&')+1] // whole parameters
	}
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, text, _ := strings.Cut(pair, "=")
		i := slices.IndexFunc(names, func(name string) bool { return isQueryName(key, name) })
		if i < 0 {
			continue
		}
		if _, taken := values[names[i]]; !taken {
			if values == nil {
				values = make(map[string]string)
			}
			values[names[i]] = decodeQuery(text)
		}
	}
	return values
}

// isQueryName reports whether key, as it stands in a query, is the name of a parameter.
func isQueryName(key, name string) bool {
	// An escape is three times as long as its character.
	if len(key) < len(name) || len(key) > 3*len(name) {
		return false
	}
	for i := range len(name) {
		if key == "" {
			return false
		}
		c, size := key[0], 1
		if escaped, ok := escapedByte(key); ok {
			c, size = escaped, 3
		} else if c == '+' {
			c = ' '
		}
		if c != name[i] {
			return false
		}
		key = key[size:]
	}
	return key == ""
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
