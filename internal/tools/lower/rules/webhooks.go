package rules

import (
	"cmp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// webhooks lowers the events of a merged description, and the models that only they have.
// It returns nil if the description has no events.
func (l *lowering) webhooks() (*surface.Package, error) {
	doc := description.Get(l.root, description.WebhooksKey)
	if doc == nil {
		return nil, nil
	}
	sc := newScope("webhooks", false)
	sc.own = map[*yaml.Node]bool{}
	sc.owns(doc)
	for _, s := range description.Pairs(description.Get(doc, "components", "schemas")) {
		collect(sc, s, false)
	}
	for typ, item := range description.Pairs(description.Get(doc, "x-webhooks")) {
		e, err := l.event(sc, typ, description.Get(item, "post"))
		if err != nil {
			return nil, err
		}
		sc.pkg.Events = append(sc.pkg.Events, e)
	}
	return sc.pkg, nil
}

// owns records that n and everything in it belong to the package of c.
func (c *scope) owns(n *yaml.Node) {
	c.own[n] = true
	for _, child := range n.Content {
		c.owns(child)
	}
}

// EventName is the Go name of an event, of its constant and of its handler.
func EventName(typ string, op *yaml.Node) string {
	return cmp.Or(description.Text(op, "x-go-name"), GoName(typ))
}

// event lowers the operation that an event is described as.
func (l *lowering) event(sc *scope, typ string, op *yaml.Node) (surface.Event, error) {
	at := "event " + typ
	content, err := l.shapeOf(description.Get(op, "requestBody", "content", "application/json", "schema"), 0)
	if err != nil {
		return surface.Event{}, fail(at, "%w", err)
	}
	data := content.find("data")
	if data == nil {
		return surface.Event{}, fail(at, "the event has no data")
	}
	t, err := l.typeOfVariants(data.schemas, place{scope: sc, name: GoName(typ), wire: "data", at: at, fact: "is the data of " + typ + "."})
	if err != nil {
		return surface.Event{}, err
	}
	words := split(t.expr)
	return surface.Event{
		Name: EventName(typ, op), Type: typ, Doc: strings.TrimSpace(description.Text(op, "description")),
		Data: t.expr, Argument: variableName(words[len(words)-1]),
	}, nil
}

// isForeign reports whether s belongs to the models, whose types the package of c imports.
func (c *scope) isForeign(s *yaml.Node) bool { return c.own != nil && !c.own[s] }

// importedType is the type of a schema of the models as another package writes it.
func (l *lowering) importedType(s *yaml.Node, p place) (goType, error) {
	p.scope = l.models
	t, err := l.typeOf(s, p)
	return goType{surface.Qualify(l.models.pkg.Name, t.expr), t.nullable}, err
}

// isPlainInEvents reports whether the zero value of a field says that an event does not
// have it. Events leave out what their description requires, so nothing there is required.
func (l *lowering) isPlainInEvents(c *scope, s *yaml.Node, t goType) bool {
	return c.own[s] && !t.nullable && !isStruct(description.Resolve(l.root, s))
}
