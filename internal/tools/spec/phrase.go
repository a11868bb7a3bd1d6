package main

import (
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
	holder string // the body, an answer or a parameter
	branch string // a branch of a union
	field  string // the path of fields
	member string
	value  string
	thing  string
}

func (r *reader) step(s string) {
	kind, name, _ := strings.Cut(s, " ")
	switch {
	case strings.HasPrefix(s, "."):
		r.nest(s[1:], ".")
		r.thing = "field"
	case s == "[]", s == "{}":
		r.nest(s, "")
		r.thing = "items"
	case isUnion(kind) && name != "":
		r.branch, r.thing = name, "branch"
	case isLocation(kind) && name != "":
		r.holder, r.thing = kind+" parameter "+name, "parameter"
	case s == "body":
		r.holder, r.thing = "the body", "body"
	case isCode(s):
		r.holder, r.thing = "the answer "+s, "answer"
	case kind == "header" && name != "":
		r.holder, r.thing = "header "+name+" of "+r.holder, "header"
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

// nest adds a step to the path of fields.
func (r *reader) nest(step, joint string) {
	if r.field != "" {
		r.field += joint
	}
	r.field += step
}

// String says the gathered steps from the inside to the outside.
func (r *reader) String() string {
	var parts []string
	switch {
	case r.member == "enum" && r.value != "":
		parts = append(parts, "value "+r.value)
	case r.member == "required" && r.value != "":
		parts = append(parts, "required "+r.value)
	case r.value != "":
		parts = append(parts, r.member+" "+r.value)
	case r.member != "":
		parts = append(parts, r.member)
	}
	if r.field != "" {
		parts = append(parts, "field "+r.field)
	}
	if r.branch != "" {
		parts = append(parts, "branch "+r.branch)
	}
	if r.holder != "" {
		parts = append(parts, r.holder)
	}
	if len(parts) == 0 {
		return r.thing
	}
	return strings.Join(parts, " of ")
}

func isUnion(s string) bool { return s == "oneOf" || s == "anyOf" || s == "allOf" }

func isLocation(s string) bool {
	return s == "query" || s == "path" || s == "header" || s == "cookie"
}

func isCode(s string) bool {
	return s == "default" || len(s) == 3 && s[0] >= '1' && s[0] <= '5'
}
