// Package growth decodes what an API sends that has grown or shrunk since it was
// described: fields that are gone, null or new, values that are new, and values
// of another type.
package roundtrip

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
)

// site is a place in a tree of JSON values below its root.
type site struct {
	path   string
	value  any
	set    func(any)
	remove func() // nil for an element of an array
}

// everywhere is how many levels of an example are changed whatever was changed
// before.
const everywhere = 3

// walker finds the places to change in the examples of response schemas. A place
// is found once for each form of the object around it: in all examples of its
// schema down to everywhere, and deeper in all examples of all schemas, so that a
// model which many responses hold is not changed in each of them.
type walker struct {
	seen  map[string]bool
	found []site
}

// walk adds the places below the one at path to those found. Objects whose keys
// the description leaves open are searched down to their entries, and what it
// requires but does not declare is left alone.
func (w *walker) walk(path, generic string, v any, level int) {
	object := Object(v)
	around := shape(v)
	if level > everywhere {
		generic = "" // the form tells enough
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		value := object[key]
		if _, undeclared := value.(examples.Undeclared); undeclared {
			continue
		}
		at := site{Member(path, key), value, func(v any) { object[key] = v }, func() { delete(object, key) }}
		w.once(at, generic+"."+key+around)
		if _, open := v.(examples.Dictionary); !open {
			w.walk(at.path, generic+"."+key, value, level+1)
		}
	}
	list, _ := v.([]any)
	for i, value := range slices.Backward(list) { // so that it is the last index which is told
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

// shape is a text that is the same for objects with the same members and enums.
func shape(v any) string {
	object := Object(v)
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

// clone returns a tree of which no part is another one's too.
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

// kinds has a value of each kind of JSON but null.
var kinds = []struct {
	name  string
	value any
}{
	{"string", "from the future"},
	{"number", int64(7)},
	{"object", map[string]any{"from": "the future"}},
	{"boolean", true},
	{"array", []any{"from", "the", "future"}},
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
