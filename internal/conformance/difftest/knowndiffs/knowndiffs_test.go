package knowndiffs

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

func TestEveryFieldIsCompared(t *testing.T) {
	t.Parallel()
	check := func(name string, empty, other peer.Answer) {
		if Same(empty, other) {
			t.Errorf("a change of %s goes unseen", name)
		}
		if got := Fields(empty, other); !slices.Equal(got, []string{name}) {
			t.Errorf("a change of %s is told as one of %q", name, got)
		}
	}
	for name, answer := range eachField[peer.Answer]() {
		if name == "Rows" { // the marks in the JavaScript SDK
			continue
		}
		check(name, peer.Answer{}, answer)
	}
	for name, auth := range eachField[peer.Auth]() {
		check("Auth."+name, peer.Answer{Auth: new(peer.Auth{})}, peer.Answer{Auth: &auth})
	}
	for name, call := range eachField[peer.Call]() {
		check("Calls."+name, peer.Answer{Calls: make([]peer.Call, 1)}, peer.Answer{Calls: []peer.Call{call}})
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
	text, err := os.ReadFile("../../../../DESIGN.md")
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
