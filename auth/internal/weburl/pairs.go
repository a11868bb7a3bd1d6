package weburl

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Pairs are the parameters of a query in their order. A name may appear more than once.
type Pairs []Pair

// Pair is the decoded name and value of a parameter.
type Pair struct{ Name, Value string }

// parsePairs parses a query as browsers do (WHATWG URL Standard, the
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

// without returns p without the pairs of these names. It reuses the memory of p.
func (p Pairs) without(names ...string) Pairs {
	return slices.DeleteFunc(p, func(have Pair) bool { return slices.Contains(names, have.Name) })
}

// Add returns p with one more pair at the end. Like append, it may reuse the memory of p.
func (p Pairs) Add(name, value string) Pairs {
	return append(p, Pair{name, value})
}

// set returns p with a single pair of that name, in the place of the first one or else at
// the end. It reuses the memory of p.
func (p Pairs) set(name, value string) Pairs {
	i := slices.IndexFunc(p, func(have Pair) bool { return have.Name == name })
	if i < 0 {
		return p.Add(name, value)
	}
	p[i].Value = value
	return append(p[:i+1], p[i+1:].without(name)...)
}

// Encode returns the query of the pairs, without a question mark, as browsers encode it. It
// keeps their order, and unlike url.QueryEscape it escapes '~' and leaves '*' alone.
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

// wellFormed replaces invalid UTF-8 as browsers do: one U+FFFD for all the bytes that could
// have been the beginning of a character.
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
