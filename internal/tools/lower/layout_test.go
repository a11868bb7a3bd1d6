package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"
)

// TestParamsStandAboveTheirFunction requires the parameters of an operation right above
// its function, ahead of the types that they are made of. The types that
// several operations share precede the first of them.
func TestParamsStandAboveTheirFunction(t *testing.T) {
	t.Parallel()
	params := 0
	for _, pkg := range packages(t) {
		file := filepath.Join(module, pkg, pkg+".gen.go")
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		declared := typeNames(parsed.Decls)
		above, first := 0, true // the declarations since the last function
		for i, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || callOf(f) == nil {
				continue // iterators follow their function
			}
			types, want := typeNames(parsed.Decls[above:i]), f.Name.Name+"Params"
			if slices.Contains(declared, want) {
				params++
				if place := slices.Index(types, want); place < 0 || place > 0 && !first {
					t.Errorf("%s: the types above %s are %q, want %s first", pkg, f.Name.Name, types, want)
				}
			}
			above, first = i+1, false
		}
	}
	if params < 100 {
		t.Errorf("%d operations have parameters of their own", params)
	}
}

func typeNames(decls []ast.Decl) []string {
	var names []string
	for _, d := range decls {
		if d, ok := d.(*ast.GenDecl); ok {
			for _, spec := range d.Specs {
				if typ, ok := spec.(*ast.TypeSpec); ok {
					names = append(names, typ.Name.Name)
				}
			}
		}
	}
	return names
}
