package decode

import (
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep objects and arrays may be nested, as in encoding/json.
const maxDepth = 10_000

// scanner reads the tokens of a JSON text. When it meets what is not JSON it is broken:
// it moves to the end, so that every loop ends.
type scanner struct {
	text   string
	at     int
	depth  int
	broken bool
}

func (s *scanner) fail() { s.broken, s.at = true, len(s.text) }

// left returns how many bytes there still are.
func (s *scanner) left() int { return len(s.text) - s.at }

// next moves to the next token and returns its first byte, or 0 at the end.
func (s *scanner) next() byte {
	if s.at < len(s.text) {
		if c := s.text[s.at]; c > ' ' {
			return c
		}
	}
	return s.afterBlanks()
}

func (s *scanner) afterBlanks() byte {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// literal reads one of the words true, false and null.
func (s *scanner) literal(word string) {
	if !strings.HasPrefix(s.text[s.at:], word) {
		s.fail()
		return
	}
	s.at += len(word)
}

// open reads the first byte of an object or an array, and its end if it is empty. It
// reports whether there is a member or an element.
func (s *scanner) open(end byte) bool {
	s.at++
	if s.depth++; s.depth > maxDepth {
		s.fail()
		return false
	}
	if s.next() == end {
		s.at++
		s.depth--
		return false
	}
	return !s.broken
}

// more reads what follows a member or an element: a comma, or the end of the object or
// the array. It reports whether another one comes.
func (s *scanner) more(end byte) bool {
	switch s.next() {
	case ',':
		s.at++
		return true
	case end:
		s.at++
		s.depth--
	default:
		s.fail()
	}
	return false
}

// name reads the name of a member and the colon.
func (s *scanner) name() string {
	if s.next() != '"' {
		s.fail()
		return ""
	}
	name, plain := s.quoted()
	s.colon()
	if !plain {
		var b strings.Builder
		unquote(&b, name)
		return b.String()
	}
	return name
}

func (s *scanner) colon() {
	if s.next() != ':' {
		s.fail()
		return
	}
	s.at++
}

// isPlain tells which bytes of a string stand for themselves.
var isPlain = func() (plain [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// quoted reads the string that starts at the quotation mark here. It returns what is
// between the quotation marks, and whether that is the string itself.
func (s *scanner) quoted() (inner string, plain bool) {
	text, i := s.text, s.at+1
	for i < len(text) && isPlain[text[i]] {
		i++
	}
	if i < len(text) && text[i] == '"' {
		inner = text[s.at+1 : i]
		s.at = i + 1
		return inner, true
	}
	return s.quotedSlowly(i)
}

// quotedSlowly is quoted for a string with an escape or a character beyond ASCII at i.
func (s *scanner) quotedSlowly(i int) (inner string, plain bool) {
	text, start, escaped := s.text, s.at+1, false
	for i < len(text) {
		switch c := text[i]; {
		case c == '"':
			s.at = i + 1
			inner = text[start:i]
			return inner, !escaped && utf8.ValidString(inner)
		case c == '\\':
			escaped = true
			n := escape(text[i:])
			if n == 0 {
				s.fail()
				return "", true
			}
			i += n
		case c < ' ':
			s.fail()
			return "", true
		default:
			i++
		}
	}
	s.fail()
	return "", true
}

// number reads a number and returns it as it is written.
func (s *scanner) number() string {
	text, start := s.text, s.at
	i := start
	if i < len(text) && text[i] == '-' {
		i++
	}
	switch whole := digits(text, i); {
	case whole == i, text[i] == '0' && whole > i+1:
		s.fail()
		return ""
	default:
		i = whole
	}
	if i < len(text) && text[i] == '.' {
		fraction := digits(text, i+1)
		if fraction == i+1 {
			s.fail()
			return ""
		}
		i = fraction
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		exponent := digits(text, i)
		if exponent == i {
			s.fail()
			return ""
		}
		i = exponent
	}
	s.at = i
	return text[start:i]
}

// digits returns where the digits at i end.
func digits(text string, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

func isDigit(c byte) bool { return c-'0' < 10 }

// skip reads a value.
func (s *scanner) skip() {
	switch s.next() {
	case '"':
		s.quoted()
	case '{':
		for ok := s.open('}'); ok; ok = s.more('}') {
			if s.next() != '"' {
				s.fail()
				return
			}
			s.quoted()
			s.colon()
			s.skip()
		}
	case '[':
		for ok := s.open(']'); ok; ok = s.more(']') {
			s.skip()
		}
	case 't':
		s.literal("true")
	case 'f':
		s.literal("false")
	case 'n':
		s.literal("null")
	default:
		s.number()
	}
}

// raw reads a value and returns it as it is written.
func (s *scanner) raw() string {
	s.next()
	start := s.at
	s.skip()
	if s.broken {
		return ""
	}
	return s.text[start:s.at]
}
