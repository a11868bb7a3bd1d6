package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// TestCoverage reads the generated packages: each operation of the description has
// exactly one function, its comment ends with method and path, every path parameter is
// in IDs, and nothing else builds a path.
func TestCoverage(t *testing.T) {
	t.Parallel()
	doc, err := description.Load(filepath.Join(module, "openapi"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{} // route to package
	for path, item := range description.Pairs(description.Get(doc, "paths")) {
		for method, op := range description.Pairs(item) {
			if pkg := description.Text(op, description.PackageKey); pkg != "" {
				want[strings.ToUpper(method)+" "+path] = pkg
			}
		}
	}
	got := map[string]string{}
	for _, pkg := range packages(t) {
		for _, f := range functions(t, pkg) {
			call := callOf(f)
			if call == nil {
				continue
			}
			route := call.method + " " + call.path
			if was, twice := got[route]; twice {
				t.Errorf("%s is in %s and in %s", route, was, pkg)
			}
			got[route] = pkg
			checkFunction(t, pkg, f, call)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations by package (-described +generated):\n%s", diff)
	}
	t.Logf("%d operations", len(got))
	if len(got) == 0 {
		t.Error("no operation was found")
	}
}

func checkFunction(t *testing.T, pkg string, f *ast.FuncDecl, c *call) {
	t.Helper()
	name := pkg + "." + f.Name.Name
	lines := strings.Split(strings.TrimSpace(f.Doc.Text()), "\n")
	if last := lines[len(lines)-1]; last != c.method+" "+c.path {
		t.Errorf("%s: the comment ends with %q, want %q", name, last, c.method+" "+c.path)
	}
	if !strings.HasPrefix(lines[0], f.Name.Name+" ") {
		t.Errorf("%s: the comment begins with %q", name, lines[0])
	}
	if c.operation != name {
		t.Errorf("%s: the request is named %q", name, c.operation)
	}
	var placeholders int
	for part := range strings.SplitSeq(c.path, "/") {
		if strings.HasPrefix(part, "{") {
			placeholders++
		}
	}
	var arguments []string
	for _, field := range f.Type.Params.List {
		if id, ok := field.Type.(*ast.Ident); ok && field.Names[0].Name != "params" && id.Name != "error" {
			for _, n := range field.Names {
				arguments = append(arguments, n.Name)
			}
		}
	}
	if len(arguments) != placeholders || !slices.Equal(arguments, c.ids) {
		t.Errorf("%s: %d placeholders, arguments %v, IDs %v", name, placeholders, arguments, c.ids)
	}
}

// functions returns the exported functions of a generated package.
func functions(t *testing.T, pkg string) []*ast.FuncDecl {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(module, pkg, "*.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	var found []*ast.FuncDecl
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.IsExported() && f.Recv == nil {
				found = append(found, f)
			}
		}
	}
	return found
}
