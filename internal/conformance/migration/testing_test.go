// Package migration tests the pages for those who come from Clerk's own SDKs.
package migration

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

const (
	module = "../../.."
	sdk    = "github.com/clerk/clerk-sdk-go/v2"
)

// read returns a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(module, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// surface returns the names of the exported declarations of this module.
func surface(t *testing.T) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	for line := range strings.Lines(read(t, "docs/surface.txt")) {
		name, _, _ := strings.Cut(line, " ")
		names[name] = true
	}
	return names
}

// A row is one of a table: the heading above the table, the first cell without its
// backquotes, and the last cell.
type row struct{ heading, name, here string }

// rows returns the rows of all tables of a page, except those of their titles.
func rows(t *testing.T, page string) []row {
	t.Helper()
	var all []row
	heading, titled := "", false
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if title, found := strings.CutPrefix(line, "## "); found {
			heading = title
		}
		switch cells := strings.Split(strings.Trim(strings.ReplaceAll(line, `\|`, "&#124;"), "|"), "|"); {
		case !strings.HasPrefix(line, "|"):
			titled = false
		case !titled:
			titled = true
		case strings.HasPrefix(line, "|---"):
		case len(cells) < 2:
			t.Errorf("a row has a single cell: %s", line)
		default:
			all = append(all, row{heading, strings.Trim(cells[0], " `"), strings.TrimSpace(cells[len(cells)-1])})
		}
	}
	if len(all) == 0 {
		t.Error("the page has no table")
	}
	return all
}

// exported returns the exported names of each package of the SDK: functions, types,
// constants and variables, and the methods of exported types as Type.Method.
func exported(t *testing.T) map[string][]string {
	t.Helper()
	list, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Name}} {{.ImportPath}} {{.Dir}}", sdk+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	names := make(map[string][]string)
	for line := range strings.Lines(string(list)) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		importPath, dir, _ := strings.Cut(rest, " ")
		if name == "main" {
			continue
		}
		if importPath != sdk {
			name = path.Base(importPath)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, declaration := range parsed.Decls {
				names[name] = append(names[name], declared(declaration)...)
			}
		}
	}
	if len(names) < 30 {
		t.Fatalf("the SDK has %d packages", len(names))
	}
	return names
}

// declared returns the exported names of a declaration.
func declared(declaration ast.Decl) []string {
	var all []string
	switch declaration := declaration.(type) {
	case *ast.FuncDecl:
		name := declaration.Name.Name
		if !ast.IsExported(name) {
			return nil
		}
		if declaration.Recv == nil {
			return []string{name}
		}
		of := declaration.Recv.List[0].Type
		if pointer, ok := of.(*ast.StarExpr); ok {
			of = pointer.X
		}
		if of, ok := of.(*ast.Ident); ok && of.IsExported() {
			return []string{of.Name + "." + name}
		}
	case *ast.GenDecl:
		for _, spec := range declaration.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				all = append(all, spec.Name.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					all = append(all, name.Name)
				}
			}
		}
	}
	exported := all[:0]
	for _, name := range all {
		if ast.IsExported(name) {
			exported = append(exported, name)
		}
	}
	return exported
}
