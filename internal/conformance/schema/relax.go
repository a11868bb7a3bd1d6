package schema

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// relax turns a oneOf into an anyOf where every value of one branch is also a value of
// another, so that it could never be valid: a private key has all members of a public
// key, and a public key may have further members.
func relax(doc *openapi3.T) {
	seen := map[*openapi3.Schema]bool{}
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			for _, response := range operation.Responses.Map() {
				for _, media := range response.Value.Content {
					relaxSchema(media.Schema, seen)
				}
			}
		}
	}
}

func relaxSchema(ref *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) {
	if ref == nil || seen[ref.Value] {
		return
	}
	s := ref.Value
	seen[s] = true
	for _, p := range s.Properties {
		relaxSchema(p, seen)
	}
	for _, part := range slices.Concat(s.AllOf, s.OneOf, s.AnyOf) {
		relaxSchema(part, seen)
	}
	relaxSchema(s.Items, seen)
	relaxSchema(s.AdditionalProperties.Schema, seen)
	if s.Discriminator == nil && slices.ContainsFunc(s.OneOf, func(wide *openapi3.SchemaRef) bool {
		return slices.ContainsFunc(s.OneOf, func(narrow *openapi3.SchemaRef) bool {
			return wide != narrow && includes(wide.Value, narrow.Value)
		})
	}) {
		s.OneOf, s.AnyOf = nil, s.OneOf
	}
}

// includes reports whether every object of the schema narrow is valid for wide.
func includes(wide, narrow *openapi3.Schema) bool {
	if closed := wide.AdditionalProperties.Has; closed != nil && !*closed || len(wide.Properties) == 0 {
		return false
	}
	for _, name := range wide.Required {
		if !slices.Contains(narrow.Required, name) {
			return false
		}
	}
	for name, p := range wide.Properties {
		other := narrow.Properties[name]
		if other == nil || !other.Value.Type.Is(typeOf(p.Value)) || !slices.Equal(other.Value.Enum, p.Value.Enum) {
			return false
		}
	}
	return true
}

func typeOf(s *openapi3.Schema) string {
	if types := s.Type.Slice(); len(types) == 1 {
		return types[0]
	}
	return ""
}
