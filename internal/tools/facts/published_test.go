package facts_test

import (
	"testing"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// TestSameFactsAsPublished compares the description with the published document that
// LOCK names, both ways.
func TestSameFactsAsPublished(t *testing.T) {
	t.Parallel()
	published, version := publishedDocument(t)
	ours, err := description.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	theirs := of(t, published)
	d := facts.Compare(theirs, of(t, ours))
	for _, key := range d.Lost {
		t.Errorf("lost: %s", key)
	}
	for _, key := range d.Added {
		t.Errorf("added: %s", key)
	}
	for _, c := range d.Changed {
		t.Errorf("changed: %s: %s, now %s", c.Key, c.Was, c.Is)
	}
	operations := 0
	for p := range description.Places(published) {
		if p.Kind == description.Operation {
			operations++
		}
	}
	if version == "2026-05-12" && operations != 249 {
		t.Errorf("the published document has %d operations, want 249: was it read completely?", operations)
	}
	t.Logf("version %s: %d operations, %d facts, %d lost, %d added, %d changed",
		version, operations, len(theirs), len(d.Lost), len(d.Added), len(d.Changed))
}
