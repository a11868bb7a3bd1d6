package main

import (
	"bytes"
	"os"
	"path/filepath"
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
