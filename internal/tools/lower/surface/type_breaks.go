package surface

import (
	"slices"
	"strings"
)

// types compares the types of one package.
func (c *comparison) types(was, is *Package) {
	for _, t := range was.Types {
		name := was.Name + "." + t.Name
		now := is.Type(t.Name)
		switch {
		case c.told[name]:
		case now == nil:
			c.goneType(name, t)
		case t.form(was.Name) != now.form(is.Name):
			c.say("%s: %s, now %s", name, t.form(was.Name), now.form(is.Name))
		default:
			c.fields(was, t, now)
			c.constants(was, t, now)
		}
	}
}

// goneType reports a removed model once, with its names in other packages.
func (c *comparison) goneType(name string, t *Type) {
	line := name + " is gone"
	model, isAlias := strings.CutPrefix(t.Underlying, c.was.Models.Name+".")
	switch {
	case t.Kind == Alias && isAlias && c.is.Models.Type(model) == nil:
		return // the model's own line names it
	case t.Kind == Alias:
		c.say("%s: it is %s", line, t.Underlying)
		return
	case t.Kind == Enum:
		line += ", and its constants with it"
	}
	line += c.also(func(alias *Type) string {
		if alias.Underlying == name {
			return alias.Name
		}
		return ""
	})
	c.say("%s", line)
}

// also lists the names in other packages of something that was removed from the models.
func (c *comparison) also(called func(alias *Type) string) string {
	var names []string
	for _, p := range c.was.Domains {
		for _, t := range p.Types {
			if name := called(t); t.Kind == Alias && name != "" {
				names = append(names, p.Name+"."+name)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ", also as " + strings.Join(names, ", ")
}

// form is how a type is declared, without its content. A union is a struct to callers.
func (t *Type) form(pkg string) string {
	switch t.Kind {
	case Alias, Defined:
		return Qualify(pkg, t.Underlying)
	case Enum:
		return "a string with constants"
	}
	return "a struct"
}

// fields compares the fields of a struct. The types of requests are declared in the
// packages of the functions; a new field there may be one that every caller must set.
func (c *comparison) fields(pkg *Package, was, is *Type) {
	for _, f := range was.Members() {
		name := pkg.Name + "." + was.Name + "." + f.Name
		i := slices.IndexFunc(is.Members(), func(now Field) bool { return now.Name == f.Name })
		if i < 0 {
			c.say("%s is gone", name)
			continue
		}
		if now := is.Members()[i]; now.Type != f.Type {
			c.say("%s: %s, now %s", name, Qualify(pkg.Name, f.Type), Qualify(pkg.Name, now.Type))
		}
	}
	if pkg == c.was.Models || pkg == c.was.Webhooks {
		return
	}
	for _, f := range is.Fields {
		if !slices.ContainsFunc(was.Fields, func(old Field) bool { return old.Name == f.Name }) && f.alwaysSent() {
			c.say("%s.%s.%s is new and must be set", pkg.Name, was.Name, f.Name)
		}
	}
}

// alwaysSent reports whether a field of a request is sent even if it is not set.
func (f Field) alwaysSent() bool {
	leftOutEmpty := strings.Contains(f.Tag, `query:"`) && strings.HasPrefix(f.Type, "[]")
	return !leftOutEmpty && !strings.HasPrefix(f.Type, "clerk.Optional[")
}

// constants compares the values of an enum. An alias has those of its model.
func (c *comparison) constants(pkg *Package, was, is *Type) {
	if was.Kind == Alias {
		return
	}
	for _, k := range was.Constants {
		name := pkg.Name + "." + k.Name
		i := slices.IndexFunc(is.Constants, func(now Constant) bool { return now.Name == k.Name })
		switch {
		case i < 0:
			c.say("%s is gone%s", name, c.also(func(alias *Type) string {
				if alias.Underlying == pkg.Name+"."+was.Name && slices.Contains(alias.Constants, k) {
					return k.Name
				}
				return ""
			}))
		case is.Constants[i].Value != k.Value:
			c.say("%s: %q, now %q", name, k.Value, is.Constants[i].Value)
		}
	}
}
