package rules

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// result decides what an operation returns.
func (l *lowering) result(o *surface.Operation, sc *scope, op *yaml.Node) error {
	at := o.Method + " " + o.Path
	code, response, name, err := l.success(op)
	if err != nil {
		return fail(at, "%w", err)
	}
	if o.Status, err = strconv.Atoi(code); err != nil {
		return fail(at, "the success status %q is not a number", code)
	}
	if t := description.Text(response, "x-go-type"); t != "" {
		o.Result = t
		return nil
	}
	schema, err := content(response)
	if err != nil {
		return fail("response of "+at, "%w", err)
	}
	if schema == nil {
		return nil
	}
	if decided := decidedName(schema, false); decided != "" {
		name = decided
	} else if name == "" {
		name = o.Name + "Result"
	}
	if done, err := l.list(o, sc, schema); err != nil || done {
		return err
	}
	t, err := l.typeOf(schema, place{
		scope: l.models, name: name, at: "response of " + at,
		fact: "is the response of " + at + ".",
	})
	if err != nil {
		return err
	}
	o.Result, err = l.model(t.expr, name, sc, at, schema)
	return err
}

// success returns the first success response with a body, else the first one.
func (l *lowering) success(op *yaml.Node) (code string, response *yaml.Node, name string, err error) {
	for c, r := range description.Pairs(description.Get(op, "responses")) {
		if !strings.HasPrefix(c, "2") {
			continue
		}
		target, err := l.follow(r)
		if err != nil {
			return "", nil, "", err
		}
		has := description.Get(target, "content") != nil
		if code == "" || has && description.Get(response, "content") == nil {
			code, response, name = c, target, ""
			if published, ok := strings.CutPrefix(description.Text(r, "$ref"), "#/components/responses/"); ok {
				name = GoName(published)
			}
		}
	}
	if code == "" {
		return "", nil, "", fail("", "no success response")
	}
	return code, response, name, nil
}

// content returns the JSON schema of a response, nil without one.
func content(response *yaml.Node) (*yaml.Node, error) {
	media := description.Get(response, "content")
	if media == nil || len(media.Content) == 0 {
		return nil, nil
	}
	if json := description.Get(media, "application/json"); json != nil {
		return description.Get(json, "schema"), nil
	}
	return nil, fail("", "the media type %q is not supported", media.Content[0].Value)
}

// model makes sure that a result has a name, and declares an alias for it in the package.
func (l *lowering) model(expr, name string, sc *scope, at string, schema *yaml.Node) (string, error) {
	if l.models.pkg.Type(expr) != nil {
		return sc.alias(l.models, expr), nil
	}
	kind, runtime := surface.Defined, strings.Contains(expr, ".") && !strings.HasPrefix(expr, "[]") && !strings.HasPrefix(expr, "map[")
	switch {
	case runtime && decidedName(schema, false) == "":
		return expr, nil
	case runtime:
		kind = surface.Alias // keeps the methods
	}
	if l.models.pkg.Type(name) != nil {
		return "", fail("response of "+at, "the type name api.%s is taken: add an x-go-name to the response", name)
	}
	l.models.pkg.Types = append(l.models.pkg.Types, &surface.Type{
		Name: name, Kind: kind, Underlying: expr,
		Doc: typeDoc(name, description.Text(schema, "description"), schema, name+" is the response of "+at+"."), Source: "response of " + at,
	})
	return sc.alias(l.models, name), nil
}

// list lowers a response that is a list. It reports false if it is not a list.
func (l *lowering) list(o *surface.Operation, sc *scope, schema *yaml.Node) (bool, error) {
	at := "response of " + o.Method + " " + o.Path
	target, err := l.follow(schema)
	if err != nil {
		return false, fail(at, "%w", err)
	}
	array, shape := target, surface.BareArray
	if description.Text(target, "type") != "array" {
		key, listed, err := l.listKey(target)
		if err != nil || key == "" {
			return false, err
		}
		if shape = surface.ListShape(key); shape != surface.DataKey && shape != surface.M2MKey {
			return false, fail(at, "clerk.List does not support the key %q", key)
		}
		array = listed
	}
	name := singular(nouns(o.Name))
	if published := component(schema); published != "" && shape == surface.BareArray {
		name = GoName(published) // an array that is named like its item
	}
	t, err := l.typeOf(description.Get(array, "items"), place{
		scope: l.models, name: name, at: at,
		fact: "is an item of the list that " + o.Method + " " + o.Path + " returns.",
	})
	if err != nil {
		return false, err
	}
	o.List, o.Item = shape, t.expr
	if item := l.models.pkg.Type(t.expr); item != nil {
		o.Item, o.Identified = sc.alias(l.models, t.expr), item.Identified()
	}
	o.Result = "clerk.List[" + o.Item + "]"
	return true, nil
}

// listKey returns the property with the elements of a list object, and its array: the
// only property besides total_count.
func (l *lowering) listKey(s *yaml.Node) (string, *yaml.Node, error) {
	props := description.Get(s, "properties")
	if description.Get(props, "total_count") == nil || len(props.Content) != 4 {
		return "", nil, nil
	}
	for key, v := range description.Pairs(props) {
		target, err := l.follow(v)
		if err != nil {
			return "", nil, err
		}
		if description.Text(target, "type") == "array" {
			return key, target, nil
		}
	}
	return "", nil, nil
}

// nouns returns what a list function lists: Users for ListUsers.
func nouns(function string) string {
	for _, verb := range []string{"List", "Get", "Replace", "Create"} {
		if rest, ok := strings.CutPrefix(function, verb); ok && rest != "" {
			return rest
		}
	}
	return function
}

// iterator names the function that iterates over all pages of a list. Only lists with
// limit and offset have one.
func iterator(o *surface.Operation) string {
	paging := 0
	for _, f := range o.Query {
		if isPaging(f.Wire) {
			paging++
		}
	}
	if o.List == "" || paging < 2 {
		return ""
	}
	return "All" + nouns(o.Name)
}
