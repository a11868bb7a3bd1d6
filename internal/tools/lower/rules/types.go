package rules

import (
	"go/token"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// place is the context of a schema. It decides the names of its types and whether
// they are sent or received.
type place struct {
	scope    *scope
	name     string // Go name for an inline type
	wire     string // name of the property or parameter
	property bool   // x-go-name names the field, not the type
	at       string // for messages
	fact     string // what is known about the type, as a sentence without its name
	field    string // Go field or parameter whose type it is, if any
	params   bool   // the type is the params of an operation
}

// goType is a Go type as written inside the scope's package.
type goType struct {
	expr     string
	nullable bool
}

// nilable reports whether the zero value can represent null, so that a pointer is
// not needed.
func (t goType) nilable() bool {
	return strings.HasPrefix(t.expr, "[]") || strings.HasPrefix(t.expr, "map[") ||
		slices.Contains([]string{"any", "json.RawMessage", "clerk.Metadata", "clerk.StringList"}, t.expr)
}

// typeOf returns the Go type of a schema, making the named types it needs.
func (l *lowering) typeOf(s *yaml.Node, p place) (goType, error) {
	if p.scope.isForeign(s) {
		return l.importedType(s, p)
	}
	nullable := flag(s, "nullable")
	if t := description.Text(s, "x-go-type"); t != "" {
		return l.decidedType(t, nullable, p)
	}
	if description.Text(s, "$ref") != "" {
		return l.referenced(s, p)
	}
	only, err := l.wrapped(s, p)
	if err != nil {
		return goType{}, err
	}
	if only != nil {
		t, err := l.typeOf(only, p)
		return goType{t.expr, t.nullable || nullable}, err
	}
	expr, err := l.inline(s, p)
	return goType{expr, nullable}, err
}

// decidedType is the type that the description names. The name of a model means its
// component or enum; a request may also name an enum of its own package. A handwritten
// model has the prefix of its package.
func (l *lowering) decidedType(name string, nullable bool, p place) (goType, error) {
	if handwritten, ok := strings.CutPrefix(name, l.models.pkg.Name+"."); ok && p.scope == l.models {
		return goType{handwritten, nullable}, nil
	}
	if !token.IsExported(name) || !token.IsIdentifier(name) {
		return goType{name, nullable}, nil
	}
	for published, s := range description.Pairs(description.Get(l.root, "components", "schemas")) {
		if ModelName(published, s) == name {
			t, err := l.referenced(description.Map("$ref", "#/components/schemas/"+published), p)
			return goType{t.expr, t.nullable || nullable}, err
		}
	}
	group := l.models.decided[name]
	if len(group) == 0 {
		group = p.scope.decided[name]
	}
	if len(group) == 0 || !isEnum(group[0]) {
		return goType{}, fail(p.at, "the x-go-type %s is not a model", name)
	}
	p.name, p.property = name, false
	expr, err := l.enum(group, p)
	return goType{expr, nullable}, err
}

// wrapped returns the schema that s only wraps: the only member of an allOf, or the
// only branch of a union without a name of its own. An allOf whose other members only
// narrow the first is that first one.
func (l *lowering) wrapped(s *yaml.Node, p place) (*yaml.Node, error) {
	if description.Get(s, "properties") != nil || decidedName(s, p.property) != "" {
		return nil, nil
	}
	all, alternatives := description.Items(description.Get(s, "allOf")), branches(s)
	switch {
	case len(all)+len(alternatives) == 1:
		return slices.Concat(all, alternatives)[0], nil
	case len(all) == 0 || len(alternatives) > 0:
		return nil, nil
	}
	first, err := l.shapeOf(all[0], 0)
	if err != nil {
		return nil, err
	}
	whole, err := l.shapeOf(s, 0)
	if err != nil || len(whole.properties) > len(first.properties) {
		return nil, err
	}
	return all[0], nil
}

// referenced returns the type of a component. Named types are made in the models; a
// request refers to one by an alias, except that a type that callers set belongs to the
// request's package.
func (l *lowering) referenced(s *yaml.Node, p place) (goType, error) {
	target, err := l.follow(s)
	if err != nil {
		return goType{}, fail(p.at, "%w", err)
	}
	published := component(s)
	name := ModelName(published, target)
	q := place{scope: p.scope, name: name, wire: p.wire, at: "schema " + published, fact: "is the schema " + published + " of the API."}
	if p.scope.request && isEnum(target) {
		q.scope = l.models
		t, err := l.typeOf(target, q)
		if err != nil {
			return goType{}, err
		}
		p.scope.alias(l.models, t.expr)
		return t, nil
	}
	return l.typeOf(target, q)
}

// inline returns the type of a schema that is neither a reference nor a wrapper.
func (l *lowering) inline(s *yaml.Node, p place) (string, error) {
	if name := decidedName(s, p.property); name != "" {
		p.name = name
	}
	switch kind := description.Text(s, "type"); {
	case isMarker(s, p):
		return "string", nil
	case isEnum(s):
		return l.enum([]*yaml.Node{s}, p)
	case isStruct(s):
		return l.structure(s, p)
	case kind == "array":
		items := p
		items.name, items.property = singular(p.name), false
		t, err := l.typeOf(description.Get(s, "items"), items)
		return "[]" + t.expr, err
	case kind == "object":
		return l.dictionary(s, p)
	case kind == "":
		if p.scope.request {
			return "any", nil
		}
		return "json.RawMessage", nil
	default:
		return scalar(s, kind, p)
	}
}

// dictionary is the type of an object without properties of its own.
func (l *lowering) dictionary(s *yaml.Node, p place) (string, error) {
	values := description.Get(s, "additionalProperties")
	switch open := values == nil || values.Kind != yaml.MappingNode || len(values.Content) == 0; {
	case open && !p.scope.request:
		return "clerk.Metadata", nil // keeps numbers that a map would round
	case open:
		return "map[string]any", nil
	}
	q := p
	q.name += "Value"
	t, err := l.typeOf(values, q)
	if t.nullable && !t.nilable() {
		t.expr = "*" + t.expr
	}
	return "map[string]" + t.expr, err
}

func scalar(s *yaml.Node, kind string, p place) (string, error) {
	format := description.Text(s, "format")
	switch kind {
	case "boolean":
		return "bool", nil
	case "string":
		switch format {
		case "binary":
			return "clerk.File", nil
		case "date-time":
			return "time.Time", nil
		}
		return "string", nil
	case "integer":
		if format == "int64" || format == "int32" {
			return format, nil
		}
		return "int", nil
	case "number":
		return "float64", nil
	}
	return "", fail(p.at, "the type %q is unknown", kind)
}

// isMarker reports whether a schema is the property object with one value, which only
// repeats the name of its type.
func isMarker(s *yaml.Node, p place) bool {
	return p.wire == "object" && isEnum(s) && len(values(s)) == 1
}

// isEnum reports whether a schema becomes a named string type: the description lists its
// values, or decides that the values in its words become constants.
func isEnum(s *yaml.Node) bool {
	return description.Text(s, "type") == "string" && len(values(s)) > 0
}

// values are those of an enum, and those that only x-go-values lists.
func values(s *yaml.Node) []*yaml.Node {
	return slices.Concat(description.Items(description.Get(s, "enum")), description.Items(description.Get(s, "x-go-values")))
}

func isStruct(s *yaml.Node) bool {
	return len(description.Items(description.Get(s, "allOf"))) > 0 || len(branches(s)) > 0 ||
		description.Get(s, "properties") != nil && len(description.Get(s, "properties").Content) > 0
}
