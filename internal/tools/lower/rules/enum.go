package rules

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// enum makes an open string type with a constant for each value that one of
// the schemas knows.
func (l *lowering) enum(schemas []*yaml.Node, p place) (string, error) {
	first := schemas[0]
	for _, s := range schemas {
		if name := decidedName(s, p.property); name != "" {
			p.name, first = name, s
		}
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
	t := &surface.Type{Name: p.name, Kind: surface.Enum, Source: p.at}
	for _, s := range schemas {
		names := description.Items(description.Get(s, "x-enum-varnames"))
		for i, v := range description.Items(description.Get(s, "enum")) {
			if v.Tag == "!!null" || slices.ContainsFunc(t.Constants, func(c surface.Constant) bool { return c.Value == v.Value }) {
				continue
			}
			name := constantName(p.name, v.Value)
			if i < len(names) {
				name = names[i].Value
			}
			t.Constants = append(t.Constants, surface.Constant{Name: name, Value: v.Value})
		}
	}
	t.Doc = paragraphs(typeDoc(p.name, p.words(first), p.name+" "+p.fact), "The API may know values that have no constant here.")
	p.scope.pkg.Types = append(p.scope.pkg.Types, t)
	return p.name, nil
}

// words returns the schema whose description speaks of the type. The words of
// a property speak of the field and are printed there.
func (p place) words(s *yaml.Node) *yaml.Node {
	if !p.property && description.Text(s, "description") != "" {
		return s
	}
	for _, other := range p.scope.decided[p.name] {
		if p.scope.titled[other] && description.Text(other, "description") != "" {
			return other
		}
	}
	return nil
}
