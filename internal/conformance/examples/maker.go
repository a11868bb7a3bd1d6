// Package examples makes JSON values that a schema allows: with every property, every
// branch of every union, and all limits, patterns, formats and enums. Values of an
// example differ wherever the schema leaves a choice, so that a value which is read
// into the wrong field is noticed.
package examples

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A Mode selects the properties of an example.
type Mode int

const (
	Full     Mode = iota // every property, never null
	Required             // only required properties, never null
	Nulls                // every property, null wherever it is allowed
)

// Modes lists all modes.
var Modes = []Mode{Full, Required, Nulls}

func (m Mode) String() string { return [...]string{"full", "required", "nulls"}[m] }

// The values of an example have the types of encoding/json, except that integers are
// int64, and that values which tests treat specially have the types below.
type (
	// Enum is a string from an enum.
	Enum string
	// Time is a string in RFC 3339 format.
	Time string
	// Upload is the content of a file.
	Upload string
	// Undeclared is the value of a property that a schema requires but does not
	// declare, or that the description leaves out of the Go type.
	Undeclared string
	// Dictionary is an object with arbitrary keys.
	Dictionary map[string]any
)

// A Maker makes examples. The zero Maker makes full ones with the first value of each
// enum.
type Maker struct {
	Mode  Mode
	Enums bool // make as many examples as the longest enum has values

	made  int64
	stack []*openapi3.Schema
}

// All returns examples that together cover every branch of every union.
func (m *Maker) All(ref *openapi3.SchemaRef) []any {
	s := ref.Value
	if m.Mode == Nulls && s.Nullable && s.Extensions["x-go-plain"] != true {
		return []any{nil}
	}
	if slices.Contains(m.stack, s) {
		panic("examples: " + strings.TrimPrefix(ref.Ref, "#/components/schemas/") + " contains itself")
	}
	if s.Extensions["x-go-omit"] == true {
		return []any{Undeclared("omitted")}
	}
	m.stack = append(m.stack, s)
	defer func() { m.stack = m.stack[:len(m.stack)-1] }()
	switch {
	case isObject(s):
		return complete(s, m.objects(s, nil))
	case len(s.AllOf) == 1:
		return m.All(s.AllOf[0])
	case len(s.OneOf) > 0: // of what has no members, such as a text or a list
		var all []any
		for _, branch := range s.OneOf {
			all = append(all, m.All(branch)...)
		}
		return all
	case s.Type.Is("array"):
		return m.arrays(s)
	case goType(s) == "bool": // a string that is true or false
		return []any{true}
	case len(s.Enum) > 0:
		return m.enum(s)
	}
	return []any{m.scalar(s)}
}

func (m *Maker) scalar(s *openapi3.Schema) any {
	switch {
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("integer"), s.Type.Is("number"):
		return m.number(s)
	case s.Type.Is("string"):
		return m.text(s)
	case s.Type.Is("object"):
		return m.dictionary(s)
	case s.Type == nil:
		return Dictionary{"anything": []any{m.next(), "goes", nil}}
	}
	panic(fmt.Sprintf("examples: unknown schema type %v", s.Type))
}

// goType returns the Go type that the description chose for a schema, or "".
func goType(s *openapi3.Schema) string {
	name, _ := s.Extensions["x-go-type"].(string)
	return name
}

func (m *Maker) next() int64 {
	m.made++
	return m.made
}

func (m *Maker) enum(s *openapi3.Schema) []any {
	all := values(s)
	if !m.Enums {
		return all[:1]
	}
	return all
}

// values returns the values of an enum except null.
func values(s *openapi3.Schema) []any {
	var all []any
	for _, v := range s.Enum {
		switch v := v.(type) {
		case nil:
		case string:
			all = append(all, Enum(v))
		case bool:
			all = append(all, v)
		default:
			panic(fmt.Sprintf("examples: unknown enum type %T", v))
		}
	}
	return all
}

// arrays puts two examples into each array, or as many as the limits require.
func (m *Maker) arrays(s *openapi3.Schema) []any {
	size := 2
	if s.MaxItems != nil {
		size = min(size, int(*s.MaxItems))
	}
	size = max(size, int(s.MinItems))
	var entries []any
	if len(s.Items.Value.Enum) > 0 {
		entries = values(s.Items.Value) // which must not repeat
		if !m.Enums {
			entries = entries[:min(len(entries), size)]
		}
	}
	for len(entries) == 0 || len(entries) < int(s.MinItems) {
		entries = append(entries, m.All(s.Items)...)
	}
	if missing := len(entries) % size; missing > 0 && len(s.Items.Value.Enum) == 0 {
		for range size - missing {
			entries = append(entries, m.All(s.Items)[0])
		}
	}
	var all []any
	for chunk := range slices.Chunk(entries, size) {
		all = append(all, slices.Clone(chunk))
	}
	return all
}

func (m *Maker) dictionary(s *openapi3.Schema) any {
	out := Dictionary{}
	if isForbidden(s) {
		return out
	}
	number := int64(1)
	if s.Extensions["x-go-type"] == "clerk.Metadata" {
		number = 1<<53 + 1 // which a float64 cannot hold
	}
	for range 2 {
		key := fmt.Sprintf("key_%d", m.next())
		if values := s.AdditionalProperties.Schema; values != nil {
			out[key] = m.All(values)[0]
		} else if goType(s) == "http.Header" {
			out[key] = []any{fmt.Sprintf("value_%d", m.next())}
		} else {
			out[key] = map[string]any{"number": number + m.next(), "list": []any{"text", 1.5, nil, true}}
		}
	}
	return out
}
