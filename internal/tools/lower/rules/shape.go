package rules

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// shape is the form of an object schema: its properties after references, allOf and
// unions are resolved.
type shape struct {
	properties []property
	union      bool
}

// property has one schema for each branch of a union that has the property.
type property struct {
	wire     string
	schemas  []*yaml.Node
	required bool
	// present means that some branch requires the property and all others allow null:
	// it is always encoded.
	present bool
}

// plain reports whether the description asks for no pointer: absent is the zero value.
func (p *property) plain() bool {
	return slices.ContainsFunc(p.schemas, func(s *yaml.Node) bool { return flag(s, "x-go-plain") })
}

// credential reports whether no printed value may show the property.
func (p *property) credential() bool {
	return slices.ContainsFunc(p.schemas, func(s *yaml.Node) bool { return flag(s, "x-go-credential") })
}

func (p *property) nullable() bool {
	return !slices.ContainsFunc(p.schemas, func(s *yaml.Node) bool { return !flag(s, "nullable") })
}

func (s *shape) find(wire string) *property {
	for i := range s.properties {
		if s.properties[i].wire == wire {
			return &s.properties[i]
		}
	}
	return nil
}

// branches returns the alternatives of a union. Alternatives that only list required
// properties are validation and not shape, and are ignored.
func branches(s *yaml.Node) []*yaml.Node {
	var found []*yaml.Node
	for _, key := range []string{"oneOf", "anyOf"} {
		for _, b := range description.Items(description.Get(s, key)) {
			for k := range description.Pairs(b) {
				if k != "required" {
					found = append(found, b)
					break
				}
			}
		}
	}
	return found
}

// shapeOf collects the properties of an object schema in document order.
func (l *lowering) shapeOf(s *yaml.Node, depth int) (shape, error) {
	s, err := l.follow(s)
	if err != nil {
		return shape{}, err
	}
	if depth > 32 {
		return shape{}, fail("", "a schema contains itself through allOf, oneOf or anyOf")
	}
	var out shape
	for wire, p := range description.Pairs(description.Get(s, "properties")) {
		required := lists(s, "required", wire)
		out.properties = append(out.properties, property{
			wire: wire, schemas: []*yaml.Node{p}, required: required, present: required,
		})
	}
	for _, part := range description.Items(description.Get(s, "allOf")) {
		more, err := l.shapeOf(part, depth+1)
		if err != nil {
			return shape{}, err
		}
		out.add(more)
	}
	alternatives := branches(s)
	if len(alternatives) == 0 {
		return out, nil
	}
	var each []shape
	for _, b := range alternatives {
		one, err := l.shapeOf(b, depth+1)
		if err != nil {
			return shape{}, err
		}
		each = append(each, one)
	}
	merged := union(each)
	merged.union = merged.union || len(alternatives) > 1
	out.add(merged)
	return out, nil
}

// add adds a part of an allOf to the shape: a property of both keeps its first schema,
// because the other one only narrows it.
func (s *shape) add(more shape) {
	s.union = s.union || more.union
	for _, p := range more.properties {
		if has := s.find(p.wire); has != nil {
			has.required = has.required || p.required
			continue
		}
		s.properties = append(s.properties, p)
	}
}

// union has the properties of all alternatives; a property is required if every
// alternative requires it.
func union(alternatives []shape) shape {
	var out shape
	for _, a := range alternatives {
		out.union = out.union || a.union
		for _, p := range a.properties {
			has := out.find(p.wire)
			if has == nil {
				out.properties = append(out.properties, property{wire: p.wire, schemas: slices.Clone(p.schemas), required: true})
				continue
			}
			for _, s := range p.schemas {
				if !slices.Contains(has.schemas, s) {
					has.schemas = append(has.schemas, s)
				}
			}
		}
	}
	for i := range out.properties {
		p := &out.properties[i]
		some, all := false, true
		for _, a := range alternatives {
			in := a.find(p.wire)
			p.required = p.required && in != nil && in.required
			some = some || in != nil && in.present
			all = all && in != nil && (in.present || in.nullable())
		}
		p.present = some && all
	}
	return out
}
