package decode

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escape returns the length of the escape sequence at the start of text, or 0 if it is
// none.
func escape(text string) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := codeUnit(text); ok {
			return len(`\u0000`)
		}
	}
	return 0
}

// codeUnit returns the value of the escape sequence \uXXXX at the start of text.
func codeUnit(text string) (r rune, ok bool) {
	if len(text) < len(`\u0000`) || text[:2] != `\u` {
		return 0, false
	}
	for _, c := range []byte(text[2:6]) {
		switch {
		case isDigit(c):
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = (c | 0x20) - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// unquote appends the string that is written as inner, whose escape sequences are valid.
// What is not Unicode is replaced, as in encoding/json.
func unquote(b *strings.Builder, inner string) {
	for inner != "" {
		switch c := inner[0]; {
		case c == '\\' && inner[1] == 'u':
			r, n := character(inner)
			b.WriteRune(r)
			inner = inner[n:]
		case c == '\\':
			b.WriteByte(unescaped(inner[1]))
			inner = inner[2:]
		case c < utf8.RuneSelf:
			b.WriteByte(c)
			inner = inner[1:]
		default:
			r, n := utf8.DecodeRuneInString(inner)
			b.WriteRune(r)
			inner = inner[n:]
		}
	}
}

// unescaped returns the character that follows a backslash, by its letter.
func unescaped(letter byte) byte {
	switch letter {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return letter
}

// character returns the character of the escape sequence \uXXXX at the start of text, or
// of two that are a surrogate pair, and their length.
func character(text string) (r rune, n int) {
	const length = len(`\u0000`)
	r, _ = codeUnit(text)
	if !utf16.IsSurrogate(r) {
		return r, length
	}
	if low, ok := codeUnit(text[length:]); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 2 * length
		}
	}
	return utf8.RuneError, length
}
