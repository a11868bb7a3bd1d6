package main

import (
	"encoding/json"
	"slices"
	"strings"
)

// isList reports whether a fact is a list or a member of one. Their values are parts of
// their keys.
func (p phrase) isList(value string) bool {
	return value == "" && (p.member == "required" || p.member == "enum" || p.member == "tags")
}

// lists are the changes of lists: what is required, the values of enums, tags.
func (s side) lists() []change {
	values, whole := map[string][]string{}, map[string]bool{}
	for key := range s.only {
		p := read(key)
		switch {
		case !p.isList(s.set[key]):
		case p.value != "":
			list := strings.TrimSuffix(key, separator+p.value)
			values[list] = append(values[list], p.value)
		default:
			whole[key] = true
			values[key] = s.under(key)
		}
	}
	var out []change
	for list, of := range values {
		slices.Sort(of)
		p := read(list)
		c := change{subject: p.subject}
		if p.member == "required" {
			holder := strings.TrimSuffix(list, separator+"required")
			// The line of an added or removed field already includes it.
			of = slices.DeleteFunc(of, func(name string) bool { return s.only[holder+separator+"."+unquoted(name)] })
			if len(of) == 0 && len(s.under(list)) > 0 {
				continue
			}
			c.mark, c.text = "~", s.required(holder, of)
		} else {
			c.mark, c.text = s.values(p, of, whole[list])
		}
		out = append(out, c)
	}
	return out
}

// under returns the members of a list.
func (s side) under(list string) []string {
	var out []string
	for key := range s.set {
		if value, ok := strings.CutPrefix(key, list+separator); ok {
			out = append(out, value)
		}
	}
	return out
}

func unquoted(value string) string {
	var text string
	if json.Unmarshal([]byte(value), &text) != nil {
		return value
	}
	return text
}

// required describes a change of the fields that callers must send, or that responses
// always have.
func (s side) required(schema string, names []string) string {
	if len(names) == 1 {
		text, _ := phrase{where: read(schema + separator + "." + unquoted(names[0])).where, member: "required"}.toggled(s.came)
		return text
	}
	for i, name := range names {
		names[i] = unquoted(name)
	}
	p := read(schema + separator + "required")
	text := p.about("fields "+strings.Join(names, ", ")) + " are "
	if s.came {
		return text + "now required"
	}
	return text + "no longer required"
}

// values describes a change of the values of an enum or of tags.
func (s side) values(p phrase, of []string, whole bool) (mark, text string) {
	all := strings.Join(of, ", ")
	switch {
	case p.member == "tags":
		return s.mark(), p.about("tag " + all)
	case whole && s.came:
		return "~", sentence(p.where, "is now limited to "+all)
	case whole:
		return "~", sentence(p.where, "is no longer limited to "+all)
	case len(of) > 1:
		return s.mark(), p.about("values " + all)
	}
	return s.mark(), p.about("value " + all)
}
