package examples

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// isObject reports whether a schema or one of its parts has properties.
func isObject(s *openapi3.Schema) bool {
	if len(s.Properties) > 0 {
		return true
	}
	for _, part := range slices.Concat(s.AllOf, s.OneOf, s.AnyOf) {
		if isObject(part.Value) {
			return true
		}
	}
	return false
}

// objects merges the examples of the parts of a schema: its allOf, its own properties,
// and one branch of its union. A later part narrows an earlier one. The enclosing
// schema requires the properties in needed.
func (m *Maker) objects(s *openapi3.Schema, needed []string) []any {
	needed = slices.Concat(needed, required(s))
	var layers [][]any
	for _, part := range s.AllOf {
		layers = append(layers, m.part(part, needed))
	}
	layers = append(layers, m.properties(s, needed))
	for _, union := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		if branches := m.branches(s, union, needed); len(branches) > 0 {
			layers = append(layers, branches)
		}
	}
	var all []any
	for i := range longest(layers) {
		whole := map[string]any{}
		for _, layer := range layers {
			maps.Copy(whole, layer[i%len(layer)].(map[string]any))
		}
		all = append(all, whole)
	}
	return all
}

// part returns examples of a part of an object.
func (m *Maker) part(ref *openapi3.SchemaRef, needed []string) []any {
	if !isObject(ref.Value) {
		return []any{map[string]any{}}
	}
	return m.objects(ref.Value, needed)
}

// properties returns as many examples as the property with the most examples has.
func (m *Maker) properties(s *openapi3.Schema, needed []string) []any {
	var names []string
	var values [][]any
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if m.Mode == Required && !slices.Contains(needed, name) {
			continue
		}
		if s.Properties[name].Value.Extensions["x-go-omit"] == true { // no field has it
			continue
		}
		names = append(names, name)
		values = append(values, m.All(s.Properties[name]))
	}
	var all []any
	for i := range max(1, longest(values)) {
		o := map[string]any{}
		for j, name := range names {
			o[name] = values[j][i%len(values[j])]
		}
		all = append(all, o)
	}
	return all
}

// complete adds the properties that a schema requires but does not declare.
func complete(s *openapi3.Schema, all []any) []any {
	for _, v := range all {
		o := v.(map[string]any)
		for _, name := range required(s) {
			if _, has := o[name]; !has {
				o[name] = Undeclared("undeclared")
			}
		}
	}
	return all
}

// isForbidden reports whether a schema forbids properties that it does not declare.
func isForbidden(s *openapi3.Schema) bool {
	return s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
}

// required returns the properties that a schema and the parts of its allOf require. If
// the alternatives of a union differ in required properties only, the first one counts.
func required(s *openapi3.Schema) []string {
	names := s.Required
	for name, p := range s.Properties {
		if p.Value.Extensions["x-go-required"] == true {
			names = append(slices.Clone(names), name)
		}
	}
	for _, part := range s.AllOf {
		names = slices.Concat(names, required(part.Value))
	}
	for _, union := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		if len(union) > 0 && !isObject(union[0].Value) {
			names = slices.Concat(names, union[0].Value.Required)
		}
	}
	return names
}

// branches returns the examples of all branches of a union, each with the value of its
// discriminator.
func (m *Maker) branches(s *openapi3.Schema, union openapi3.SchemaRefs, needed []string) []any {
	var all []any
	for _, branch := range union {
		if !isObject(branch.Value) {
			continue
		}
		for _, v := range m.objects(branch.Value, needed) {
			if d := s.Discriminator; d != nil {
				v.(map[string]any)[d.PropertyName] = Enum(discriminates(d, branch))
			}
			all = append(all, v)
		}
	}
	return all
}

// discriminates returns the discriminator value of a branch: from the mapping, or the
// value that the branch itself allows.
func discriminates(d *openapi3.Discriminator, branch *openapi3.SchemaRef) string {
	for value, target := range d.Mapping {
		if target.Ref == branch.Ref {
			return value
		}
	}
	return branch.Value.Properties[d.PropertyName].Value.Enum[0].(string)
}

func longest(lists [][]any) int {
	n := 0
	for _, list := range lists {
		n = max(n, len(list))
	}
	return n
}
