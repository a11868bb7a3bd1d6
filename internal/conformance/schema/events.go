package schema

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// Events returns the schema of the data of each event in openapi/webhooks.yaml, by type.
// It validates that file as if its events were operations.
func Events(tb testing.TB) map[string]*openapi3.SchemaRef {
	tb.Helper()
	doc, err := description.LoadAmended(folder())
	if err != nil {
		tb.Fatal(err)
	}
	events, err := description.LoadWebhooks(folder())
	if err != nil {
		tb.Fatal(err)
	}
	events = description.WebhooksInGo(events, doc)
	localReferences(events)
	paths := description.Map()
	for typ, item := range description.Pairs(description.Get(events, "x-webhooks")) {
		description.Set(description.Get(item, "post"), "responses", description.Map("204", description.Map("description", "taken")))
		description.Set(paths, "/"+typ, item)
	}
	description.Set(doc, "paths", paths)
	schemas := description.Get(doc, "components", "schemas")
	for name, s := range description.Pairs(description.Get(events, "components", "schemas")) {
		if description.Get(schemas, name) != nil {
			tb.Errorf("%s is described twice", name)
		}
		description.Set(schemas, name, s)
	}
	found := map[string]*openapi3.SchemaRef{}
	for path, item := range load(tb, doc).Paths.Map() {
		for _, part := range Body(item.Post.RequestBody.Value.Content, "application/json").Value.AllOf {
			if data := part.Value.Properties["data"]; data != nil {
				found[path[1:]] = data
			}
		}
	}
	return found
}

// localReferences makes references to components.yaml lead into the same document.
func localReferences(n *yaml.Node) {
	if path, other := strings.CutPrefix(n.Value, "components.yaml#/"); other && n.Kind == yaml.ScalarNode {
		n.Value = "#/" + path
	}
	for _, child := range n.Content {
		localReferences(child)
	}
}
