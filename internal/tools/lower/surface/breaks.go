package surface

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Breaks returns what Go callers of one surface must change to compile and work with
// another, one line per thing and by package, functions before types. Names are written
// as callers write them. Additions, such as a new function, event or optional field, break
// nothing. prefix is that of [Surface.HandlerNames].
func Breaks(was, is *Surface, prefix func(pkg string) string) []string {
	c := comparison{was: was, is: is, routes: map[string]string{}, told: map[string]bool{}}
	for _, o := range is.operations() {
		c.routes[o.Method+" "+o.Path] = o.goName()
	}
	for _, p := range was.Domains {
		c.functions(p, is.domain(p.Name))
		c.types(p, is.domain(p.Name))
	}
	c.types(was.webhooks(), is.webhooks())
	c.events(was.webhooks(), is.webhooks())
	c.types(was.Models, is.Models)
	c.handlers(prefix)
	return c.lines
}

type comparison struct {
	was, is *Surface
	routes  map[string]string // the functions of is by method and path
	told    map[string]bool   // the types that the line of something else includes
	lines   []string
}

func (c *comparison) say(format string, args ...any) {
	c.lines = append(c.lines, fmt.Sprintf(format, args...))
}

func (s *Surface) domain(name string) *Package {
	for _, p := range s.Domains {
		if p.Name == name {
			return p
		}
	}
	return &Package{Name: name}
}

func (s *Surface) operations() []*Operation {
	var all []*Operation
	for _, p := range s.Domains {
		all = append(all, p.Operations...)
	}
	return all
}

func (p *Package) operation(name string) *Operation {
	i := slices.IndexFunc(p.Operations, func(o *Operation) bool { return o.Name == name })
	if i < 0 {
		return nil
	}
	return p.Operations[i]
}

func (o *Operation) goName() string { return o.Package + "." + o.Name }

// functions compares the functions of one package, with their iterators.
func (c *comparison) functions(was, is *Package) {
	for _, o := range slices.SortedFunc(slices.Values(was.Operations), func(a, b *Operation) int { return strings.Compare(a.Name, b.Name) }) {
		now := is.operation(o.Name)
		if now == nil {
			c.goneFunction(o, is)
			continue
		}
		if !o.calledLike(now) {
			c.say("%s: %s, now %s", o.goName(), o.signature(), now.signature())
		}
		if o.Iterator != "" && o.Iterator != now.Iterator {
			c.say("%s.%s is gone", o.Package, o.Iterator)
		}
	}
}

// goneFunction reports a removed function, and in its line what is removed with it.
func (c *comparison) goneFunction(o *Operation, is *Package) {
	if now := c.routes[o.Method+" "+o.Path]; now != "" {
		c.say("%s is gone: it is %s now", o.goName(), now)
		return
	}
	var with []string
	if o.Iterator != "" {
		with = append(with, o.Iterator)
	}
	if o.Params != "" && is.Type(o.Params) == nil {
		c.told[o.Package+"."+o.Params] = true
		with = append(with, o.Params)
	}
	line := o.goName() + " is gone"
	if len(with) > 0 {
		line += ", and " + strings.Join(with, " and ") + " with it"
	}
	c.say("%s", line)
}

// calledLike reports whether calls of the function compile and mean the same with the
// other one. The names of ids are not part of Go's type, but their order decides what
// is sent.
func (o *Operation) calledLike(other *Operation) bool {
	if len(o.IDs) != len(other.IDs) || o.Params != other.Params || o.Result != other.Result {
		return false
	}
	for i, id := range o.IDs {
		elsewhere := slices.IndexFunc(other.IDs, func(now ID) bool { return now.Variable == id.Variable })
		if id.Type != other.IDs[i].Type || elsewhere >= 0 && elsewhere != i {
			return false
		}
	}
	return true
}

// signature is a function's signature without the arguments that all functions have.
func (o *Operation) signature() string {
	var arguments []string
	for i, id := range o.IDs {
		argument := id.Variable
		if i+1 == len(o.IDs) || o.IDs[i+1].Type != id.Type {
			argument += " " + cmp.Or(Qualify(o.Package, id.Type), "string")
		}
		arguments = append(arguments, argument)
	}
	if o.Params != "" {
		arguments = append(arguments, "params "+Qualify(o.Package, o.Params))
	}
	result := "error"
	if o.Result != "" {
		result = "(*" + Qualify(o.Package, o.Result) + ", error)"
	}
	return "(" + strings.Join(arguments, ", ") + ") " + result
}

// handlers compares the fields of clerktest.Handlers whose functions remain: the name
// of one changes when another package gains or loses a function of its name.
func (c *comparison) handlers(prefix func(pkg string) string) {
	before, after := c.was.HandlerNames(prefix), c.is.HandlerNames(prefix)
	for _, o := range c.was.operations() {
		now := c.is.domain(o.Package).operation(o.Name)
		if now != nil && before[o] != after[now] {
			c.say("clerktest.Handlers.%s is gone: it is %s now", before[o], after[now])
		}
	}
}
