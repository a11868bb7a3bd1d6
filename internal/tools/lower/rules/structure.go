package rules

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// structure makes a struct of an object schema, or of all schemas that the description
// decided to be the same type.
func (l *lowering) structure(s *yaml.Node, p place) (string, error) {
	fresh, err := p.scope.claim(p.name, s, p.at)
	if err != nil || !fresh {
		return p.name, err
	}
	sh, err := l.shapeOfGroup(s, p)
	if err != nil {
		return "", fail(p.at, "%w", err)
	}
	t := &surface.Type{
		Name:   p.name,
		Kind:   surface.Struct,
		Doc:    l.structureDoc(s, p),
		Source: p.at,
	}
	p.scope.pkg.Types = append(p.scope.pkg.Types, t)
	if sh.union && !p.scope.request {
		t.Kind = surface.Union
		t.Fields = append(t.Fields, surface.Field{
			Name: "Raw", Wire: "-", Type: "json.RawMessage", Tag: `json:"-" clerk:"raw"`,
			Doc: "Raw is the JSON that the value was decoded from, including what the fields below do not hold.",
		})
	}
	inner, err := l.embedded(s, t, p)
	if err != nil {
		return "", err
	}
	for _, prop := range sh.properties {
		if flag(prop.schemas[0], "x-go-omit") {
			continue
		}
		if f, ok := inner.field(prop); ok {
			t.Fields = append(t.Fields, f)
			continue
		}
		f, err := l.field(prop, p)
		if err != nil {
			return "", err
		}
		if value := description.Text(prop.schemas[0], "x-go-constant"); value != "" {
			t.Constant = append(t.Constant, surface.Literal{Field: f, Value: value})
			continue
		}
		t.Fields = append(t.Fields, f)
	}
	if inner != nil {
		return p.name, embed(t, inner.model, p)
	}
	return p.name, nil
}

// embedding is a model that another one embeds, and its shape.
type embedding struct {
	model *surface.Type
	shape shape
}

// field returns the field of a property that both models have from one schema.
func (e *embedding) field(prop property) (surface.Field, bool) {
	if e == nil {
		return surface.Field{}, false
	}
	own := e.shape.find(prop.wire)
	if own == nil || !slices.Equal(own.schemas, prop.schemas) || prop.required && !own.required {
		return surface.Field{}, false
	}
	i := slices.IndexFunc(e.model.Fields, func(f surface.Field) bool { return f.Wire == prop.wire })
	return e.model.Fields[max(i, 0)], i >= 0
}

// embedded is the model whose fields a struct has by embedding it, if the description
// decides so.
func (l *lowering) embedded(s *yaml.Node, t *surface.Type, p place) (*embedding, error) {
	name := description.Text(s, "x-go-embed")
	if name == "" {
		return nil, nil
	}
	if p.scope != l.models {
		return nil, fail(p.at, "x-go-embed is for models")
	}
	if _, err := l.decidedType(name, false, place{scope: l.models, at: p.at}); err != nil {
		return nil, err
	}
	found := l.models.pkg.Type(name)
	if found == nil || found.Kind != surface.Struct || t.Kind != surface.Struct {
		return nil, fail(p.at, "%s cannot embed %s", t.Name, name)
	}
	sh, err := l.shapeOf(l.models.made[name], 0)
	return &embedding{found, sh}, err
}

// embed replaces the fields that t shares with another model by that model. Each field of
// it must be one of t, with the same type except that it may be optional in t.
func embed(t, in *surface.Type, p place) error {
	for _, f := range in.Fields {
		i := slices.IndexFunc(t.Fields, func(own surface.Field) bool { return own.Wire == f.Wire })
		if i < 0 {
			return fail(p.at, "%s has no %s and cannot embed %s", t.Name, f.Wire, in.Name)
		}
		if own := t.Fields[i]; own.Name != f.Name || own.Type != f.Type && own.Type != "*"+f.Type {
			return fail(p.at, "%s of %s is a %s and that of %s a %s, so one cannot embed the other", own.Name, t.Name, own.Type, in.Name, f.Type)
		}
		t.Fields = slices.Delete(t.Fields, i, i+1)
	}
	t.Embeds = in
	t.Fields = slices.Insert(t.Fields, 0, surface.Field{Name: in.Name, Type: in.Name})
	return nil
}

// structureDoc is the comment of a struct. For the params of an operation it names the
// operation, which the words of a component do not.
func (l *lowering) structureDoc(s *yaml.Node, p place) string {
	words := p.words(s)
	if p.params {
		words = ""
	}
	return typeDoc(p.name, words, s, p.name+" "+p.fact)
}

// shapeOfGroup is the shape of a schema, or of all schemas with its decided name.
func (l *lowering) shapeOfGroup(s *yaml.Node, p place) (shape, error) {
	group := p.scope.decided[p.name]
	if len(group) < 2 {
		return l.shapeOf(s, 0)
	}
	var each []shape
	for _, in := range group {
		one, err := l.shapeOf(in, 0)
		if err != nil {
			return shape{}, err
		}
		each = append(each, one)
	}
	return union(each), nil
}

// field lowers one property of the struct at p.
func (l *lowering) field(prop property, p place) (surface.Field, error) {
	first := prop.schemas[0]
	name := description.Text(first, "x-go-name")
	if name == "" {
		name = GoName(prop.wire)
	}
	parent := strings.TrimSuffix(p.name, "Params")
	t, err := l.typeOfVariants(prop.schemas, place{
		scope: p.scope, name: parent + name, wire: prop.wire, property: true,
		at:    p.at + ", property " + prop.wire,
		fact:  fmt.Sprintf("is the type of %s in [%s].", name, p.name),
		field: fmt.Sprintf("%s of [%s]", name, p.name),
	})
	if err != nil {
		return surface.Field{}, err
	}
	f := surface.Field{Name: name, Wire: prop.wire, Doc: fieldDoc(name, l.spoken(first))}
	if p.scope.request {
		f.Type, f.Tag = sent(t, prop.wire, prop.required || flag(first, "x-go-required"), prop.plain())
	} else {
		f.Type, f.Tag = received(t, prop, prop.plain() || l.isPlainInEvents(p.scope, first, t))
	}
	if p.scope.isForeign(first) {
		f.Doc = ownLink.ReplaceAllString(f.Doc, "[${1}api.${2}")
	}
	if f.Credential = prop.credential(); f.Credential {
		f.Tag += ` clerk:"credential"`
	}
	return f, nil
}

// spoken is the schema with the words of a property: the property itself, or the scalar
// that it refers to, which has no type of its own in Go.
func (l *lowering) spoken(s *yaml.Node) *yaml.Node {
	target := description.Resolve(l.root, s)
	if target == nil || target == s || description.Text(s, "description") != "" || isStruct(target) || isEnum(target) {
		return s
	}
	return target
}

// sent is the type of a field that callers set: an optional one is Optional, and a
// required one that may be null is a pointer, unless null means nothing.
func sent(t goType, wire string, required, plain bool) (expr, tag string) {
	switch {
	case !required:
		return "clerk.Optional[" + t.expr + "]", fmt.Sprintf(`json:"%s,omitzero"`, wire)
	case t.nullable && !t.nilable() && !plain:
		return "*" + t.expr, fmt.Sprintf(`json:"%s"`, wire)
	}
	return t.expr, fmt.Sprintf(`json:"%s"`, wire)
}

// received is the type of a field of a response: one that may be missing or null is a
// pointer, unless its zero value says the same. The zero value of ids and of fields
// marked as plain cannot be mistaken for a real one.
func received(t goType, prop property, plain bool) (expr, tag string) {
	wire := prop.wire
	plain = plain || (wire == "id" || wire == "object") && t.expr == "string" && !t.nullable
	expr = t.expr
	if (!prop.required || t.nullable) && !t.nilable() && !plain {
		expr = "*" + expr
	}
	switch {
	case prop.required, prop.present && t.nullable:
		return expr, fmt.Sprintf(`json:"%s"`, wire)
	case t.expr == "clerk.Metadata":
		return expr, fmt.Sprintf(`json:"%s,omitzero"`, wire)
	}
	return expr, fmt.Sprintf(`json:"%s,omitempty"`, wire)
}
