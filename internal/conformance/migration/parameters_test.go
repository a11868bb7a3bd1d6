package migration

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryParameterHasACounterpart looks for the parameters of the SDK among those that
// the page names beside them. One that is not there is named in the row, by its Go name.
func TestEveryParameterHasACounterpart(t *testing.T) {
	t.Parallel()
	root, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", sdk).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	compared := 0
	for _, row := range rows(t, read(t, namesPage)) {
		if !strings.HasSuffix(row.name, "Params") {
			continue
		}
		theirs := members(t, filepath.Join(strings.TrimSpace(string(root)), row.heading), row.name)
		here := make(map[string]string)
		for _, name := range parameters.FindAllStringSubmatch(row.here, -1) {
			maps.Copy(here, members(t, filepath.Join(module, name[1]), name[2]))
		}
		if len(here) == 0 {
			continue
		}
		compared++
		for _, field := range missing(theirs, here, row.here) {
			t.Errorf("%s: %s.%s: what becomes of %s?", namesPage, row.heading, row.name, field)
		}
	}
	if compared < 50 {
		t.Errorf("%d types of parameters were compared", compared)
	}
}

// parameters matches the name of a type of parameters of this module.
var parameters = regexp.MustCompile("`([a-z]+)\\.([A-Z]\\w*Params)`")

// missing returns the Go names of theirs whose wire names are not among here, and that the
// text does not name.
func missing(theirs, here map[string]string, text string) []string {
	var all []string
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;`", r) })
	for wire, field := range theirs {
		if _, found := here[wire]; !found && !slices.Contains(words, field) {
			all = append(all, field)
		}
	}
	slices.Sort(all)
	return all
}

func TestMissing(t *testing.T) {
	t.Parallel()
	got := missing(
		map[string]string{"first_name": "FirstName", "public_metadata": "PublicMetadata", "statuses": "Statuses"},
		map[string]string{"first_name": "FirstName", "status": "Status"},
		"`users.X`, with Statuses as Status")
	if want := []string{"PublicMetadata"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// members returns the fields of a struct of a package that have a name on the wire, by
// that name.
func members(t *testing.T, dir, name string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != name {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range s.Fields.List {
					if wire := wireName(t, field); wire != "" && len(field.Names) > 0 {
						all[wire] = field.Names[0].Name
					}
				}
			}
			return false
		})
	}
	return all
}

// wireName returns the name of a field in JSON, in a query or in a form; "" without one.
func wireName(t *testing.T, field *ast.Field) string {
	t.Helper()
	if field.Tag == nil {
		return ""
	}
	text, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"json", "query", "form"} {
		if name, _, _ := strings.Cut(reflect.StructTag(text).Get(key), ","); name != "" && name != "-" {
			return name
		}
	}
	return ""
}
