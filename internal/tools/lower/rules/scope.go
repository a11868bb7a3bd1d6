package rules

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// scope is a package under construction: its types and the schema of each.
type scope struct {
	pkg *surface.Package
	// request means that the package has what callers send: optional fields are Optional.
	request bool
	// decided has the inline schemas whose type name the description decides, by that
	// name. All with one name are one Go type.
	decided map[string][]*yaml.Node
	// titled are those of them whose words are about the type, not about a field.
	titled map[*yaml.Node]bool
	// shared are the enums of requests that the models also have.
	shared map[string]bool
	made   map[string]*yaml.Node
	// own are the schemas whose types belong to the package, where those of the models do
	// not. Everywhere else it is nil.
	own map[*yaml.Node]bool
}

func newScope(name string, request bool) *scope {
	return &scope{
		pkg:     &surface.Package{Name: name},
		request: request,
		decided: map[string][]*yaml.Node{},
		titled:  map[*yaml.Node]bool{},
		shared:  map[string]bool{},
		made:    map[string]*yaml.Node{},
	}
}

// decidedName is the type name of an inline schema in the description. On a property,
// x-go-name names the field, so the type has its own key.
func decidedName(s *yaml.Node, property bool) string {
	if name := description.Text(s, "x-go-type-name"); name != "" {
		return name
	}
	if property {
		return ""
	}
	return description.Text(s, "x-go-name")
}

// claim reserves a type name for a schema. It reports false if the same schema, or
// another one that was decided to be the same type, already has it.
func (c *scope) claim(name string, s *yaml.Node, at string) (bool, error) {
	was, taken := c.made[name]
	if !taken {
		c.made[name] = s
		return true, nil
	}
	group := c.decided[name]
	if was == s || slices.Contains(group, s) && slices.Contains(group, was) {
		return false, nil
	}
	source := ""
	if t := c.pkg.Type(name); t != nil {
		source = t.Source
	}
	return false, fail(at, "the type name %s.%s is taken by %s: add an x-go-name to one of them, or an x-go-type-name to a property", c.pkg.Name, name, source)
}

// alias declares a name for a model in this package, with what the model says of itself
// and the constants of an enum, and returns the name.
func (c *scope) alias(models *scope, model string) string {
	original := models.pkg.Type(model)
	if original == nil || c.pkg.Type(model) != nil {
		return model
	}
	c.pkg.Types = append(c.pkg.Types, &surface.Type{
		Name:       model,
		Kind:       surface.Alias,
		Underlying: "api." + model,
		Doc:        aliasDoc(original),
		Constants:  original.Constants,
		Source:     "the model " + model,
	})
	return model
}

// shareEnums declares aliases for the enums in the fields of a model, so that callers
// compare a status without another import.
func (l *lowering) shareEnums(sc *scope, expr string, seen map[string]bool) {
	for _, name := range surface.OwnTypes(expr) {
		model := l.models.pkg.Type(name)
		if model == nil || seen[name] {
			continue
		}
		seen[name] = true
		if model.Kind == surface.Enum {
			sc.alias(l.models, name)
		}
		for _, f := range model.Fields {
			l.shareEnums(sc, f.Type, seen)
		}
	}
}

// fail returns an error with its place in the description.
func fail(at, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if at == "" {
		return err
	}
	return fmt.Errorf("%s: %w", at, err)
}
