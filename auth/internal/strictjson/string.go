package strictjson

import (
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string. A string without escapes shares memory with text.
func (d *decoder) string() (string, bool) {
	if !d.take('"') {
		return "", false
	}
	start := d.at
	for i := skipPlain(d.text, start); i < len(d.text); i++ {
		switch c := d.text[i]; {
		case c == '"':
			d.at = i + 1
			return d.text[start:i], true
		case c == '\\':
			return d.escaped(start, i)
		case c < ' ':
			return "", false
		}
	}
	return "", false
}

// skipPlain returns a position at or after i such that no byte between the two ends a
// string, begins an escape or is a control character. It looks at eight bytes at once.
func skipPlain(text string, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(text); i += 8 {
		b := text[i : i+8]
		x := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		quote, slash := x^ones*'"', x^ones*'\\'
		// The top bit of a byte is set if the byte is zero in quote or slash, or less than a
		// space in x. Borrowing may also set bits above the lowest of these, which is the only
		// one that counts.
		found := ((quote - ones) &^ quote) | ((slash - ones) &^ slash) | ((x - ones*' ') &^ x)
		if found &= tops; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	return i
}

// escaped reads a string that begins at start and has its first backslash at i.
func (d *decoder) escaped(start, i int) (string, bool) {
	out := append(make([]byte, 0, 64), d.text[start:i]...)
	for i < len(d.text) {
		c := d.text[i]
		i++
		switch {
		case c == '"':
			d.at = i
			return string(out), true
		case c < ' ':
			return "", false
		case c != '\\':
			out = append(out, c)
		default:
			var ok bool
			if out, i, ok = unescape(out, d.text, i); !ok {
				return "", false
			}
		}
	}
	return "", false
}

// unescape appends the character of the escape whose backslash is just before i, and returns
// the position after the escape.
func unescape(out []byte, text string, i int) ([]byte, int, bool) {
	if i >= len(text) {
		return out, i, false
	}
	switch c := text[i]; c {
	case '"', '\\', '/':
		return append(out, c), i + 1, true
	case 'b':
		return append(out, '\b'), i + 1, true
	case 'f':
		return append(out, '\f'), i + 1, true
	case 'n':
		return append(out, '\n'), i + 1, true
	case 'r':
		return append(out, '\r'), i + 1, true
	case 't':
		return append(out, '\t'), i + 1, true
	case 'u':
		r, ok := hex4(text, i+1)
		i += 5
		if ok && utf16.IsSurrogate(r) {
			var low rune
			if low, ok = hex4(text, i+2); ok && text[i:i+2] == `\u` {
				r = utf16.DecodeRune(r, low)
			}
			// Half of a surrogate pair is not a character and cannot be encoded in UTF-8.
			if ok = ok && r != utf8.RuneError && !utf16.IsSurrogate(r); ok {
				i += 6
			}
		}
		return utf8.AppendRune(out, r), i, ok
	default:
		return out, i, false
	}
}

// hex4 parses the four hexadecimal digits at i.
func hex4(text string, i int) (rune, bool) {
	if i+4 > len(text) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(text[i : i+4]) {
		digit, ok := unhex(c)
		if !ok {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	return r, true
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
