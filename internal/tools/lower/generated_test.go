package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestGeneratedTypes reads every generated file: declarations have comments, and no
// type is one that the lowering should avoid.
func TestGeneratedTypes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(module, "*", "*.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("%d generated files were found", len(files))
	}
	for _, file := range files {
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if !ast.IsGenerated(parsed) {
			t.Errorf("%s is not marked as generated", file)
		}
		if strings.Contains(parsed.Doc.Text(), "Code generated") {
			t.Errorf("%s: the header is part of the package comment", file)
		}
		if imports := imported(parsed); filepath.Base(filepath.Dir(file)) == "api" {
			for _, path := range imports {
				if strings.Contains(path, "backend-sdk") && path != "github.com/backend-sdk/clerk-go/clerk" {
					t.Errorf("%s imports %s", file, path)
				}
			}
		}
		for _, d := range parsed.Decls {
			checkDeclaration(t, set, d)
		}
	}
}

var forbids = map[string]bool{"float32": true}

func checkDeclaration(t *testing.T, set *token.FileSet, d ast.Decl) {
	t.Helper()
	general, ok := d.(*ast.GenDecl)
	if !ok {
		return
	}
	if general.Tok != token.IMPORT && general.Doc == nil {
		t.Errorf("%s: no comment", set.Position(d.Pos()))
	}
	for _, spec := range general.Specs {
		typ, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		ast.Inspect(typ.Type, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if forbids[n.Name] {
					t.Errorf("%s: %s in %s", set.Position(n.Pos()), n.Name, typ.Name.Name)
				}
			case *ast.StructType:
				if n != typ.Type {
					t.Errorf("%s: %s has a struct without a name", set.Position(n.Pos()), typ.Name.Name)
				}
			case *ast.InterfaceType:
				t.Errorf("%s: %s has an interface without a name", set.Position(n.Pos()), typ.Name.Name)
			}
			return true
		})
	}
}

func imported(f *ast.File) []string {
	var paths []string
	for _, i := range f.Imports {
		paths = append(paths, strings.Trim(i.Path.Value, `"`))
	}
	return paths
}
