package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// wordless holds the addresses of what nobody has described yet.
type wordless struct{ operations, schemas, fields []string }

// findWordless looks for operations without a summary or description, and for named
// schemas, fields and parameters without a description.
func findWordless(doc *yaml.Node) wordless {
	var w wordless
	for p := range description.Places(doc) {
		described := description.Text(p.Node, "description") != ""
		switch {
		case p.Kind == description.Operation:
			if !described || description.Text(p.Node, "summary") == "" {
				w.operations = append(w.operations, p.Address)
			}
		case described:
		case p.Kind == description.Schema && p.Up.Kind == description.Components:
			w.schemas = append(w.schemas, p.Address)
		case p.Kind == description.Parameter && description.Text(p.Node, "$ref") == "",
			p.Kind == description.Schema && strings.HasPrefix(p.Step, "."):
			w.fields = append(w.fields, p.Address)
		}
	}
	return w
}

// reportWordless writes what has no words yet: everything in number, and by name what
// came with this document.
func (t *takeover) reportWordless(w io.Writer) {
	without := findWordless(t.doc)
	for _, address := range slices.Concat(without.operations, without.schemas, without.fields) {
		if slices.Contains(t.difference.Added, address) && len(t.ours) > 0 {
			fmt.Fprintln(w, "no words yet:", t.sentence(address))
		}
	}
	count := map[string]int{}
	for _, address := range without.operations {
		pkg, _, _ := strings.Cut(t.names[address], ".")
		count[pkg]++
	}
	each := ""
	for _, pkg := range description.Packages() {
		if count[pkg] > 0 {
			each += fmt.Sprintf(", %s %d", pkg, count[pkg])
		}
	}
	if each != "" {
		each = " (" + each[2:] + ")"
	}
	fmt.Fprintf(w, "no words yet: %d operations%s, %d schemas, %d fields and parameters\n",
		len(without.operations), each, len(without.schemas), len(without.fields))
}

// sentence names a place in one line.
func (t *takeover) sentence(address string) string {
	p := read(address)
	if p.whole {
		return t.title(p.subject)
	}
	return p.what + " of " + t.title(p.subject)
}
