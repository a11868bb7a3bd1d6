package facts_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// item removes one member of a list by its value.
func item(n *yaml.Node, value string) {
	n.Content = slices.DeleteFunc(n.Content, func(c *yaml.Node) bool { return c.Value == value })
}

func TestOneDeletionIsOneFact(t *testing.T) {
	t.Parallel()
	get, del := description.Get, description.Delete
	body := []string{"paths", "/books", "post", "requestBody", "content", "application/json", "schema"}
	tests := []struct {
		name, want string
		delete     func(doc *yaml.Node)
	}{
		{"operation", "POST /books", func(d *yaml.Node) { del(get(d, "paths", "/books"), "post") }},
		{"path with one operation", "GET /ping", func(d *yaml.Node) { del(get(d, "paths"), "/ping") }},
		{"field of a referenced branch", "schema Gift > .giver", func(d *yaml.Node) {
			del(get(d, "components", "schemas", "Gift", "properties"), "giver")
		}},
		{"field of an inline branch", "schema Book > .origin > oneOf #1 > .price", func(d *yaml.Node) {
			del(get(get(d, "components", "schemas", "Book", "properties", "origin", "oneOf").Content[1], "properties"), "price")
		}},
		{"branch", "schema Book > .origin > oneOf Gift", func(d *yaml.Node) {
			branches := get(d, "components", "schemas", "Book", "properties", "origin", "oneOf")
			branches.Content = branches.Content[1:]
		}},
		{"enum of one value", "schema Book > .object > enum", func(d *yaml.Node) {
			del(get(d, "components", "schemas", "Book", "properties", "object"), "enum")
		}},
		{"value of a request's enum", `POST /books > body > application/json > schema > .binding > enum > "soft"`, func(d *yaml.Node) {
			item(get(d, append(slices.Clone(body), "properties", "binding", "enum")...), "soft")
		}},
		{"required of a response", "schema Book > required", func(d *yaml.Node) {
			del(get(d, "components", "schemas", "Book"), "required")
		}},
		{"required of a body", "POST /books > body > required", func(d *yaml.Node) {
			del(get(d, "paths", "/books", "post", "requestBody"), "required")
		}},
		{"status", "GET /books > 401", func(d *yaml.Node) { del(get(d, "paths", "/books", "get", "responses"), "401") }},
		{"header", "GET /books > 200 > header X-Total", func(d *yaml.Node) {
			del(get(d, "paths", "/books", "get", "responses", "200", "headers"), "X-Total")
		}},
		{"referenced parameter", "GET /books > query limit", func(d *yaml.Node) {
			parameters := get(d, "paths", "/books", "get", "parameters")
			parameters.Content = parameters.Content[:1]
		}},
		{"default", "GET /books > query sort > schema > default", func(d *yaml.Node) {
			del(get(get(d, "paths", "/books", "get", "parameters").Content[0], "schema"), "default")
		}},
		{"mapping", "schema Book > .origin > discriminator > mapping", func(d *yaml.Node) {
			del(get(d, "components", "schemas", "Book", "properties", "origin", "discriminator"), "mapping")
		}},
		{"values of a map", "schema Book > .tags > {}", func(d *yaml.Node) {
			del(get(d, "components", "schemas", "Book", "properties", "tags"), "additionalProperties")
		}},
		{"closed object", "POST /books > body > application/json > schema > additionalProperties", func(d *yaml.Node) {
			del(get(d, body...), "additionalProperties")
		}},
		{"nullable", "schema Book > .year > nullable", func(d *yaml.Node) {
			del(get(d, "components", "schemas", "Book", "properties", "year"), "nullable")
		}},
		{"deprecation", "POST /books > deprecated", func(d *yaml.Node) { del(get(d, "paths", "/books", "post"), "deprecated") }},
	}
	whole := of(t, library(t))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := library(t)
			tt.delete(doc)
			less := of(t, doc)
			if diff := cmp.Diff(facts.Difference{Lost: []string{tt.want}}, facts.Compare(whole, less)); diff != "" {
				t.Errorf("deleting (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(facts.Difference{Added: []string{tt.want}}, facts.Compare(less, whole)); diff != "" {
				t.Errorf("putting back (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChangedValue(t *testing.T) {
	t.Parallel()
	doc := library(t)
	description.Set(description.Get(doc, "components", "schemas", "Book", "properties", "year"), "format", "int64")
	want := facts.Difference{Changed: []facts.Change{{Key: "schema Book > .year > format", Was: `"int32"`, Is: `"int64"`}}}
	if diff := cmp.Diff(want, facts.Compare(of(t, library(t)), of(t, doc))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTypesOfValuesMatter(t *testing.T) {
	t.Parallel()
	doc := library(t)
	enum := description.Get(doc, "components", "schemas", "Book", "properties", "object", "enum")
	enum.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}}
	text := library(t)
	description.Get(text, "components", "schemas", "Book", "properties", "object", "enum").Content[0].Value = "true"
	d := facts.Compare(of(t, text), of(t, doc))
	if len(d.Lost) != 1 || len(d.Added) != 1 {
		t.Errorf("the text true and the bool true are equal: %+v", d)
	}
}

func TestWordsAndOrderAreNotFacts(t *testing.T) {
	t.Parallel()
	doc := library(t)
	turn(doc)
	for p := range description.Places(doc) {
		description.Set(p.Node, "x-go-name", "Anything")
		if description.IsWord(p.Kind, "description") {
			description.Set(p.Node, "description", "Something else")
		}
	}
	if d := facts.Compare(of(t, library(t)), of(t, doc)); !d.Empty() {
		t.Errorf("differs: %+v", d)
	}
}
