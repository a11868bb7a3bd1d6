// Package strictjson reads JSON objects and lists more strictly than encoding/json.
package strictjson

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// MaxDepth is how deep objects and lists may stand in each other.
const MaxDepth = 32

// Value is one JSON value: the text of a string with its escapes undone, the JSON text
// of anything else. kind is '"', '0' for a number, '{', '[', 't', 'f' or 'n', and 0 when
// there is no value.
type Value struct {
	Text string
	Kind byte
}

// Str gives the text of a string and "" for a value of another type.
func (v Value) Str() string {
	if v.Kind != '"' {
		return ""
	}
	return v.Text
}

// Truthy is JavaScript's notion, which decides how Clerk reads an odd claim.
func (v Value) Truthy() bool {
	switch v.Kind {
	case '"':
		return v.Text != ""
	case '0':
		f, err := strconv.ParseFloat(v.Text, 64)
		return err != nil || f != 0
	case '{', '[', 't':
		return true
	default:
		return false
	}
}

// Number gives a number that fits a float64.
func (v Value) Number() (float64, bool) {
	if v.Kind != '0' {
		return 0, false
	}
	// Times are whole numbers, which need no more than this.
	if n, ok := digits(v.Text); ok {
		return float64(n), true
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	return f, err == nil
}

// digits reads a number of digits alone, so few of them that a float64 holds it.
func digits(text string) (n int64, ok bool) {
	if len(text) > 15 {
		return 0, false
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// Object reads the object that text must be, and hands each member to member. It
// is stricter than encoding/json, which folds the case of names, keeps the last of two
// equal ones and mends broken UTF-8: two parties could read the same token differently.
func Object(text string, member func(name string, v Value)) bool {
	if !utf8.ValidString(text) {
		return false
	}
	d := decoder{text: text}
	d.space()
	if !d.object(1, member) {
		return false
	}
	d.space()
	return d.at == len(d.text)
}

// List reads the list that text must be, and hands each element to element.
func List(text string, element func(v Value)) bool {
	if !utf8.ValidString(text) {
		return false
	}
	d := decoder{text: text}
	d.space()
	if !d.list(1, element) {
		return false
	}
	d.space()
	return d.at == len(d.text)
}

// Strings reads a JSON list, leaves out empty strings, and reports whether any string
// is left and nothing but strings was there.
func Strings(text string) ([]string, bool) {
	var list []string
	only := true
	ok := List(text, func(v Value) {
		if v.Kind != '"' {
			only = false
		} else if v.Text != "" {
			list = append(list, v.Text)
		}
	})
	return list, ok && only && len(list) > 0
}

// decoder stands at a place in text, which is valid UTF-8. Its methods report whether
// what they read was there. The strings they give are parts of text where possible.
type decoder struct {
	text string
	at   int
}

func (d *decoder) space() {
	for d.at < len(d.text) {
		switch d.text[d.at] {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return
		}
	}
}

func (d *decoder) take(c byte) bool {
	if d.at < len(d.text) && d.text[d.at] == c {
		d.at++
		return true
	}
	return false
}

func (d *decoder) word(w string) bool {
	if len(d.text)-d.at >= len(w) && d.text[d.at:d.at+len(w)] == w {
		d.at += len(w)
		return true
	}
	return false
}

func (d *decoder) object(depth int, member func(string, Value)) bool {
	if depth > MaxDepth || !d.take('{') {
		return false
	}
	d.space()
	if d.take('}') {
		return true
	}
	var seen nameSet
	for {
		name, ok := d.string()
		if !ok || !seen.add(name) {
			return false
		}
		d.space()
		if !d.take(':') {
			return false
		}
		d.space()
		v, ok := d.value(depth)
		if !ok {
			return false
		}
		if member != nil {
			member(name, v)
		}
		d.space()
		if d.take('}') {
			return true
		}
		if !d.take(',') {
			return false
		}
		d.space()
	}
}

func (d *decoder) list(depth int, element func(Value)) bool {
	if depth > MaxDepth || !d.take('[') {
		return false
	}
	d.space()
	if d.take(']') {
		return true
	}
	for {
		v, ok := d.value(depth)
		if !ok {
			return false
		}
		if element != nil {
			element(v)
		}
		d.space()
		if d.take(']') {
			return true
		}
		if !d.take(',') {
			return false
		}
		d.space()
	}
}

func (d *decoder) value(depth int) (Value, bool) {
	if d.at >= len(d.text) {
		return Value{}, false
	}
	start, kind := d.at, d.text[d.at]
	var ok bool
	switch kind {
	case '"':
		s, ok := d.string()
		return Value{Text: s, Kind: kind}, ok
	case '{':
		ok = d.object(depth+1, nil)
	case '[':
		ok = d.list(depth+1, nil)
	case 't':
		ok = d.word("true")
	case 'f':
		ok = d.word("false")
	case 'n':
		ok = d.word("null")
	default:
		kind, ok = '0', d.number()
	}
	return Value{Text: d.text[start:d.at], Kind: kind}, ok
}

func (d *decoder) number() bool {
	d.take('-')
	first := d.at
	if !d.digits() || (d.text[first] == '0' && d.at > first+1) {
		return false
	}
	if d.take('.') && !d.digits() {
		return false
	}
	if d.take('e') || d.take('E') {
		if !d.take('+') {
			d.take('-')
		}
		return d.digits()
	}
	return true
}

func (d *decoder) digits() bool {
	start := d.at
	for d.at < len(d.text) && d.text[d.at]-'0' <= 9 {
		d.at++
	}
	return d.at > start
}

// nameSet finds a name that an object has twice. A map is made only for objects larger
// than any that Clerk issues, so that looking stays linear and costs no allocation.
type nameSet struct {
	few  [32]string
	n    int
	hint uint64 // a bit for each name; two names may share one
	many map[string]struct{}
}

// add reports whether name was not in the set.
func (s *nameSet) add(name string) bool {
	bit := uint64(1)
	if n := len(name); n > 0 {
		bit <<= (uint(name[0])*7 + uint(name[n-1]) + uint(n)) % 64
	}
	if s.hint&bit != 0 && slices.Contains(s.few[:s.n], name) {
		return false
	}
	s.hint |= bit
	if s.n < len(s.few) {
		s.few[s.n] = name
		s.n++
		return true
	}
	if _, have := s.many[name]; have {
		return false
	}
	if s.many == nil {
		s.many = make(map[string]struct{})
	}
	s.many[name] = struct{}{}
	return true
}
