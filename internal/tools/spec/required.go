package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// incomplete lists the names that schemas require and nothing describes, by address. Go
// has no field for them. doc is a description with its amendments, so that an amendment
// with the property settles one.
func incomplete(doc *yaml.Node) []string {
	var found []string
	r := references{doc: doc, to: map[string][]*description.Place{}}
	for p := range description.Places(doc) {
		r.see(p)
	}
	for p := range description.Places(doc) {
		if p.Kind != description.Schema {
			continue
		}
		for _, name := range description.Strings(description.Get(p.Node, "required")) {
			if !r.describe(p, name, nil) {
				found = append(found, p.Address+separator+"."+name)
			}
		}
	}
	slices.SortFunc(found, func(a, b string) int { return strings.Compare(place(a), place(b)) })
	return found
}

// references finds the places that refer to a schema, by the reference.
type references struct {
	doc *yaml.Node
	to  map[string][]*description.Place
}

func (r references) see(p *description.Place) {
	if ref := description.Text(p.Node, "$ref"); p.Kind == description.Schema && ref != "" {
		r.to[ref] = append(r.to[ref], p)
	}
}

// describe reports whether a schema, what it is composed of, or each union that it is a
// branch of has the property: a branch may require what the others describe, and all
// of them are one type in Go. within has the addresses that led here.
func (r references) describe(p *description.Place, name string, within []string) bool {
	if slices.Contains(within, p.Address) {
		return false
	}
	if hasProperty(r.doc, p.Node, name, nil) {
		return true
	}
	within = append(within, p.Address)
	if kind, _, _ := strings.Cut(p.Step, " "); isUnion(kind) || p.Step == "not" {
		return r.describe(p.Up, name, within)
	}
	component, ok := strings.CutPrefix(p.Step, "schema ")
	if !ok || p.Up.Kind != description.Components {
		return false
	}
	for _, branch := range r.to[schemaRefs+component] {
		if kind, _, _ := strings.Cut(branch.Step, " "); !isUnion(kind) || !r.describe(branch.Up, name, within) {
			return false
		}
	}
	return len(r.to[schemaRefs+component]) > 0
}

// hasProperty looks for a property in a schema and in all its branches. within has the
// schemas that contain this one.
func hasProperty(doc, schema *yaml.Node, name string, within []*yaml.Node) bool {
	schema = description.Resolve(doc, schema)
	if schema == nil || slices.Contains(within, schema) {
		return false
	}
	if description.Get(schema, "properties", name) != nil {
		return true
	}
	for _, key := range []string{"allOf", "oneOf", "anyOf"} {
		for _, branch := range description.Items(description.Get(schema, key)) {
			if hasProperty(doc, branch, name, append(within, schema)) {
				return true
			}
		}
	}
	return false
}

// incompleteDecision asks for what schemas require without a property.
func incompleteDecision(doc *yaml.Node) decision {
	d := decision{title: "required without a property; an amendment with the property settles it:"}
	for _, address := range incomplete(doc) {
		d.count++
		d.lines = append(d.lines, "  "+address)
	}
	return d
}
