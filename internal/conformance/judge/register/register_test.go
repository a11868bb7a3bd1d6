package register

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/judge/side"
)

func TestEveryFieldIsCompared(t *testing.T) {
	t.Parallel()
	check := func(name string, empty, other side.Answer) {
		if Same(empty, other) {
			t.Errorf("a change of %s goes unseen", name)
		}
		if got := Fields(empty, other); !slices.Equal(got, []string{name}) {
			t.Errorf("a change of %s is told as one of %q", name, got)
		}
	}
	for name, answer := range eachField[side.Answer]() {
		if name == "Rows" { // the marks in the JavaScript SDK
			continue
		}
		check(name, side.Answer{}, answer)
	}
	for name, auth := range eachField[side.Auth]() {
		check("Auth."+name, side.Answer{Auth: new(side.Auth{})}, side.Answer{Auth: &auth})
	}
	for name, call := range eachField[side.Call]() {
		check("Calls."+name, side.Answer{Calls: make([]side.Call, 1)}, side.Answer{Calls: []side.Call{call}})
	}
}

// eachField gives, for each field of a type, a value in which it alone is set.
func eachField[T any]() map[string]T {
	found := map[string]T{}
	for i := range reflect.TypeFor[T]().NumField() {
		var value T
		switch field := reflect.ValueOf(&value).Elem().Field(i); field.Kind() {
		case reflect.String:
			field.SetString("x")
		case reflect.Bool:
			field.SetBool(true)
		case reflect.Map:
			field.Set(reflect.ValueOf(map[string]string{"name": "value"}))
		case reflect.Pointer:
			field.Set(reflect.New(field.Type().Elem()))
		default:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		}
		found[reflect.TypeFor[T]().Field(i).Name] = value
	}
	return found
}

var designRow = regexp.MustCompile(`(?m)^\| (D[0-9]+) \| `)

func TestDesignHasEveryRow(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../../docs/differences.md")
	if err != nil {
		t.Fatal(err)
	}
	var written []string
	for _, match := range designRow.FindAllStringSubmatch(string(text), -1) {
		written = append(written, match[1])
	}
	if !slices.IsSortedFunc(written, ByNumber) || len(slices.Compact(slices.Clone(written))) != len(written) {
		t.Errorf("the rows of DESIGN.md are not in order, or one stands there twice: %q", written)
	}
	var known []string
	for _, row := range Rows() {
		known = append(known, row.ID)
		if why, unseen := Unseen[row.ID]; unseen {
			t.Errorf("%s is compared, although %s", row.ID, why)
		}
	}
	for id := range Unseen {
		known = append(known, id)
	}
	for _, id := range known {
		if !slices.Contains(written, id) {
			t.Errorf("DESIGN.md does not have %s", id)
		}
	}
	for _, id := range written {
		if !slices.Contains(known, id) {
			t.Errorf("DESIGN.md has %s, which nothing compares and nothing says why", id)
		}
	}
}
