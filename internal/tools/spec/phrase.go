package main

import (
	"slices"
	"strings"
)

// separator stands between the steps of a key of a fact.
const separator = " > "

// phrase is a key of a fact in a reader's words.
type phrase struct {
	// subject is the operation or component the fact belongs to, and whole tells that
	// the fact is its existence.
	subject string
	whole   bool
	// what says what the fact is about: `value "x" of field status of the 200 answer`.
	what string
	// member is the last word of OpenAPI in the key: "type", "enum", "required"; empty
	// when the fact is that something exists.
	member string
	// thing is the kind of what exists: "field", "parameter", …
	thing string
}

// read turns a key into words.
func read(key string) phrase {
	steps := strings.Split(key, separator)
	p := phrase{subject: steps[0], whole: len(steps) == 1}
	if p.whole {
		return p
	}
	r := reader{}
	for _, step := range steps[1:] {
		r.step(step)
	}
	p.member, p.thing = r.member, r.thing
	p.what = r.String()
	return p
}

// reader gathers the steps of a key, from the outside to the inside.
type reader struct {
	parts  []string
	member string
	value  string
	thing  string
}

func (r *reader) step(s string) {
	kind, name, _ := strings.Cut(s, " ")
	switch {
	case strings.HasPrefix(s, "."):
		r.nest(s[1:], ".")
	case s == "[]", s == "{}":
		r.nest(s, "")
	case isUnion(kind) && name != "":
		r.push("branch "+name, "branch")
	case kind == "path" && name != "":
		r.push("path parameter "+name, "path parameter")
	case kind == "header" && name != "" && r.thing == "answer":
		r.push("header "+name, "header")
	case isLocation(kind) && name != "":
		r.push(kind+" parameter "+name, "parameter")
	case s == "body":
		r.push("the body", "body")
	case isCode(s):
		r.push("the answer "+s, "answer")
	case strings.Contains(s, "/") && r.member == "":
		r.thing = "media type"
	case s == "schema" || s == "encoding":
		r.thing = "schema"
	case r.member == "":
		r.member = s
	default:
		r.value = s
	}
}

func (r *reader) push(part, thing string) {
	r.parts, r.thing = append(r.parts, part), thing
}

// nest adds a step to a path of fields, or begins one.
func (r *reader) nest(step, joint string) {
	last := len(r.parts) - 1
	if r.thing == "field" && last >= 0 {
		r.parts[last] += joint + step
		return
	}
	r.push("field "+step, "field")
}

// String says the gathered steps from the inside to the outside.
func (r *reader) String() string {
	parts := slices.Clone(r.parts)
	switch {
	case r.member == "enum" && r.value != "":
		parts = append(parts, "value "+r.value)
	case r.value != "":
		parts = append(parts, r.member+" "+r.value)
	case r.member != "":
		parts = append(parts, r.member)
	case r.thing == "schema" || r.thing == "media type":
		parts = append(parts, r.thing)
	}
	slices.Reverse(parts)
	return strings.Join(parts, " of ")
}

func isUnion(s string) bool { return s == "oneOf" || s == "anyOf" || s == "allOf" }

func isLocation(s string) bool { return s == "query" || s == "header" || s == "cookie" }

func isCode(s string) bool {
	return s == "default" || len(s) == 3 && s[0] >= '1' && s[0] <= '5'
}
