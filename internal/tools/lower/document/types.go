package document

import (
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// types writes the types of a package as component schemas.
func types(p *surface.Package) *yaml.Node {
	out := description.Map()
	for _, t := range p.Types {
		description.Set(out, t.Name, schema(t))
	}
	return out
}

func schema(t *surface.Type) *yaml.Node {
	s := description.Map("x-sdk-kind", string(t.Kind), "x-sdk-doc", Comment(t.Doc))
	switch t.Kind {
	case surface.Alias, surface.Defined:
		description.Set(s, "x-go-type", t.Underlying)
		if len(t.Constants) > 0 {
			description.Set(s, "x-sdk-constants", constants(t))
		}
	case surface.Enum:
		description.Set(s, "type", "string")
		description.Set(s, "x-sdk-constants", constants(t))
	default:
		description.Set(s, "type", "object")
		properties := description.Map()
		for i, f := range t.Fields {
			description.Set(properties, f.Wire, field(f, i+1))
		}
		description.Set(s, "properties", properties)
	}
	return s
}

func constants(t *surface.Type) *yaml.Node {
	out := description.Seq()
	for _, c := range t.Constants {
		out.Content = append(out.Content, description.Map("name", c.Name, "value", c.Value))
	}
	return out
}

// field writes a property whose Go name, type and place in the struct are decided.
func field(f surface.Field, order int) *yaml.Node {
	p := description.Map(
		"x-go-name", f.Name,
		"x-go-type", f.Type,
		"x-go-type-skip-optional-pointer", true,
		"x-order", order,
		"x-sdk-tag", f.Tag,
	)
	if f.Doc != "" {
		description.Set(p, "x-sdk-doc", Comment(f.Doc))
	}
	return p
}
