package prose

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"unicode"
)

// Source is a generated package as a reader of its documentation sees it.
type Source struct {
	comment    string
	operations []operation
	types      []typed
	fields     []field
	names      map[string]bool // of functions and types, aliases included
	comments   []string
}

// operation is a function that sends a request.
type operation struct {
	name  string
	types []string // of its parameters and results, with the parameters' names
	route string   // method and path
	words []string // the paragraphs before the route
}

type typed struct{ name, words string }

// field is a field of a struct. If its type is another type of the package, that is its
// reference.
type field struct{ of, name, words, reference string }

// Parse reads the files of a package, given by name.
func Parse(files map[string]string) (*Source, error) {
	s := &Source{names: map[string]bool{}}
	for name, text := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		if file.Doc != nil {
			s.comment = file.Doc.Text()
		}
		for _, group := range file.Comments {
			s.comments = append(s.comments, group.Text())
		}
		for _, d := range file.Decls {
			s.declaration(d)
		}
	}
	return s, nil
}

func (s *Source) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		s.names[d.Name.Name] = true
		s.function(d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			typ, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			s.names[typ.Name.Name] = true
			if !typ.Assign.IsValid() {
				s.declared(typ, d.Doc.Text())
			}
		}
	}
}

// function keeps a function whose comment ends with a route; iterators have none.
func (s *Source) function(d *ast.FuncDecl) {
	paragraphs := strings.Split(strings.TrimSpace(d.Doc.Text()), "\n\n")
	route := paragraphs[len(paragraphs)-1]
	method, _, _ := strings.Cut(route, " /")
	if d.Recv != nil || method != strings.ToUpper(method) || method == route {
		return
	}
	o := operation{name: d.Name.Name, route: route, words: paragraphs[:len(paragraphs)-1]}
	ast.Inspect(d.Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			o.types = append(o.types, id.Name)
		}
		return true
	})
	s.operations = append(s.operations, o)
}

func (s *Source) declared(typ *ast.TypeSpec, words string) {
	s.types = append(s.types, typed{typ.Name.Name, words})
	structure, ok := typ.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range structure.Fields.List {
		for _, name := range f.Names {
			s.fields = append(s.fields, field{typ.Name.Name, name.Name, f.Doc.Text(), reference(f.Type)})
		}
	}
}

func reference(typ ast.Expr) string {
	switch typ := typ.(type) {
	case *ast.StarExpr:
		return reference(typ.X)
	case *ast.Ident:
		if typ.IsExported() {
			return typ.Name
		}
	}
	return ""
}

// split cuts a text, and the names in it, into lower-case words without a plural s.
func split(text string) []string {
	var all []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			w := strings.ToLower(string(word))
			if len(w) > 3 {
				w = strings.TrimSuffix(w, "s")
			}
			all = append(all, w)
		}
		word = nil
	}
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]) && unicode.IsUpper(runes[i-1])):
			end()
		}
		word = append(word, r)
	}
	end()
	return all
}
