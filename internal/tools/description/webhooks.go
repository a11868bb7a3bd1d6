package description

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// WebhooksKey is the member of a merged document with the description of the events.
const WebhooksKey = "x-go-webhooks"

// SameAsKey decides that a schema of an event is another one in Go: that of
// components.yaml with this name or, without any, that of webhooks.yaml.
const SameAsKey = "x-go-same-as"

// WebhooksFile lists the events, with the components that only they have.
const WebhooksFile = "webhooks.yaml"

const webhooksHeader = `# The facts of this file follow Clerk's published document of webhook events, by way of "make spec".
# Its words and x-go- members are ours: edit them here, then run "make spec" or ".bin/spec format".
# What components.yaml also has is referred to.
`

const schemaRefs = "#/components/schemas/"

// LoadWebhooks reads the description of the events in dir, which [AddWebhooks] adds to the
// rest.
func LoadWebhooks(dir string) (*yaml.Node, error) { return read(dir, WebhooksFile) }

// RenderWebhooks returns the canonical content of WebhooksFile.
func RenderWebhooks(events *yaml.Node) ([]byte, error) {
	events = Clone(events)
	if Get(events, "paths") == nil {
		Set(events, "paths", Map()) // OpenAPI 3.0 requires it
	}
	events, err := Canonical(events)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", WebhooksFile, err)
	}
	return Encode(webhooksHeader, events)
}

// AddWebhooks adds a description of events to a merged document under WebhooksKey, as Go
// follows it. Its references become local to that document.
func AddWebhooks(doc, events *yaml.Node) {
	events = WebhooksInGo(events, doc)
	rewriteRefs(events, "#/", "#/"+WebhooksKey+"/")
	rewriteRefs(events, componentsFile+"#/", "#/")
	Set(doc, WebhooksKey, events)
}

// WebhooksInGo returns a description of events as Go follows it: nothing is required,
// because events are sent without it, and a schema that is decided to be the same as
// another one is a reference to that. doc has the components that the packages share.
func WebhooksInGo(events, doc *yaml.Node) *yaml.Node {
	events = Clone(events)
	same := map[string]string{}
	for p := range Places(events) {
		if p.Kind != Schema {
			continue
		}
		Delete(p.Node, "required")
		name := Text(p.Node, SameAsKey)
		if name == "" {
			continue
		}
		target := schemaRefs + name
		if Get(doc, "components", "schemas", name) != nil {
			target = componentsFile + target
		}
		if p.Up.Kind == Components {
			same[strings.TrimPrefix(p.Step, "schema ")] = target
			continue
		}
		*p.Node = *Map("$ref", target)
	}
	for name, target := range same {
		Delete(Get(events, "components", "schemas"), name)
		renameRefs(events, schemaRefs+name, target)
	}
	return events
}

// renameRefs replaces a reference wherever it occurs.
func renameRefs(n *yaml.Node, from, to string) {
	eachRef(n, func(ref *yaml.Node) {
		if ref.Value == from {
			ref.Value = to
		}
	})
}

// eachRef calls f with every reference and with every target of a discriminator.
func eachRef(n *yaml.Node, f func(ref *yaml.Node)) {
	for key, v := range Pairs(n) {
		switch {
		case key == "$ref" && v.Kind == yaml.ScalarNode:
			f(v)
		case key == "discriminator":
			for _, target := range Pairs(Get(v, "mapping")) {
				f(target)
			}
		}
		eachRef(v, f)
	}
	for _, child := range Items(n) {
		eachRef(child, f)
	}
}
