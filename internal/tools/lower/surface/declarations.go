package surface

import (
	"cmp"
	"strings"
)

// Declarations returns what Go callers rely on, by the name that they write: of a
// function the types of its signature, of a type its form, of a field its type, of an event
// the type of its data. prefix
// is that of [Surface.HandlerNames].
func (s *Surface) Declarations(prefix func(pkg string) string) map[string]string {
	all := map[string]string{}
	handlers := s.HandlerNames(prefix)
	for _, p := range s.Packages() {
		for _, t := range p.Types {
			t.declare(p.Name, all)
		}
		for _, e := range p.Events {
			all[p.Name+"."+e.Name] = "const Type"
			all[p.Name+".Handlers."+e.Name] = "field func(" + e.handler() + ")"
		}
		for _, o := range p.Operations {
			all[o.goName()] = "func" + o.types()
			all["clerktest.Handlers."+handlers[o]] = "func" + o.types()
			if o.Iterator != "" {
				all[p.Name+"."+o.Iterator] = "iterator" + o.types()
			}
		}
	}
	return all
}

func (t *Type) declare(pkg string, into map[string]string) {
	name := pkg + "." + t.Name
	into[name] = "type " + t.form(pkg)
	for _, f := range t.Fields {
		into[name+"."+f.Name] = "field " + f.Type
	}
	for _, c := range t.Constants {
		into[pkg+"."+c.Name] = "const " + t.Name
	}
}

// types writes the types of a signature, without the names of arguments.
func (o *Operation) types() string {
	var in []string
	for _, id := range o.IDs {
		in = append(in, Qualify(o.Package, cmp.Or(id.Type, "string")))
	}
	if o.Params != "" {
		in = append(in, Qualify(o.Package, o.Params))
	}
	return "(" + strings.Join(in, ", ") + ") " + Qualify(o.Package, o.Result)
}
