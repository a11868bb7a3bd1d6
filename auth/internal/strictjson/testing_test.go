package strictjson_test

import (
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// A member is a member of an object as Object reports it.
type member struct {
	Name  string
	Value strictjson.Value
}

// readObject collects the members of an object.
func readObject(text string) (members []member, ok bool) {
	ok = strictjson.Object(text, func(name string, v strictjson.Value) {
		members = append(members, member{name, v})
	})
	return members, ok
}

// readList collects the elements of a list.
func readList(text string) (elements []strictjson.Value, ok bool) {
	ok = strictjson.List(text, func(v strictjson.Value) { elements = append(elements, v) })
	return elements, ok
}

// readValue reads a single value as an element of a list.
func readValue(text string) (v strictjson.Value, ok bool) {
	elements, ok := readList("[" + text + "]")
	if !ok || len(elements) != 1 {
		return strictjson.Value{}, false
	}
	return elements[0], true
}

// wantRefused checks that text is refused as a member, as an element and in nested values.
func wantRefused(t *testing.T, text string) {
	t.Helper()
	for _, object := range []string{`{"a":` + text + `}`, `{"a":[0,` + text + `]}`, `{"a":{"b":` + text + `}}`} {
		if members, ok := readObject(object); ok {
			t.Errorf("Object(%q) accepts it as %+v", object, members)
		}
	}
	list := "[0," + text + "]"
	if elements, ok := readList(list); ok {
		t.Errorf("List(%q) accepts it as %+v", list, elements)
	}
}
