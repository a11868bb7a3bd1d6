package roundtrip

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
)

// A site is a place in a tree of JSON values, below its root.
type site struct {
	path   string
	value  any
	set    func(any)
	remove func() // nil for an element of an array
}

// everywhere is the number of levels of an example that are always changed, whatever
// was changed before.
const everywhere = 3

// A walker finds the places to change in the examples of response schemas. It finds a
// place once per form of the object around it: down to everywhere within the examples
// of the schema, and deeper within the examples of all schemas, so that a model which
// many responses contain is not changed in each of them.
type walker struct {
	seen  map[string]bool
	found []site
}

// walk adds the places below path to those found. In an object with arbitrary keys it
// stops at the entries, and it ignores properties that are required but not declared.
func (w *walker) walk(path, generic string, v any, level int) {
	object := objectOf(v)
	around := shape(v)
	if level > everywhere {
		generic = "" // the form alone identifies the place
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		value := object[key]
		if _, undeclared := value.(examples.Undeclared); undeclared {
			continue
		}
		at := site{memberPath(path, key), value, func(v any) { object[key] = v }, func() { delete(object, key) }}
		w.once(at, generic+"."+key+around)
		if _, open := v.(examples.Dictionary); !open {
			w.walk(at.path, generic+"."+key, value, level+1)
		}
	}
	list, _ := v.([]any)
	for i, value := range slices.Backward(list) { // so that the last index is found
		at := site{path + "[" + strconv.Itoa(i) + "]", value, func(v any) { list[i] = v }, nil}
		w.once(at, generic+"[]"+shape(value))
		w.walk(at.path, generic+"[]", value, level+1)
	}
}

func (w *walker) once(at site, key string) {
	if !w.seen[key] {
		w.seen[key] = true
		w.found = append(w.found, at)
	}
}

// shape returns a string that is the same for objects with the same members and enums.
func shape(v any) string {
	object := objectOf(v)
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(object)) {
		kind := kindOf(object[key])
		if e, ok := object[key].(examples.Enum); ok {
			kind = string(e)
		}
		b.WriteString(" " + key + ":" + kind)
	}
	return b.String()
}

// clone returns a deep copy of v. Parts that occur twice in v become separate parts.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for key, member := range v {
			c[key] = clone(member)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, element := range v {
			c[i] = clone(element)
		}
		return c
	}
	return v
}

// kinds has a value of each JSON type except null.
var kinds = []jsonKind{
	{"string", "from the future"},
	{"number", int64(7)},
	{"object", map[string]any{"from": "the future"}},
	{"boolean", true},
	{"array", []any{"from", "the", "future"}},
}

// A jsonKind is a value of one of the types of JSON.
type jsonKind struct {
	name  string
	value any
}

func kindOf(v any) string {
	switch v.(type) {
	case int64, float64:
		return "number"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case map[string]any, examples.Dictionary:
		return "object"
	}
	return "string"
}
