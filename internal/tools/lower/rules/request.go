package rules

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// paginated is the query parameter that makes the API apply limit and offset to a list
// that it otherwise sends as a whole. Functions always send it.
const paginated = "paginated"

// parameters lowers path and query parameters.
func (l *lowering) parameters(o *surface.Operation, sc *scope, op *yaml.Node) error {
	params := &surface.Type{
		Name: o.Name + "Params", Kind: surface.Struct,
		Doc:    o.Name + "Params are the parameters of [" + o.Name + "].",
		Source: "query of " + o.Method + " " + o.Path,
	}
	for _, ref := range description.Items(description.Get(op, "parameters")) {
		p, err := l.follow(ref)
		if err != nil {
			return fail(params.Source, "%w", err)
		}
		switch in := description.Text(p, "in"); {
		case in == "path":
			id, err := l.pathParameter(o, sc, p)
			if err != nil {
				return err
			}
			o.IDs = append(o.IDs, id)
		case in != "query":
			return fail(params.Source, "the parameter %s is in %s, which is not supported", description.Text(p, "name"), in)
		case description.Text(p, "name") == paginated:
			o.Paginated = true
		default:
			f, err := l.queryField(o, sc, p)
			if err != nil {
				return err
			}
			params.Fields = append(params.Fields, f)
		}
	}
	if len(params.Fields) == 0 {
		return nil
	}
	sc.pkg.Types = append(sc.pkg.Types, params)
	o.Params, o.Carrier, o.Query = params.Name, surface.QueryValue, params.Fields
	o.Cursor = l.cursor(o, op)
	return nil
}

// pathParameter lowers one path parameter: a string, or a type with its known values.
func (l *lowering) pathParameter(o *surface.Operation, sc *scope, p *yaml.Node) (surface.ID, error) {
	wire := description.Text(p, "name")
	id := surface.ID{Wire: wire, Variable: description.Text(p, "x-go-name")}
	if id.Variable == "" {
		id.Variable = variableName(wire)
	}
	schema, err := l.follow(description.Get(p, "schema"))
	if err != nil || schema == nil || !isEnum(schema) && description.Text(schema, "x-go-type") == "" {
		return id, err
	}
	at := "path parameter " + wire + " of " + o.Method + " " + o.Path
	t, err := l.typeOf(schema, place{
		scope: sc, name: o.Name + GoName(wire), wire: wire, property: true, at: at,
		field: id.Variable + " of [" + o.Name + "]",
	})
	id.Type = t.expr
	return id, err
}

// queryField lowers one query parameter: optional scalars are Optional, and lists are
// plain slices, which are not sent if nil.
func (l *lowering) queryField(o *surface.Operation, sc *scope, p *yaml.Node) (surface.Field, error) {
	wire, schema := description.Text(p, "name"), description.Get(p, "schema")
	at := "query parameter " + wire + " of " + o.Method + " " + o.Path
	name := description.Text(p, "x-go-name")
	if name == "" {
		name = GoName(wire)
	}
	t, err := l.typeOf(schema, place{
		scope: sc, name: o.Name + name, wire: wire, property: true, at: at,
		fact:  fmt.Sprintf("is the type of %s in [%sParams].", name, o.Name),
		field: fmt.Sprintf("%s of [%sParams]", name, o.Name),
	})
	if err != nil {
		return surface.Field{}, err
	}
	target, err := l.follow(schema)
	if err != nil {
		return surface.Field{}, fail(at, "%w", err)
	}
	if isPaging(wire) {
		t.expr = "int" // the type in clerk.Pages
	}
	f := surface.Field{Name: name, Wire: wire, Type: t.expr, Tag: fmt.Sprintf(`query:"%s"`, wire), Doc: fieldDoc(name, p)}
	if style := description.Text(p, "style"); style != "" && style != "form" {
		return f, fail(at, "the style %s is not supported", style)
	}
	kind := description.Text(target, "type")
	if kind == "array" {
		words, rest, _ := strings.Cut(f.Doc, "\n\n")
		f.Doc = paragraphs(words+" Nil means no filter; an empty list that is not nil is refused.", rest)
	}
	switch {
	case kind == "array" && description.Text(p, "explode") == "false":
		f.Tag = fmt.Sprintf(`query:"%s,comma"`, wire)
		o.Comma = append(o.Comma, wire)
	case kind == "array":
	case kind == "object" || kind == "":
		return f, fail(at, "a query parameter must be a scalar or a list")
	case t.expr == "time.Time" && kind != "integer":
		return f, fail(at, "a time in a query is a number of milliseconds")
	}
	if description.Text(target, "type") != "array" && !flag(p, "required") {
		f.Type = "clerk.Optional[" + t.expr + "]"
	}
	return f, nil
}

func isPaging(wire string) bool { return wire == "limit" || wire == "offset" }

// body lowers the request body. Params are passed by value even if the body is
// optional: without any field set it is {}.
func (l *lowering) body(o *surface.Operation, sc *scope, op *yaml.Node) error {
	at := "body of " + o.Method + " " + o.Path
	body, err := l.follow(description.Get(op, "requestBody"))
	if err != nil || body == nil {
		return err
	}
	query := takeQuery(o, sc)
	media, schema := "", (*yaml.Node)(nil)
	for m, v := range description.Pairs(description.Get(body, "content")) {
		media, schema = m, description.Get(v, "schema")
	}
	target, err := l.follow(schema)
	if err != nil {
		return fail(at, "%w", err)
	}
	o.Params = o.Name + "Params"
	if name := decidedName(schema, false); name != "" {
		o.Params = name
	}
	if object := media == "application/json" && isStruct(target); len(query) > 0 && !object {
		return fail(at, "only a JSON object can come with a query")
	}
	place := place{scope: sc, name: o.Params, at: at, fact: "are the parameters of [" + o.Name + "].", params: true}
	switch {
	case media == "application/json" && description.Text(target, "type") == "array":
		o.Carrier = surface.JSONBody
		return l.arrayBody(o, target, place)
	case media == "application/json":
		o.Carrier = surface.JSONBody
	case media == "multipart/form-data":
		o.Carrier = surface.FormBody
	default:
		return fail(at, "the media type %q is not supported", media)
	}
	if _, err := l.structure(target, place); err != nil {
		return err
	}
	if o.Carrier == surface.FormBody {
		return formTags(o, sc)
	}
	t := sc.pkg.Type(o.Params)
	t.Fields = append(t.Fields, query...)
	o.Constant = t.Constant
	for _, f := range t.Fields {
		if f.Type == "api.Actor" {
			o.Needed = append(o.Needed, f)
		}
	}
	return nil
}

// takeQuery removes the params that an operation has for its query, and returns their
// fields as those of a struct that also has the body.
func takeQuery(o *surface.Operation, sc *scope) []surface.Field {
	sc.pkg.Types = slices.DeleteFunc(sc.pkg.Types, func(t *surface.Type) bool { return t.Name == o.Params })
	fields := slices.Clone(o.Query)
	for i := range fields {
		fields[i].Tag = `json:"-" ` + fields[i].Tag
	}
	return fields
}

func (l *lowering) arrayBody(o *surface.Operation, target *yaml.Node, p place) error {
	items := p
	items.params = false
	items.name = singular(nouns(o.Name))
	items.fact = "is an element of [" + o.Params + "]."
	t, err := l.typeOf(description.Get(target, "items"), items)
	if err != nil {
		return err
	}
	p.scope.pkg.Types = append(p.scope.pkg.Types, &surface.Type{
		Name: o.Params, Kind: surface.Defined, Underlying: "[]" + t.expr,
		Doc: typeDoc(o.Params, description.Text(target, "description"), target, o.Params+" "+p.fact), Source: p.at,
	})
	return nil
}

// formTags turns the JSON tags of a multipart body into form tags.
func formTags(o *surface.Operation, sc *scope) error {
	t := sc.pkg.Type(o.Params)
	for i := range t.Fields {
		f := &t.Fields[i]
		f.Tag = fmt.Sprintf(`form:"%s"`, f.Wire)
	}
	o.Form = t.Fields
	return nil
}

// cursor finds the parameters to continue a list after an item. A cursor follows the
// order that is the default in the description.
func (l *lowering) cursor(o *surface.Operation, op *yaml.Node) *surface.Cursor {
	var c surface.Cursor
	for _, f := range o.Query {
		switch f.Wire {
		case "starting_after":
			c.After = f
		case "order_by":
			c.Order = f
		}
	}
	for _, p := range description.Items(description.Get(op, "parameters")) {
		if target := description.Resolve(l.root, p); description.Text(target, "name") == c.Order.Wire {
			c.Field = strings.TrimLeft(description.Text(description.Get(target, "schema"), "default"), "+-")
		}
	}
	if c.After.Name == "" || c.Field == "" {
		return nil
	}
	return &c
}
