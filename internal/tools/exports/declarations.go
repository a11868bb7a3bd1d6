package main

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// A printer writes the declarations of a package. A line is the name that
// CHANGELOG.md uses, a space, and what a caller relies on: `auth.Auth.UserID field
// string`. It has no names of parameters or unexported types, and no values of
// constants: those change without breaking a caller.
type printer struct {
	pkg    *types.Package
	module string // path of the module
	lines  []string
}

// path writes the import path of a package, of this module below the module.
func (p *printer) path(pkg *types.Package) string {
	return strings.TrimPrefix(pkg.Path(), p.module+"/")
}

func (p *printer) line(name, format string, args ...any) {
	p.lines = append(p.lines, p.path(p.pkg)+"."+name+" "+fmt.Sprintf(format, args...))
}

// typ writes a type. Types of the package itself stand without a qualifier.
func (p *printer) typ(t types.Type) string {
	return types.TypeString(nameless(t), func(pkg *types.Package) string {
		if pkg == p.pkg {
			return ""
		}
		return p.path(pkg)
	})
}

func (p *printer) declare(object types.Object) {
	switch object := object.(type) {
	case *types.Const:
		p.line(object.Name(), "const %s", p.typ(object.Type()))
	case *types.Var:
		p.line(object.Name(), "var %s", p.typ(object.Type()))
	case *types.Func:
		p.line(object.Name(), "%s", p.signature(object.Signature()))
	case *types.TypeName:
		p.declareType(object)
	}
}

func (p *printer) declareType(object *types.TypeName) {
	if alias, ok := object.Type().(*types.Alias); ok {
		p.line(object.Name(), "type %s= %s", p.parameters(alias.TypeParams()), p.typ(alias.Rhs()))
		return
	}
	named := object.Type().(*types.Named)
	parameters := p.parameters(named.TypeParams())
	switch underlying := named.Underlying().(type) {
	case *types.Struct:
		p.line(object.Name(), "type %sstruct", parameters)
	case *types.Interface:
		p.line(object.Name(), "type %sinterface%s", parameters, p.elements(underlying))
		for method := range underlying.Methods() {
			if method.Exported() {
				p.line(object.Name()+"."+method.Name(), "method %s", p.signature(method.Signature()))
			}
		}
	default:
		p.line(object.Name(), "type %s%s", parameters, p.typ(underlying))
	}
	p.members(object.Name(), named, nil)
}

// members writes the fields and methods of a type under the name of, and those that
// come from embedded types without an exported name, which nothing else would show.
func (p *printer) members(of string, named *types.Named, within []*types.Named) {
	for method := range named.Methods() {
		if method.Exported() {
			p.line(of+"."+method.Name(), "%s %s", receiver(method), p.signature(method.Signature()))
		}
	}
	structure, ok := named.Underlying().(*types.Struct)
	if !ok || slices.Contains(within, named) {
		return
	}
	for field := range structure.Fields() {
		switch embedded, isNamed := dereferenced(field.Type()).(*types.Named); {
		case field.Exported() && field.Embedded():
			p.line(of+"."+field.Name(), "embedded %s", p.typ(field.Type()))
		case field.Exported():
			p.line(of+"."+field.Name(), "field %s", p.typ(field.Type()))
		case field.Embedded() && isNamed:
			p.members(of, embedded, append(within, named))
		}
	}
}

func receiver(method *types.Func) string {
	if _, ok := method.Signature().Recv().Type().(*types.Pointer); ok {
		return "pointer method"
	}
	return "method"
}

func dereferenced(t types.Type) types.Type {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	return types.Unalias(t)
}

// elements lists what an interface wants, because one more method breaks those who
// implement it.
func (p *printer) elements(i *types.Interface) string {
	var all []string
	for method := range i.Methods() {
		if method.Exported() {
			all = append(all, method.Name())
		} else if !slices.Contains(all, "unexported methods") {
			all = append(all, "unexported methods")
		}
	}
	for embedded := range i.EmbeddedTypes() {
		if _, ok := embedded.Underlying().(*types.Interface); !ok {
			all = append(all, p.typ(embedded)) // the types of a constraint
		}
	}
	slices.Sort(all)
	return "{" + strings.Join(all, ", ") + "}"
}

// parameters writes type parameters with a space after them.
func (p *printer) parameters(list *types.TypeParamList) string {
	var all []string
	for parameter := range list.TypeParams() {
		all = append(all, parameter.Obj().Name()+" "+p.typ(parameter.Constraint()))
	}
	if len(all) == 0 {
		return ""
	}
	return "[" + strings.Join(all, ", ") + "] "
}

func (p *printer) signature(s *types.Signature) string {
	results := ""
	switch s.Results().Len() {
	case 0:
	case 1:
		results = " " + p.typ(s.Results().At(0).Type())
	default:
		results = " " + p.tuple(s.Results(), false)
	}
	return "func" + strings.TrimSuffix(p.parameters(s.TypeParams()), " ") + p.tuple(s.Params(), s.Variadic()) + results
}

func (p *printer) tuple(t *types.Tuple, variadic bool) string {
	var all []string
	for v := range t.Variables() {
		all = append(all, p.typ(v.Type()))
	}
	if variadic {
		last := len(all) - 1
		all[last] = "..." + strings.TrimPrefix(all[last], "[]")
	}
	return "(" + strings.Join(all, ", ") + ")"
}

// nameless returns t without the names of parameters and of unexported types in it.
func nameless(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Named:
		if name := t.Obj(); name.Pkg() != nil && !name.Exported() {
			return types.NewNamed(types.NewTypeName(0, name.Pkg(), "unexported", nil), t.Underlying(), nil)
		}
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, namelessTuple(t.Params()), namelessTuple(t.Results()), t.Variadic())
	case *types.Pointer:
		return types.NewPointer(nameless(t.Elem()))
	case *types.Slice:
		return types.NewSlice(nameless(t.Elem()))
	case *types.Array:
		return types.NewArray(nameless(t.Elem()), t.Len())
	case *types.Map:
		return types.NewMap(nameless(t.Key()), nameless(t.Elem()))
	case *types.Chan:
		return types.NewChan(t.Dir(), nameless(t.Elem()))
	}
	return t
}

func namelessTuple(t *types.Tuple) *types.Tuple {
	var all []*types.Var
	for v := range t.Variables() {
		all = append(all, types.NewParam(0, nil, "", nameless(v.Type())))
	}
	return types.NewTuple(all...)
}
