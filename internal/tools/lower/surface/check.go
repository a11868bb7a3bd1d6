package surface

import (
	"errors"
	"fmt"
	"go/token"
	"slices"
)

// reserved are the names that generated files import.
var reserved = []string{"api", "clerk", "context", "errors", "http", "iter", "json", "strings", "time"}

// arguments are the names that every generated function uses itself.
var arguments = []string{"client", "ctx", "opts", "params", "page", "limit", "offset", "err"}

// Check returns an error for names that conflict. A conflict is never resolved
// silently: the description must decide it with a name.
func (s *Surface) Check() error {
	var problems []error
	for _, p := range s.Packages() {
		problems = append(problems, p.check())
	}
	return errors.Join(problems...)
}

func (p *Package) check() error {
	owner := map[string]string{}
	var problems []error
	declare := func(name, what string) {
		if !token.IsIdentifier(name) || !token.IsExported(name) {
			problems = append(problems, fmt.Errorf("package %s: %s: %q is not an exported Go name: add an x-go-name", p.Name, what, name))
		}
		if was, taken := owner[name]; taken {
			problems = append(problems, fmt.Errorf("package %s: %s is the name of %s and of %s: add an x-go-name to one of them", p.Name, name, was, what))
			return
		}
		owner[name] = what
	}
	for _, t := range p.Types {
		declare(t.Name, "the type from "+t.Source)
		for _, c := range t.Constants {
			declare(c.Name, fmt.Sprintf("the value %q of %s", c.Value, t.Name))
		}
		problems = append(problems, t.check(p.Name))
	}
	for _, e := range p.Events {
		declare(e.Name, "the event "+e.Type)
	}
	for _, o := range p.Operations {
		declare(o.Name, "the operation "+o.Method+" "+o.Path)
		if o.Iterator != "" {
			declare(o.Iterator, "the iterator of "+o.Name)
		}
		problems = append(problems, o.check(p.Name))
	}
	return errors.Join(problems...)
}

func (t *Type) check(pkg string) error {
	var problems []error
	seen := map[string]string{}
	for _, f := range t.Fields {
		if was, taken := seen[f.Name]; taken {
			problems = append(problems, fmt.Errorf("package %s: %s: the fields %s and %s are both %s in Go: add an x-go-name to one of them", pkg, t.Name, was, f.Wire, f.Name))
		}
		seen[f.Name] = f.Wire
		if t.Hides && (f.Name == "Format" || f.Name == "LogValue") {
			problems = append(problems, fmt.Errorf("package %s: %s: the field %s is called like the method %s, which hides credentials: add an x-go-name", pkg, t.Name, f.Wire, f.Name))
		}
		if !token.IsIdentifier(f.Name) || !token.IsExported(f.Name) {
			problems = append(problems, fmt.Errorf("package %s: %s: the field %s is %q in Go, which is not an exported name: add an x-go-name", pkg, t.Name, f.Wire, f.Name))
		}
	}
	return errors.Join(problems...)
}

func (o *Operation) check(pkg string) error {
	var problems []error
	var seen []string
	for _, id := range o.IDs {
		v := id.Variable
		if !token.IsIdentifier(v) || slices.Contains(reserved, v) || slices.Contains(arguments, v) || slices.Contains(seen, v) {
			problems = append(problems, fmt.Errorf("package %s: %s: the path parameter %s cannot be called %q: add an x-go-name", pkg, o.Name, id.Wire, v))
		}
		seen = append(seen, v)
	}
	return errors.Join(problems...)
}
