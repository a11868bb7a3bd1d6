package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// deletion is one thing to remove from a document. want is part of the only line that a
// report may have for it.
type deletion struct {
	subject, want string
	parent        *yaml.Node
	at, width     int
}

// without runs f while the thing is removed.
func (d deletion) without(f func()) {
	whole := d.parent.Content
	d.parent.Content = slices.Concat(whole[:d.at], whole[d.at+d.width:])
	defer func() { d.parent.Content = whole }()
	f()
}

// deletions finds what can be deleted from a description, by kind.
func deletions(doc *yaml.Node) map[string][]deletion {
	out := map[string][]deletion{}
	for p := range description.Places(doc) {
		subject, _, _ := strings.Cut(p.Address, separator)
		sent := strings.Contains(p.Address, " > body > ") || strings.Contains(p.Address, " > query ")
		values := description.Get(p.Node, "enum")
		add := func(kind, want string, parent *yaml.Node, key string) {
			at := slices.IndexFunc(parent.Content, func(n *yaml.Node) bool { return n.Value == key })
			out[kind] = append(out[kind], deletion{subject, want, parent, at, 2})
		}
		switch name, isField := strings.CutPrefix(p.Step, "."); {
		case p.Kind == description.Operation:
			method, _, _ := strings.Cut(p.Address, " ")
			add("operation", "- ", p.Up.Node, strings.ToLower(method))
		case isField && !sent && strings.Contains(p.Address, "Of "):
			add("field in a branch", "- field "+name, description.Get(p.Up.Node, "properties"), name)
		}
		if n := len(description.Items(values)); n == 1 {
			add("enum of one value", "~ ", p.Node, "enum")
		} else if n > 1 && sent {
			last := values.Content[n-1]
			out["value of a request"] = append(out["value of a request"],
				deletion{subject, "- value " + description.Value(last), values, n - 1, 1})
		}
		if required := description.Get(p.Node, "required"); p.Kind == description.Schema && required != nil && !sent {
			add("required of a response", " no longer required", p.Node, "required")
		}
	}
	return out
}

// TestOneDeletion deletes things from the project's own description, one at a time, and
// requires a report of exactly one line.
func TestOneDeletion(t *testing.T) {
	t.Parallel()
	doc, err := description.Load("../../../openapi")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := facts.Of(doc)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(2025, 249))
	for kind, all := range deletions(doc) {
		for range 6 {
			d := all[random.IntN(len(all))]
			d.without(func() {
				less, err := facts.Of(doc)
				if err != nil {
					t.Errorf("%s of %s: %v", kind, d.subject, err)
					return
				}
				got := changes(whole, less, facts.Compare(whole, less))
				if len(got) != 1 || got[0].subject != d.subject || !strings.Contains(got[0].mark+" "+got[0].text, d.want) {
					t.Errorf("%s of %s: want one line with %q, got %+v", kind, d.subject, d.want, got)
				}
			})
		}
	}
	if kinds := len(deletions(doc)); kinds != 5 {
		t.Errorf("%d kinds of deletions were found, want 5", kinds)
	}
}
