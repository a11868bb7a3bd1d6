package knowndiffs

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

func TestEveryFieldIsCompared(t *testing.T) {
	t.Parallel()
	check := func(name string, empty, other peer.Outcome) {
		if Same(empty, other) {
			t.Errorf("a change of %s is not noticed", name)
		}
		if got := Fields(empty, other); !slices.Equal(got, []string{name}) {
			t.Errorf("a change of %s is reported as a change of %q", name, got)
		}
	}
	for name, outcome := range eachField[peer.Outcome]() {
		if name == "Branches" { // which only the JavaScript SDK has
			continue
		}
		check(name, peer.Outcome{}, outcome)
	}
	for name, auth := range eachField[peer.Auth]() {
		check("Auth."+name, peer.Outcome{Auth: new(peer.Auth{})}, peer.Outcome{Auth: &auth})
	}
	for name, call := range eachField[peer.Call]() {
		check("Calls."+name, peer.Outcome{Calls: make([]peer.Call, 1)}, peer.Outcome{Calls: []peer.Call{call}})
	}
}

// eachField returns, for each field of a type, a value in which only that field is set.
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

var (
	tableRow = regexp.MustCompile(`(?m)^\| (D[0-9]+) \| .*$`)
	version  = regexp.MustCompile(`\b[0-9]+\.[0-9]+\.[0-9]+\b`)
)

// readTable returns the page of differences and the rows of its table, by id and in
// order.
func readTable(t *testing.T) (page string, ids []string, lines map[string]string) {
	t.Helper()
	text, err := os.ReadFile("../../../../docs/differences.md")
	if err != nil {
		t.Fatal(err)
	}
	lines = map[string]string{}
	for _, match := range tableRow.FindAllStringSubmatch(string(text), -1) {
		ids, lines[match[1]] = append(ids, match[1]), match[0]
	}
	return string(text), ids, lines
}

func TestTableNamesTheComparedVersions(t *testing.T) {
	t.Parallel()
	page, ids, lines := readTable(t)
	head, _, _ := strings.Cut(page, "\n## ")
	for _, sdk := range []peer.SDK{peer.Current, peer.Earlier} {
		if !slices.Contains(version.FindAllString(head, -1), string(sdk)) {
			t.Errorf("the head of the page does not name the version %s", sdk)
		}
	}
	about := map[string][]string{}
	for _, row := range Rows() {
		if row.Only != "" {
			about[row.ID] = append(about[row.ID], string(row.Only))
		}
	}
	for _, id := range ids {
		named := version.FindAllString(lines[id], -1)
		for _, sdk := range about[id] {
			if !slices.Contains(named, sdk) {
				t.Errorf("the table does not say that part of %s is about %s alone", id, sdk)
			}
		}
		for _, sdk := range named {
			if !slices.Contains(about[id], sdk) {
				t.Errorf("the table says that part of %s is about %s, which no row is", id, sdk)
			}
		}
	}
}

func TestTableHasEveryRow(t *testing.T) {
	t.Parallel()
	_, written, _ := readTable(t)
	if !slices.IsSortedFunc(written, ByNumber) || len(slices.Compact(slices.Clone(written))) != len(written) {
		t.Errorf("the rows of the table are not in order, or one occurs twice: %q", written)
	}
	var known []string
	for _, row := range Rows() {
		known = append(known, row.ID)
		if why, found := NotCompared[row.ID]; found {
			t.Errorf("%s is compared, although %s", row.ID, why)
		}
	}
	for id := range NotCompared {
		known = append(known, id)
	}
	for _, id := range known {
		if !slices.Contains(written, id) {
			t.Errorf("the table does not have %s", id)
		}
	}
	for _, id := range written {
		if !slices.Contains(known, id) {
			t.Errorf("the table has %s, which is neither compared nor in NotCompared", id)
		}
	}
}
