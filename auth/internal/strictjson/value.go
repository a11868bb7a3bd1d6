package strictjson

import "strconv"

// Value is one JSON value. The zero Value stands for an absent one.
type Value struct {
	// Text is the text of a string, without quotes and with its escapes decoded, and the
	// JSON text of any other value.
	Text string
	// Kind is '"' for a string, '0' for a number, '{' for an object, '[' for a list, 't'
	// for true, 'f' for false, 'n' for null, and 0 for an absent value.
	Kind byte
}

// Str returns the text of a string, and "" for a value of another kind.
func (v Value) Str() string {
	if v.Kind != '"' {
		return ""
	}
	return v.Text
}

// Truthy reports whether v counts as true in JavaScript, which is how Clerk reads a claim of
// an unexpected kind.
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

// Number returns the value of a number. ok is false for a value of another kind and for a
// number that a float64 cannot hold.
func (v Value) Number() (n float64, ok bool) {
	if v.Kind != '0' {
		return 0, false
	}
	// Times are whole numbers, for which this is enough.
	if n, ok := digits(v.Text); ok {
		return float64(n), true
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	return f, err == nil
}

// digits parses a number that consists of digits only, few enough for a float64 to hold it
// exactly.
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
