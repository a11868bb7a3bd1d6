package facts_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// cut is a member that can be removed from a document: width nodes of parent, starting
// at at.
type cut struct {
	parent    *yaml.Node
	at, width int
	where     string
}

// without runs f while the member is missing.
func (c cut) without(f func()) {
	whole := c.parent.Content
	c.parent.Content = slices.Concat(whole[:c.at], whole[c.at+c.width:])
	defer func() { c.parent.Content = whole }()
	f()
}

// cuts collects everything that a document states by the kind of member.
func cuts(doc *yaml.Node) map[string][]cut {
	out := map[string][]cut{}
	for p := range description.Places(doc) {
		for i := 0; i+1 < len(p.Node.Content); i += 2 {
			key, v := p.Node.Content[i].Value, p.Node.Content[i+1]
			if description.IsWord(p.Kind, key) || key == description.PackageKey || stateless(v) {
				continue
			}
			kind := fmt.Sprintf("%s, %s", p.Kind, key)
			where := p.Address + ", " + key
			out[kind] = append(out[kind], cut{p.Node, i, 2, where})
			out[kind+", entry"] = append(out[kind+", entry"], entries(key, v, where)...)
		}
	}
	maps.DeleteFunc(out, func(_ string, all []cut) bool { return len(all) == 0 })
	return out
}

// byName are the members whose keys are names rather than words of OpenAPI.
var byName = []string{
	"paths", "x-webhooks", "schemas", "responses", "parameters", "securitySchemes", "content", "headers", "properties", "mapping",
}

// entries cuts a list or a mapping of names at each of its entries.
func entries(key string, v *yaml.Node, where string) []cut {
	width := 1
	if v.Kind == yaml.MappingNode && slices.Contains(byName, key) {
		width = 2
	} else if v.Kind != yaml.SequenceNode {
		return nil
	}
	var out []cut
	for at := 0; at < len(v.Content); at += width {
		out = append(out, cut{v, at, width, fmt.Sprintf("%s, entry %d", where, at/width+1)})
	}
	return out
}

// stateless finds empty mappings, which state nothing beyond their place.
func stateless(n *yaml.Node) bool { return n.Kind == yaml.MappingNode && len(n.Content) == 0 }

// TestEveryKindOfLossIsNoticed removes members from the real description, some of each
// kind at fixed random places, and requires the comparison to notice every one.
func TestEveryKindOfLossIsNoticed(t *testing.T) {
	t.Parallel()
	doc, err := description.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	whole := of(t, doc)
	kinds := cuts(doc)
	random := rand.New(rand.NewPCG(20260512, 249))
	noticed := 0
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		for range min(2, len(kinds[kind])) {
			c := kinds[kind][random.IntN(len(kinds[kind]))]
			c.without(func() {
				less, err := facts.Of(doc)
				if err == nil && facts.Compare(whole, less).Empty() {
					t.Errorf("removed unnoticed: %s", c.where)
					return
				}
				noticed++
			})
		}
	}
	if d := facts.Compare(whole, of(t, doc)); !d.Empty() {
		t.Errorf("the document was not restored: %+v", d)
	}
	if len(kinds) < 80 {
		t.Errorf("only %d kinds of members: the description was not read completely", len(kinds))
	}
	t.Logf("%d kinds of members, %d removed and noticed", len(kinds), noticed)
}
