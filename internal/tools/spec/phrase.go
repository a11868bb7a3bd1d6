package main

import (
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// separator divides the steps of a key of a fact.
const separator = description.Separator

// phrase is a key of a fact in plain words.
type phrase struct {
	// subject is the operation or component that the fact belongs to.
	subject string
	// where is the part of the subject that the fact is about, innermost first, such as
	// "field status of the 200 response". It is empty for the subject itself.
	where string
	// whole means that the fact is the existence of the subject.
	whole bool
	// member is the keyword of OpenAPI at the end of the key, such as "type", "enum" or
	// "required"; it is empty if the fact is that something exists. value is the rest
	// of the key.
	member, value string
}

// read turns a key into words.
func read(key string) phrase {
	steps := strings.Split(key, separator)
	r := reader{inResponse: strings.HasPrefix(steps[0], "response ")}
	for i, step := range steps[1:] {
		if i == 0 && areaOf(steps[0]) == operations && description.IsStatus(step) {
			r.push("the " + step + " response")
			r.inResponse = true
			continue
		}
		// Nearly everything is JSON and has a schema: these steps are named only at the
		// end of a key.
		if i+2 == len(steps) || step != "schema" && step != "application/json" {
			r.step(step)
		}
	}
	slices.Reverse(r.parts)
	return phrase{
		subject: steps[0], whole: len(steps) == 1,
		where: strings.Join(r.parts, " of "), member: r.member, value: r.value,
	}
}

// reader collects the steps of a key, outermost first.
type reader struct {
	parts         []string
	inField       bool // the last part is a path of fields
	inResponse    bool
	member, value string
}

func (r *reader) step(s string) {
	kind, name, _ := strings.Cut(s, " ")
	switch {
	case r.member != "":
		r.value = strings.TrimPrefix(r.value+separator+s, separator)
	case strings.HasPrefix(s, "."):
		r.nest(s)
	case s == "[]", s == "{}":
		r.nest(s)
	case isUnion(kind) && name != "":
		r.push("branch " + name)
	case isLocation(kind) && name != "" && !r.inResponse:
		r.push(kind + " parameter " + name)
	case s == "body":
		r.push("the body")
	case s == "discriminator", s == "schema":
		r.push("the " + s)
	case kind == "parameter" && name != "", kind == "header" && name != "":
		r.push(s)
	case strings.Contains(s, "/"):
		r.push("media type " + s)
	default:
		r.member = s
	}
}

func (r *reader) push(part string) {
	r.parts, r.inField = append(r.parts, part), false
}

// nest adds a step to a path of fields, or starts one.
func (r *reader) nest(step string) {
	switch {
	case r.inField:
		r.parts[len(r.parts)-1] += step
	case step == "[]":
		r.push("each element")
	case step == "{}":
		r.push("each value")
	default:
		r.push("field " + strings.TrimPrefix(step, "."))
		r.inField = true
	}
}

func isUnion(s string) bool { return s == "oneOf" || s == "anyOf" || s == "allOf" }

func isLocation(s string) bool { return s == "path" || s == "query" || s == "header" || s == "cookie" }
