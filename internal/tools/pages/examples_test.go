// Package pages checks what the reference pages of the public packages print.
package pages

import (
	"bytes"
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// module is the folder whose packages have a reference page.
const module = "../../.."

// TestExamplesShowWhatTheyUse reads the examples of every public package.
func TestExamplesShowWhatTheyUse(t *testing.T) {
	t.Parallel()
	examples := 0
	for folder, names := range testFiles(t) {
		var files []*ast.File
		fset := token.NewFileSet()
		for _, name := range names {
			files = append(files, parse(t, fset, name, nil))
		}
		examples += len(doc.Examples(files...))
		for example, missing := range hidden(t, fset, files) {
			t.Errorf("package %s: the page of %s does not show %s: declare it in the same file, or do without it",
				folder, example, strings.Join(missing, ", "))
		}
	}
	if examples == 0 {
		t.Error("no package has an example")
	}
}

// testFiles returns the test files of each public package by the package's folder.
func testFiles(t *testing.T) map[string][]string {
	t.Helper()
	files := map[string][]string{}
	err := filepath.WalkDir(module, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != module && (name == "internal" || name == "examples" || name == "testdata" || name[0] == '.'):
			return filepath.SkipDir
		case strings.HasSuffix(name, "_test.go"):
			folder, err := filepath.Rel(module, filepath.Dir(path))
			files[folder] = append(files[folder], path)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func parse(t *testing.T, fset *token.FileSet, name string, source any) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(fset, name, source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// hidden returns, for each example that is not complete on its page, the names
// that it uses and that only the test files declare.
func hidden(t *testing.T, fset *token.FileSet, files []*ast.File) map[string][]string {
	t.Helper()
	declared := map[string]bool{}
	for _, file := range files {
		for _, decl := range file.Decls {
			declare(declared, decl)
		}
	}
	incomplete := map[string][]string{}
	for _, example := range doc.Examples(files...) {
		missing := map[string]bool{}
		for _, identifier := range parse(t, token.NewFileSet(), "page.go", printed(t, fset, example)).Unresolved {
			if declared[identifier.Name] {
				missing[identifier.Name] = true
			}
		}
		if len(missing) > 0 {
			incomplete["Example"+example.Name] = slices.Sorted(maps.Keys(missing))
		}
	}
	return incomplete
}

// declare adds the package-level names that decl declares.
func declare(names map[string]bool, decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil {
			names[decl.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names[spec.Name.Name] = true
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names[name.Name] = true
				}
			}
		}
	}
}

// printed returns the code that the page prints, as a file: a program where
// go/doc can make one, with what it needs from the example's file, and otherwise
// the body of the example alone.
func printed(t *testing.T, fset *token.FileSet, example *doc.Example) []byte {
	t.Helper()
	var page bytes.Buffer
	var code any = example.Play
	if example.Play == nil {
		code = &printer.CommentedNode{Node: example.Code, Comments: example.Comments}
		if _, body := example.Code.(*ast.BlockStmt); body {
			page.WriteString("package main\n\nfunc main() ")
		}
	}
	if err := format.Node(&page, fset, code); err != nil {
		t.Fatal(err)
	}
	return page.Bytes()
}

// TestHidden finds a name that is declared in another file, and no other.
func TestHidden(t *testing.T) {
	t.Parallel()
	const declarations = "package p_test\n\nfunc start() {}\n\nvar limit int\n\ntype table struct{}\n"
	for name, test := range map[string]struct {
		source string
		want   []string
	}{
		"nothing of its own":    {"func Example() { fmt.Println(len(os.Args)) }", nil},
		"a function":            {"func Example() { start() }", []string{"start"}},
		"a variable and a type": {"func Example() { _ = table{}; limit++; limit++ }", []string{"limit", "table"}},
		"a local name":          {"func Example() { start := 1; _ = start }", nil},
		"a field and a method":  {"func Example() { x.start(y{start: 1}) }", nil},
		"declared in the file":  {"func Example() { begin() }\nfunc ExampleX() {}\nfunc begin() {}", nil},
		"used by what the file declares": {"func Example() { begin() }\nfunc ExampleX() {}\nfunc begin() { start() }",
			[]string{"begin"}},
		"the whole file":          {"func Example() { begin() }\nfunc begin() {}", nil},
		"the whole file and more": {"func Example() { begin() }\nfunc begin() { start() }", []string{"start"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fset := token.NewFileSet()
			files := []*ast.File{
				parse(t, fset, "p_test.go", declarations),
				parse(t, fset, "example_test.go", "package p_test\n\nimport (\n\"fmt\"\n\"os\"\n)\n\n"+test.source),
			}
			if diff := cmp.Diff(test.want, hidden(t, fset, files)["Example"]); diff != "" {
				t.Errorf("hidden names (-want +got):\n%s", diff)
			}
		})
	}
}
