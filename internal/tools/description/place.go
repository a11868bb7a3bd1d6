package description

import (
	"iter"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Separator divides the steps of an address.
const Separator = " > "

// Place is one object of a description and its address.
type Place struct {
	// Address identifies the place by what it is, never by order or file:
	// "PATCH /users/{user_id} > body > application/json > schema > .username".
	Address string
	// Step is the last part of the address.
	Step string
	Kind Kind
	Node *yaml.Node
	// Up is the object that contains this one, nil for the document.
	Up *Place
}

// Places iterates over every object of a document, each before what it contains. The
// document and its path items are places too. References are not followed.
func Places(doc *yaml.Node) iter.Seq[*Place] {
	return func(yield func(*Place) bool) {
		w := walker{doc: doc, yield: yield}
		w.walk(&Place{Address: "document", Step: "document", Kind: Document, Node: doc})
	}
}

// Index returns the places of a document by address.
func Index(doc *yaml.Node) map[string]*Place {
	all := map[string]*Place{}
	for p := range Places(doc) {
		all[p.Address] = p
	}
	return all
}

type walker struct {
	doc   *yaml.Node
	yield func(*Place) bool
	done  bool
}

func (w *walker) walk(p *Place) {
	if w.done || !w.yield(p) {
		w.done = true
		return
	}
	for _, m := range grammar[p.Kind] {
		if child := Get(p.Node, m.key); child != nil && !w.done {
			w.member(p, m, child)
		}
	}
}

func (w *walker) member(p *Place, m member, n *yaml.Node) {
	switch m.form {
	case one, additional:
		if n.Kind == yaml.MappingNode {
			w.step(p, oneStep(p, m), m.kind, n)
		}
	case named, fields:
		for name, child := range Pairs(n) {
			w.step(p, namedStep(m, name), m.kind, child)
		}
	case list:
		for _, child := range Items(n) {
			w.step(p, w.listStep(m.kind, child), m.kind, child)
		}
	case union:
		for i, child := range Items(n) {
			w.step(p, m.key+" "+branch(n, i), m.kind, child)
		}
	}
}

func (w *walker) step(up *Place, step string, kind Kind, n *yaml.Node) {
	if w.done {
		return
	}
	address := up.Address + Separator + step
	// Operations, events, paths and components start an address of their own: the file or
	// section that contains them is not a fact about them.
	if up.Kind == Document || up.Kind == Components || up.Kind == PathItem && kind == Operation || up.Kind == EventItem {
		address = step
	}
	w.walk(&Place{Address: address, Step: step, Kind: kind, Node: n, Up: up})
}

func oneStep(up *Place, m member) string {
	switch {
	case up.Kind == PathItem:
		return strings.ToUpper(m.key) + " " + strings.TrimPrefix(up.Step, "path ")
	case up.Kind == EventItem:
		return "event " + strings.TrimPrefix(up.Step, "event item ")
	case m.key == "items":
		return "[]"
	case m.key == "additionalProperties":
		return "{}"
	case m.key == "requestBody":
		return "body"
	}
	return m.key
}

func namedStep(m member, name string) string {
	switch m.key {
	case "properties":
		return "." + name
	case "schemas", "responses", "parameters", "headers":
		if m.key == "responses" && IsStatus(name) {
			return name
		}
		return strings.TrimSuffix(m.key, "s") + " " + name
	case "requestBodies":
		return "body " + name
	case "securitySchemes":
		return "security " + name
	case "paths":
		return "path " + name
	case "x-webhooks":
		return "event item " + name
	}
	return name
}

// IsStatus distinguishes the keys of an operation's responses from names of components.
func IsStatus(name string) bool {
	return name == "default" || len(name) == 3 && name[0] >= '1' && name[0] <= '5'
}

func (w *walker) listStep(kind Kind, n *yaml.Node) string {
	if kind == Server {
		return "server " + Text(n, "url")
	}
	target := Resolve(w.doc, n)
	if target == nil {
		return "parameter " + RefName(Text(n, "$ref"))
	}
	return Text(target, "in") + " " + Text(target, "name")
}

// branch names a member of a union: by its reference, or by its position among those
// without one.
func branch(n *yaml.Node, i int) string {
	if ref := Text(n.Content[i], "$ref"); ref != "" {
		return RefName(ref)
	}
	position := 0
	for _, child := range n.Content[:i+1] {
		if Text(child, "$ref") == "" {
			position++
		}
	}
	return "#" + strconv.Itoa(position)
}
