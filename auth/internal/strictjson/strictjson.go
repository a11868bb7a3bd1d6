// Package strictjson reads JSON objects and lists and accepts only what every reader
// understands in the same way.
//
// It accepts no text that encoding/json refuses, and refuses more: an object with two
// members of the same name, text that is not valid UTF-8, half of a surrogate pair, and
// values that are nested too deep. It compares names byte by byte. Where encoding/json
// keeps the last of two members, ignores the case of names and replaces invalid UTF-8, two
// parties could read the same signed text differently.
package strictjson

import "unicode/utf8"

// MaxDepth is how deep objects and lists may be nested. The outermost one counts.
const MaxDepth = 32

// Object reads text, which must be a JSON object, and calls member for each of its members
// in order. It reports whether text is valid; if it is not, member may have been called for
// the members before the fault.
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

// List reads text, which must be a JSON list, and calls element for each of its elements in
// order. It reports whether text is valid; if it is not, element may have been called for
// the elements before the fault.
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

// Strings returns the strings of text, a JSON list, except empty ones. ok is false if text
// is not a valid list, if the list has an element that is not a string, or if no string is
// left; the strings that were found are returned even so.
func Strings(text string) (list []string, ok bool) {
	only := true
	ok = List(text, func(v Value) {
		if v.Kind != '"' {
			only = false
		} else if v.Text != "" {
			list = append(list, v.Text)
		}
	})
	return list, ok && only && len(list) > 0
}
