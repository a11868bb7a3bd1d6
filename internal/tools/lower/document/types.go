package document

import (
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// schemas writes the types that precede all functions, as component schemas.
func schemas(types []*surface.Type) *yaml.Node {
	out := description.Map()
	for _, t := range types {
		description.Set(out, t.Name, description.Map("type", "object", "x-sdk-type", declaration(t)))
	}
	return out
}

// declarations lists the types right above a function.
func declarations(types []*surface.Type) *yaml.Node {
	out := description.Seq()
	for _, t := range types {
		out.Content = append(out.Content, declaration(t))
	}
	return out
}

// declaration is what the template of a type prints.
func declaration(t *surface.Type) *yaml.Node {
	n := description.Map("name", t.Name, "kind", string(t.Kind), "doc", Comment(t.Doc))
	if t.Underlying != "" {
		description.Set(n, "underlying", t.Underlying)
	}
	if t.Hides {
		description.Set(n, "hides", true)
	}
	if len(t.Constants) > 0 {
		description.Set(n, "constants", constants(t))
	}
	if len(t.Fields) > 0 {
		description.Set(n, "fields", fields(t))
	}
	return n
}

func constants(t *surface.Type) *yaml.Node {
	out := description.Seq()
	for _, c := range t.Constants {
		out.Content = append(out.Content, description.Map("name", c.Name, "value", c.Value))
	}
	return out
}

func fields(t *surface.Type) *yaml.Node {
	out := description.Seq()
	for _, f := range t.Fields {
		n := description.Map("name", f.Name, "type", f.Type, "tag", f.Tag)
		if f.Tag == "" {
			description.Set(n, "embedded", true)
		}
		if f.Doc != "" {
			description.Set(n, "doc", Comment(f.Doc))
		}
		out.Content = append(out.Content, n)
	}
	return out
}
