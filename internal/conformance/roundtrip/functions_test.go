package roundtrip

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// TestAllFunctions checks that the other tests call every function: one per operation
// of the description, and each exported function of the packages that takes a client,
// except iterators.
func TestAllFunctions(t *testing.T) {
	t.Parallel()
	var operations, called, described []string
	for i := range All {
		f := &All[i]
		operations = append(operations, f.Operation())
		called = append(called, f.Name())
	}
	for _, o := range schema.Own(t).Operations() {
		described = append(described, o.String())
	}
	slices.Sort(described)
	slices.Sort(operations)
	if diff := cmp.Diff(described, operations); diff != "" {
		t.Errorf("operations (-described +called):\n%s", diff)
	}
	declared := declaredFunctions(t)
	slices.Sort(called)
	if diff := cmp.Diff(declared, called); diff != "" {
		t.Errorf("functions (-declared +called):\n%s", diff)
	}
	t.Logf("%d operations are described, %d functions are declared, %d are called", len(described), len(declared), len(called))
}

// declaredFunctions returns the functions that the sources of the packages declare.
func declaredFunctions(t *testing.T) []string {
	t.Helper()
	var found []string
	packages, err := description.ReadPackages(filepath.Join(schema.Repository(), "openapi"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range packages.Names() {
		files, err := filepath.Glob(filepath.Join(schema.Repository(), pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && isCall(f) {
					found = append(found, pkg+"."+f.Name.Name)
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// isCall reports whether a function is exported, takes a *clerk.Client and does not
// return an iterator.
func isCall(f *ast.FuncDecl) bool {
	if f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil {
		return false
	}
	if index, ok := f.Type.Results.List[0].Type.(*ast.IndexListExpr); ok {
		if s, ok := index.X.(*ast.SelectorExpr); ok && s.Sel.Name == "Seq2" {
			return false
		}
	}
	return slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool {
		star, ok := p.Type.(*ast.StarExpr)
		if !ok {
			return false
		}
		s, ok := star.X.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "Client"
	})
}
