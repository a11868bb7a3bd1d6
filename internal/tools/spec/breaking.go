package main

import "strings"

// breaksLoss tells whether Go callers may have used what is gone: a function, a field,
// a constant, or the Go type that a fact decided.
func (p phrase) breaksLoss() bool {
	if p.whole {
		// Callers know components by the models made of schemas.
		return !strings.HasPrefix(p.subject, "response ") && !strings.HasPrefix(p.subject, "security ")
	}
	switch p.member {
	case "":
		return p.thing != "answer" && p.thing != "media type"
	case "enum":
		return true
	}
	return p.decidesType()
}

// breaksGain tells whether something new asks callers to change: a parameter in the
// path, something that must be sent, or another Go type for what they have.
func (p phrase) breaksGain() bool {
	if p.whole {
		return false
	}
	if p.member == "" {
		return p.thing == "path parameter"
	}
	return p.decidesType()
}

// decidesType tells whether a member has a part in the Go type of what it belongs to.
// An answer's field is a pointer as long as it may be missing.
func (p phrase) decidesType() bool {
	switch p.member {
	case "type", "format", "$ref", "nullable", "required", "in", "name":
		return true
	}
	return false
}
