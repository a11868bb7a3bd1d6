package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// TestOrderAndProseChangeNothing imports a document with the same facts, but its keys
// reversed and other sentences and comments.
func TestOrderAndProseChangeNothing(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := description.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for p := range description.Places(doc) {
		if description.Get(p.Node, "description") != nil {
			description.Set(p.Node, "description", "Other prose of the publisher, stamped in milliseconds")
		}
	}
	turn(doc)
	doc.HeadComment = "A comment"
	var turned bytes.Buffer
	if err := yaml.NewEncoder(&turned).Encode(doc); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "spec.yaml")
	if err := os.WriteFile(file, turned.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := imported(t)
	before := content(t, dir)
	if out, _ := tool(t, fine, dir, "diff", file); !strings.HasPrefix(out, "nothing differs: ") || strings.Count(out, "\n") != 1 {
		t.Errorf("diff reports: %s", out)
	}
	tool(t, fine, dir, "import", file)
	after := content(t, dir)
	if before["LOCK"] == after["LOCK"] {
		t.Error("LOCK still has the digest of the other file")
	}
	delete(before, "LOCK")
	delete(after, "LOCK")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
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

func TestOperationName(t *testing.T) {
	t.Parallel()
	tests := []struct{ route, id, want string }{
		{"GET /books", "GetBookList", "ListBooks"},
		{"GET /books", "GetCountryList", "ListCountries"},
		{"GET /books", "GetNewsList", "ListNews"},
		{"GET /books", "GetWaitlist", "GetWaitlist"},
		{"POST /books", "GetBookList", "GetBookList"},
		{"GET /keys", "getApiKey", "GetAPIKey"},
		{"PATCH /books/{id}", "update_book", "UpdateBook"},
	}
	for _, tt := range tests {
		p := &description.Place{Address: tt.route, Step: tt.route, Kind: description.Operation, Node: description.Map("operationId", tt.id)}
		if got := operationName(p); got != tt.want {
			t.Errorf("%s is %s, want %s", fmt.Sprint(tt.route, " ", tt.id), got, tt.want)
		}
	}
}
