package main

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

const (
	nameKey = "x-go-name"
	typeKey = "x-go-type"

	// timestampType is the only type that follows from sentences.
	timestampType = "clerk.Timestamp"
)

// defaults returns the Go decisions for a place without any, and nil if it needs none.
// They are written into the description once, where people may change them. The
// published place with the same address, if there is one, has the sentences and
// examples that reveal units.
func defaults(p, published *description.Place) *yaml.Node {
	switch p.Kind {
	case description.Operation:
		return description.Map(nameKey, operationName(p))
	case description.Schema:
		return schemaDefaults(p, published)
	}
	return nil
}

func schemaDefaults(p, published *description.Place) *yaml.Node {
	if p.Up.Kind == description.Components {
		name := strings.TrimPrefix(p.Step, "schema ")
		if model := rules.GoName(name); model != name {
			return description.Map(nameKey, model)
		}
		return nil
	}
	switch {
	case isMetadata(p):
		return description.Map(typeKey, "clerk.Metadata")
	case description.Text(p.Node, "type") == "number" && wholeNumber.MatchString(field(p)):
		return description.Map(typeKey, "int64")
	case isTimestamp(p, published):
		return description.Map(typeKey, timestampType)
	case description.Text(p.Node, "type") == "integer" && description.Text(p.Node, "format") == "" &&
		strings.HasSuffix(field(p), "_at"):
		return description.Map(typeKey, "int64") // Go's int has 32 bits on some machines
	}
	return nil
}

// field returns the name of a schema's property or parameter.
func field(p *description.Place) string {
	if p.Up.Kind == description.Parameter {
		return description.Text(p.Up.Node, "name")
	}
	return strings.TrimPrefix(p.Step, ".")
}

// isMetadata reports whether a place is an object whose content is the caller's own.
func isMetadata(p *description.Place) bool {
	name := field(p)
	if name != "claims" && name != "actor" && name != "metadata" && !strings.HasSuffix(name, "_metadata") {
		return false
	}
	if description.Text(p.Node, "type") != "object" {
		return false
	}
	for _, key := range []string{"properties", "allOf", "oneOf", "anyOf"} {
		if description.Get(p.Node, key) != nil {
			return false
		}
	}
	more := description.Get(p.Node, "additionalProperties")
	return more == nil || more.Kind == yaml.ScalarNode && more.Value == "true"
}

var (
	wholeNumber = regexp.MustCompile(`(^|_)(at|count|limit|offset|seconds|expiration)(_|$)`)
	moment      = regexp.MustCompile(`(?i)timestamp|\bdate\b`)
	millis      = regexp.MustCompile(`(?i)millisecond|\b1[0-9]{12}\b`)
	anyMoment   = regexp.MustCompile(`(?i)^\s*unix timestamp`)
	inSeconds   = regexp.MustCompile(`^1[0-9]{9}$`)
)

// isTimestamp reports whether an integer is certainly in Unix milliseconds: the
// published text or example says so, or the field is one of the int64 "…_at" that all
// resources have. For "expires_at" the text must say so, because published documents
// also use it with seconds.
func isTimestamp(p, published *description.Place) bool {
	if published == nil || description.Text(p.Node, "type") != "integer" {
		return false
	}
	text := description.Text(published.Node, "description")
	if published.Up.Kind == description.Parameter {
		text += " " + description.Text(published.Up.Node, "description")
	}
	example := description.Text(published.Node, "example")
	if inSeconds.MatchString(example) {
		return false
	}
	if moment.MatchString(text) && millis.MatchString(text+" "+example) {
		return true
	}
	name := field(p)
	return description.Text(p.Node, "format") == "int64" && anyMoment.MatchString(text) &&
		strings.HasSuffix(name, "_at") && name != "expires_at"
}
