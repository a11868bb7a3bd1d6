package description

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// WholeWebhooks returns a description of events as one document, as they are published:
// with the schemas of components.yaml that it refers to, whose names it also returns, and
// with local references only. doc has the components that the packages share.
func WholeWebhooks(events, doc *yaml.Node) (whole *yaml.Node, shared map[string]bool) {
	whole = Clone(events)
	rewriteRefs(whole, componentsFile+"#/", "#/")
	shared = map[string]bool{}
	schemas := schemasOf(whole)
	for missing := unresolved(whole); len(missing) > 0; missing = unresolved(whole) {
		found := false
		for _, name := range missing {
			if s := Get(doc, "components", "schemas", name); s != nil {
				Set(schemas, name, Clone(s))
				shared[name], found = true, true
			}
		}
		if !found {
			break // whoever follows the references reports them
		}
	}
	return whole, shared
}

// schemasOf returns the schemas of a document, which are added when it has none.
func schemasOf(doc *yaml.Node) *yaml.Node {
	if Get(doc, "components") == nil {
		Set(doc, "components", Map())
	}
	components := Get(doc, "components")
	if Get(components, "schemas") == nil {
		Set(components, "schemas", Map())
	}
	return Get(components, "schemas")
}

// unresolved lists the schemas that a document refers to and does not have.
func unresolved(doc *yaml.Node) []string {
	var names []string
	eachRef(doc, func(ref *yaml.Node) {
		if name, ok := strings.CutPrefix(ref.Value, schemaRefs); ok && Get(doc, "components", "schemas", name) == nil {
			names = append(names, name)
		}
	})
	return names
}

// PublishedWebhooks returns a description of events as one document, without what is not
// published but known from elsewhere. Its facts are those of the published document.
func PublishedWebhooks(events, doc *yaml.Node) *yaml.Node {
	whole, _ := WholeWebhooks(withoutUnpublished(events), doc)
	return whole
}

// UnpublishedKey marks what is not published but known from elsewhere.
const UnpublishedKey = "x-go-unpublished"

func withoutUnpublished(events *yaml.Node) *yaml.Node {
	events = Clone(events)
	for p := range Places(events) {
		for _, key := range []string{"x-webhooks", "properties"} {
			holder := Get(p.Node, key)
			for _, name := range names(holder) {
				if n := Get(holder, name); Text(n, UnpublishedKey) == "true" || Text(n, "post", UnpublishedKey) == "true" {
					Delete(holder, name)
				}
			}
		}
	}
	return events
}

// ShareWebhooks returns a whole description of events with references to what
// components.yaml also has. A schema that is the same as another one in Go keeps its facts
// and no words. own are the names of models of package webhooks, which stay, unless
// components.yaml has their words, too. It returns the names of the shared schemas, too.
func ShareWebhooks(whole, doc *yaml.Node, own map[string]bool) (events *yaml.Node, shared map[string]bool) {
	alike := equal(whole, doc, own)
	shared = reached(withoutUnpublished(whole), alike)
	events = Clone(whole)
	schemas := Get(events, "components", "schemas")
	for name := range alike {
		if shared[name] {
			Delete(schemas, name)
		} else {
			Set(Get(schemas, name), SameAsKey, name) // nothing refers to it
		}
	}
	eachRef(events, func(ref *yaml.Node) {
		if name := strings.TrimPrefix(ref.Value, schemaRefs); name != ref.Value && Get(events, "components", "schemas", name) == nil {
			ref.Value = componentsFile + ref.Value
		}
	})
	for _, s := range Pairs(schemas) {
		if target := Text(s, SameAsKey); target != "" {
			withoutWords(s)
			s.Content = append(Map(SameAsKey, target).Content, s.Content...)
		}
	}
	return events, shared
}

// withoutWords deletes our words from a schema and everything in it.
func withoutWords(schema *yaml.Node) {
	holder := Map("components", Map("schemas", Map("it", schema)))
	for p := range Places(holder) {
		for key := range Pairs(p.Words()) {
			Delete(p.Node, key)
		}
	}
}

// equal lists the schemas of a whole description of events that components.yaml has with
// the same facts, and with references to nothing that it has otherwise, except for what is
// the same as a schema of components.yaml in Go.
func equal(whole, doc *yaml.Node, own map[string]bool) map[string]bool {
	schemas, others := Get(whole, "components", "schemas"), Get(doc, "components", "schemas")
	found := map[string]bool{}
	for name, s := range Pairs(schemas) {
		other := Get(others, name)
		if other == nil || !SameSchema(s, other, func(a, b string) bool { return a == b }) || own[name] && Value(s) != Value(other) {
			continue
		}
		found[name] = true
	}
	for changed := true; changed; {
		changed = false
		for name := range found {
			eachRef(Get(schemas, name), func(ref *yaml.Node) {
				target := strings.TrimPrefix(ref.Value, schemaRefs)
				if found[name] && !found[target] && Text(Get(schemas, target), SameAsKey) != target {
					delete(found, name)
					changed = true
				}
			})
		}
	}
	return found
}

// reached are those of the equal schemas that something else refers to. What nothing
// refers to would not be described any more.
func reached(whole *yaml.Node, equal map[string]bool) map[string]bool {
	out := map[string]bool{}
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		eachRef(n, func(ref *yaml.Node) {
			if name := strings.TrimPrefix(ref.Value, schemaRefs); equal[name] && !out[name] {
				out[name] = true
				visit(Get(whole, "components", "schemas", name))
			}
		})
	}
	visit(Get(whole, "x-webhooks"))
	for name, s := range Pairs(Get(whole, "components", "schemas")) {
		if !equal[name] {
			visit(s)
		}
	}
	return out
}

// KeepUnpublished adds what is not published to a published document, at the places that
// it has. before is a whole description of events, and retired has the unpublished of
// places that were gone.
func KeepUnpublished(published, before *yaml.Node, retired map[string]*yaml.Node) {
	places := Index(published)
	add := func(address string, n *yaml.Node) {
		if places[address] != nil {
			return // it is published now
		}
		if typ, ok := strings.CutPrefix(address, "event "); ok && !strings.Contains(address, Separator) {
			Set(Get(published, "x-webhooks"), typ, Map("post", Clone(n)))
			return
		}
		i := strings.LastIndex(address, Separator)
		if i < 0 || places[address[:i]] == nil {
			return
		}
		if field, ok := strings.CutPrefix(address[i+len(Separator):], "."); ok {
			up := places[address[:i]].Node
			if Get(up, "properties") == nil {
				Set(up, "properties", Map())
			}
			Set(Get(up, "properties"), field, Clone(n))
		}
	}
	for p := range Places(before) {
		if Get(p.Node, UnpublishedKey) != nil {
			add(p.Address, p.Node)
		}
	}
	for address, n := range retired {
		if Get(n, UnpublishedKey) != nil {
			add(address, n)
		}
	}
}
