package surface

import (
	"regexp"
	"slices"
	"strings"
)

// FindCredentials sets Hides of every type: of those that have credentials, and of those
// with a field that leads to such a type. Package slog asks only the outermost value, and
// fmt asks no field of a value that is printed with a wrong verb.
func (s *Surface) FindCredentials() {
	for _, p := range s.Packages() {
		for _, t := range p.Types {
			t.Hides = slices.ContainsFunc(t.Fields, func(f Field) bool { return f.Credential })
		}
	}
	for changed := true; changed; {
		changed = false
		for _, p := range s.Packages() {
			for _, t := range p.Types {
				if !t.Hides && s.holdsHiding(p, t) {
					t.Hides, changed = true, true
				}
			}
		}
	}
}

func (s *Surface) holdsHiding(p *Package, t *Type) bool {
	return slices.ContainsFunc(t.Fields, func(f Field) bool {
		return slices.ContainsFunc(s.typesIn(p, f.Type), func(held *Type) bool { return held.Hides })
	})
}

var typeName = regexp.MustCompile(`(?:\b([a-z]+)\.)?\b([A-Z][A-Za-z0-9]*)`)

// typesIn returns the generated structs that a type expression of p names.
func (s *Surface) typesIn(p *Package, expr string) []*Type {
	var found []*Type
	for _, m := range typeName.FindAllStringSubmatch(expr, -1) {
		home := p
		if m[1] == s.Models.Name {
			home = s.Models
		} else if m[1] != "" {
			continue
		}
		t := home.Type(m[2])
		if t != nil && t.Kind == Alias {
			t = s.Models.Type(strings.TrimPrefix(t.Underlying, s.Models.Name+"."))
		}
		if t != nil {
			found = append(found, t)
		}
	}
	return found
}
