package schema

import (
	"encoding/json"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// Events returns the schema of the data of each event in openapi/webhooks.yaml, by type.
func Events(tb testing.TB) map[string]*openapi3.SchemaRef {
	tb.Helper()
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	file := filepath.Join(Repository(), "openapi", "webhooks.yaml")
	doc := load(tb, loader, file)
	listed, err := json.Marshal(doc.Extensions["x-webhooks"])
	if err != nil {
		tb.Fatal(err)
	}
	var items map[string]*openapi3.PathItem
	if err := json.Unmarshal(listed, &items); err != nil {
		tb.Fatal(err)
	}
	for typ, item := range items { // as paths, the loader resolves what they refer to
		doc.Paths.Set("/"+typ, item)
	}
	if err := loader.ResolveRefsIn(doc, &url.URL{Path: filepath.ToSlash(file)}); err != nil {
		tb.Fatal(err)
	}
	found := map[string]*openapi3.SchemaRef{}
	for typ, item := range items {
		for _, part := range Body(item.Post.RequestBody.Value.Content, "application/json").Value.AllOf {
			if data := part.Value.Properties["data"]; data != nil {
				found[typ] = data
			}
		}
	}
	return found
}
