package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

const module = "../../.."

// packages returns the names of the packages with operations.
func packages(t *testing.T) []string {
	t.Helper()
	p, err := description.ReadPackages(filepath.Join(module, "openapi"))
	if err != nil {
		t.Fatal(err)
	}
	return p.Names()
}

// shown has the exported declarations of a package.
type shown struct {
	name      string
	functions []*ast.FuncDecl
	types     []*ast.TypeSpec
	constants map[string]map[string]string // the values of a string type by their names
	bare      []string                     // names without a comment
}

// visible reads the packages that programs import.
func visible(t *testing.T) []*shown {
	t.Helper()
	var all []*shown
	for _, folder := range append([]string{"clerk", "api", "auth", "webhooks", "clerktest"}, packages(t)...) {
		files, err := filepath.Glob(filepath.Join(module, folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", folder, len(files), err)
		}
		p := &shown{name: folder, constants: map[string]map[string]string{}}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range parsed.Decls {
				p.declare(d)
			}
		}
		all = append(all, p)
	}
	return all
}

func (p *shown) declare(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() || d.Recv != nil && !ast.IsExported(receiver(d)) {
			return
		}
		p.functions = append(p.functions, d)
		if d.Doc == nil {
			p.bare = append(p.bare, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			p.specify(d, spec)
		}
	}
}

func (p *shown) specify(d *ast.GenDecl, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() {
			p.types = append(p.types, s)
			if d.Doc == nil && s.Doc == nil {
				p.bare = append(p.bare, s.Name.Name)
			}
		}
	case *ast.ValueSpec:
		for i, n := range s.Names {
			if !n.IsExported() {
				continue
			}
			if d.Doc == nil && s.Doc == nil && s.Comment == nil {
				p.bare = append(p.bare, n.Name)
			}
			if typ, ok := s.Type.(*ast.Ident); ok && d.Tok == token.CONST {
				if p.constants[typ.Name] == nil {
					p.constants[typ.Name] = map[string]string{}
				}
				p.constants[typ.Name][n.Name] = s.Values[i].(*ast.BasicLit).Value
			}
		}
	}
}

// receiver is the name of a method's type.
func receiver(f *ast.FuncDecl) string {
	name := ""
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return name
}

// call is the clerk.Request literal of a function.
type call struct {
	method, path, operation string
	ids                     []string
}

var methods = map[string]string{
	"MethodGet": "GET", "MethodPost": "POST", "MethodPut": "PUT", "MethodPatch": "PATCH", "MethodDelete": "DELETE",
}

// callOf returns the request that a function sends, nil if it does not send one.
func callOf(f *ast.FuncDecl) *call {
	var found *call
	ast.Inspect(f, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if s, ok := literal.Type.(*ast.SelectorExpr); !ok || s.Sel.Name != "Request" {
			return true
		}
		found = &call{}
		for _, e := range literal.Elts {
			pair := e.(*ast.KeyValueExpr)
			switch value := pair.Value.(type) {
			case *ast.BasicLit:
				text, _ := strconv.Unquote(value.Value)
				switch pair.Key.(*ast.Ident).Name {
				case "Path":
					found.path = text
				case "Operation":
					found.operation = text
				}
			case *ast.SelectorExpr:
				if pair.Key.(*ast.Ident).Name == "Method" {
					found.method = methods[value.Sel.Name]
				}
			case *ast.CompositeLit:
				if pair.Key.(*ast.Ident).Name == "IDs" {
					for _, id := range value.Elts {
						if named, ok := id.(*ast.CallExpr); ok { // a string type with known values
							id = named.Args[0]
						}
						found.ids = append(found.ids, id.(*ast.Ident).Name)
					}
				}
			}
		}
		return true
	})
	return found
}
