package facts_test

import (
	"os"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
	"github.com/backend-sdk/clerk-go/internal/tools/publishedtest"
)

const dir = "../../../openapi"

func library(t *testing.T) *yaml.Node {
	t.Helper()
	data, err := os.ReadFile("testdata/api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := description.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func of(t *testing.T, doc *yaml.Node) facts.Set {
	t.Helper()
	set, err := facts.Of(doc)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// turn reverses the keys of every mapping.
func turn(n *yaml.Node) {
	for _, child := range n.Content {
		turn(child)
	}
	if n.Kind == yaml.MappingNode {
		pairs := slices.Collect(slices.Chunk(slices.Clone(n.Content), 2))
		slices.Reverse(pairs)
		n.Content = slices.Concat(pairs...)
	}
}

// publishedDocument returns the published document that LOCK names, with its version, and
// skips the test without it.
func publishedDocument(t *testing.T) (doc *yaml.Node, version string) {
	t.Helper()
	lock, err := description.ReadLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(publishedtest.Path(t, lock.Version))
	if err != nil {
		t.Fatal(err)
	}
	doc, err = description.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc, lock.Version
}
