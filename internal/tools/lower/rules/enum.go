package rules

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// enum makes an open string type with a constant for each value of the schemas.
func (l *lowering) enum(schemas []*yaml.Node, p place) (string, error) {
	first := schemas[0]
	for _, s := range schemas {
		if name := decidedName(s, p.property); name != "" {
			p.name, first = name, s
		}
	}
	if sc := p.scope; sc.shared[p.name] || sc.request && slices.Contains(l.models.decided[p.name], first) {
		p.scope, p.field = l.models, strings.Replace(p.field, "[", "["+sc.pkg.Name+".", 1)
		if _, err := l.enum(schemas, p); err != nil {
			return "", err
		}
		return sc.alias(l.models, p.name), nil
	}
	fresh, err := p.scope.claim(p.name, first, p.at)
	if err != nil || !fresh {
		return p.name, err
	}
	for _, s := range p.scope.decided[p.name] {
		if !isEnum(s) {
			return "", fail(p.at, "the name %s is decided for an enum and for something else", p.name)
		}
		schemas = append(schemas, s)
	}
	t := &surface.Type{Name: p.name, Kind: surface.Enum, Source: p.at, Constants: constants(p.name, schemas)}
	if p.field != "" {
		p.fact = "is a value of " + p.field + "."
	}
	t.Doc = paragraphs(typeDoc(p.name, p.words(first), first, p.name+" "+p.fact), "The API may use values that have no constant here.")
	p.scope.pkg.Types = append(p.scope.pkg.Types, t)
	return p.name, nil
}

// constants names every value of the schemas once.
func constants(typ string, schemas []*yaml.Node) []surface.Constant {
	var found []surface.Constant
	for _, s := range schemas {
		for _, v := range values(s) {
			if v.Tag == "!!null" || slices.ContainsFunc(found, func(c surface.Constant) bool { return c.Value == v.Value }) {
				continue
			}
			found = append(found, surface.Constant{Name: constantName(typ, v.Value), Value: v.Value})
		}
	}
	return found
}

// words are the words about the type. Those of a property are about the field and are
// printed there.
func (p place) words(s *yaml.Node) string {
	group := p.scope.decided[p.name]
	for _, in := range append([]*yaml.Node{s}, group...) {
		if words := description.Text(in, "x-go-type-description"); words != "" {
			return words
		}
	}
	if words := description.Text(s, "description"); !p.property && words != "" {
		return words
	}
	for _, in := range group {
		if words := description.Text(in, "description"); p.scope.titled[in] && words != "" {
			return words
		}
	}
	return ""
}
