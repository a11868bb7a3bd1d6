package facts_test

import (
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

func TestDuplicateIsAnError(t *testing.T) {
	t.Parallel()
	doc := library(t)
	parameters := description.Get(doc, "paths", "/books", "get", "parameters")
	parameters.Content = append(parameters.Content, description.Clone(parameters.Content[0]))
	if _, err := facts.Of(doc); err == nil || !strings.Contains(err.Error(), "GET /books > query sort appears twice") {
		t.Errorf("Of = %v", err)
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	whole := of(t, library(t))
	doc := library(t)
	turn(doc)
	if got, want := of(t, doc).Digest(), whole.Digest(); got != want {
		t.Errorf("the same facts have the digests %s and %s", got, want)
	}
	description.Delete(description.Get(doc, "paths", "/books"), "post")
	if of(t, doc).Digest() == whole.Digest() {
		t.Error("the digest does not change when an operation is lost")
	}
}
