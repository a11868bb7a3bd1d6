package weburl

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// QueryValue finds the first parameter of that name in a raw query, the way a
// browser reads its own URL: ';' is an ordinary character and a broken escape
// stands for itself, where net/url would drop the whole pair.
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

// escapedByte reads the percent escape that text begins with.
func escapedByte(text string) (b byte, ok bool) {
	if len(text) < 3 || text[0] != '%' {
		return 0, false
	}
	high, highOK := unhex(text[1])
	low, lowOK := unhex(text[2])
	return high<<4 | low, highOK && lowOK
}

// Pairs are those of a query in the order in which they stand there, each
// name as often as it is given.
type Pairs []Pair

type Pair struct{ Name, Value string }

// parsePairs takes a query apart as browsers do (WHATWG URL, the
// application/x-www-form-urlencoded parser).
func parsePairs(raw string) Pairs {
	var list Pairs
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		list = append(list, Pair{wellFormed(decodeQuery(name)), wellFormed(decodeQuery(value))})
	}
	return list
}

func (p Pairs) without(names ...string) Pairs {
	return slices.DeleteFunc(p, func(have Pair) bool { return slices.Contains(names, have.Name) })
}

func (p Pairs) Add(name, value string) Pairs {
	return append(p, Pair{name, value})
}

// set gives name the value where it stands first, and takes it out elsewhere.
func (p Pairs) set(name, value string) Pairs {
	i := slices.IndexFunc(p, func(have Pair) bool { return have.Name == name })
	if i < 0 {
		return p.Add(name, value)
	}
	p[i].Value = value
	return append(p[:i+1], p[i+1:].without(name)...)
}

// Encode is the serializer that belongs to parsePairs. It differs from
// url.QueryEscape in '*' and '~', and keeps the order.
func (p Pairs) Encode() string {
	var b strings.Builder
	for i, pair := range p {
		if i > 0 {
			b.WriteByte('&')
		}
		writeForm(&b, pair.Name)
		b.WriteByte('=')
		writeForm(&b, pair.Value)
	}
	return b.String()
}

func writeForm(b *strings.Builder, text string) {
	for i := range len(text) {
		switch c := text[i]; {
		case c == ' ':
			b.WriteByte('+')
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("*-._", c) >= 0:
			b.WriteByte(c)
		default:
			writeEscaped(b, c)
		}
	}
}

func writeEscaped(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

// wellFormed replaces what is no UTF-8 as browsers do: one mark for as many bytes
// as could have begun a character.
func wellFormed(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && size == 1 {
			for size < len(text) && !utf8.FullRuneInString(text[:size+1]) {
				size++
			}
		}
		b.WriteRune(r)
		text = text[size:]
	}
	return b.String()
}

// unhex gives what a hexadecimal digit stands for.
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
