package description

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// SameSchema reports whether two schemas state the same facts, whatever their words.
// refs decides which references are equal; those to what has one name need not be.
func SameSchema(a, b *yaml.Node, refs func(a, b string) bool) bool {
	return sameness(refs).object(a, b, Schema)
}

type sameness func(a, b string) bool

func (s sameness) object(a, b *yaml.Node, kind Kind) bool {
	for _, m := range grammar[kind] {
		if m.form == word || m.form == sentence {
			continue
		}
		x, y := Get(a, m.key), Get(b, m.key)
		if (x == nil) != (y == nil) || x != nil && !s.member(x, y, m) {
			return false
		}
	}
	return true
}

func (s sameness) member(a, b *yaml.Node, m member) bool {
	switch {
	case a.Kind != b.Kind:
		return false
	case m.key == "$ref":
		return s(a.Value, b.Value)
	case m.key == "mapping":
		return s.byName(a, b, func(x, y *yaml.Node) bool { return s(x.Value, y.Value) })
	}
	switch m.form {
	case one:
		return s.object(a, b, m.kind)
	case additional:
		if a.Kind == yaml.MappingNode {
			return s.object(a, b, m.kind)
		}
	case named, fields:
		return s.byName(a, b, func(x, y *yaml.Node) bool { return s.object(x, y, m.kind) })
	case set, sequence:
		return slices.Equal(values(a), values(b))
	case list, union:
		return s.union(a, b, m.kind)
	}
	return Value(a) == Value(b)
}

func (s sameness) byName(a, b *yaml.Node, same func(x, y *yaml.Node) bool) bool {
	if len(a.Content) != len(b.Content) {
		return false
	}
	for name, x := range Pairs(a) {
		if y := Get(b, name); y == nil || !same(x, y) {
			return false
		}
	}
	return true
}

// union compares branches. Like their addresses, those with a reference have no order.
func (s sameness) union(a, b *yaml.Node, kind Kind) bool {
	if len(a.Content) != len(b.Content) {
		return false
	}
	inline := func(n *yaml.Node) bool { return Text(n, "$ref") == "" }
	left := slices.Clone(b.Content)
	for _, x := range a.Content {
		i := slices.IndexFunc(left, func(y *yaml.Node) bool {
			return inline(x) == inline(y) && (inline(x) || s.object(x, y, kind))
		})
		if i < 0 || inline(x) && !s.object(x, left[i], kind) {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// values returns what a list of scalars states, which has no order.
func values(n *yaml.Node) []string {
	var out []string
	for _, item := range Items(n) {
		out = append(out, Value(item))
	}
	slices.Sort(out)
	return out
}
