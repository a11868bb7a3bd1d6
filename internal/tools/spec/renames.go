package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

const schemaRefs = "#/components/schemas/"

// renames are the schemas that a published document has under another name.
type renames struct {
	now map[string]string // new names by old ones
	// unclear has, by old name, the new names that an old schema may have, where another
	// schema may have one of them too, or where they are several.
	unclear map[string][]string
}

// rename returns our description with the new names, under which the words and x-go-
// members of a schema stay, and its Go name too.
func (r renames) rename(ours *yaml.Node) *yaml.Node {
	if len(r.now) == 0 {
		return ours
	}
	ours = description.Clone(ours)
	schemas := description.Get(ours, "components", "schemas")
	for i := 0; schemas != nil && i+1 < len(schemas.Content); i += 2 {
		old := schemas.Content[i].Value
		if name := r.now[old]; name != "" {
			keepGoName(old, name, schemas.Content[i+1])
			schemas.Content[i] = description.String(name)
		}
	}
	r.references(ours)
	return ours
}

// keepGoName decides the Go name of a renamed schema, unless it is the new name itself.
// That leaves what an import would have made of the new name in the first place. A schema
// that is another Go type needs no name.
func keepGoName(old, name string, schema *yaml.Node) {
	goName := rules.ModelName(old, schema)
	switch {
	case goName == name:
		description.Delete(schema, nameKey)
	case description.Text(schema, nameKey) != "" || description.Text(schema, typeKey) == "":
		description.Set(schema, nameKey, goName)
	}
}

// references follows the new names in references and mappings.
func (r renames) references(n *yaml.Node) {
	for key, v := range description.Pairs(n) {
		switch key {
		case "$ref":
			r.follow(v)
		case "discriminator":
			for _, target := range description.Pairs(description.Get(v, "mapping")) {
				r.follow(target)
			}
		}
		r.references(v)
	}
	for _, child := range description.Items(n) {
		r.references(child)
	}
}

func (r renames) follow(ref *yaml.Node) {
	if old, ok := strings.CutPrefix(ref.Value, schemaRefs); ok && ref.Kind == yaml.ScalarNode && r.now[old] != "" {
		ref.Value = schemaRefs + r.now[old]
	}
}

// carry returns retired words at the addresses with the new names.
func (r renames) carry(words map[string]*yaml.Node) map[string]*yaml.Node {
	out := maps.Clone(words)
	for address, v := range words {
		now := r.address(address)
		if _, taken := out[now]; !taken {
			delete(out, address)
			out[now] = v
		}
	}
	return out
}

// carryAmendments returns amendments of the places with the new names.
func (r renames) carryAmendments(all []description.Amendment) []description.Amendment {
	out := slices.Clone(all)
	for i, a := range out {
		out[i].Place, out[i].Fact = r.address(a.Place), description.Clone(a.Fact)
		r.references(out[i].Fact)
	}
	return out
}

// address returns an address with the new names.
func (r renames) address(old string) string {
	steps := strings.Split(old, separator)
	for i, step := range steps {
		kind, schema, _ := strings.Cut(step, " ")
		if name := r.now[schema]; name != "" && (i == 0 && kind == "schema" || isUnion(kind)) {
			steps[i] = kind + " " + name
		}
	}
	return strings.Join(steps, separator)
}

// lines names every renamed schema with its Go name, which stays.
func (r renames) lines(goNames names) []string {
	var lines []string
	for _, old := range slices.Sorted(maps.Keys(r.now)) {
		lines = append(lines, fmt.Sprintf("~ %s, now %s (%s)", old, r.now[old], goNames["schema "+r.now[old]]))
	}
	return lines
}

// decision lists what may be renamed, with the lines that decide it.
func (r renames) decision(t *takeover) decision {
	d := decision{title: "renamed to which? One of the lines decides in " + filepath.Join(t.dir, t.retiredFile) +
		", or one with another " + nameKey + " that it is neither:"}
	for _, old := range slices.Sorted(maps.Keys(r.unclear)) {
		d.count++
		d.lines = append(d.lines, fmt.Sprintf("  %s has the facts of %s", t.title("schema "+old), strings.Join(r.unclear[old], " and of ")))
		for _, name := range r.unclear[old] {
			d.lines = append(d.lines, fmt.Sprintf("schema %s: {%s: %s}", name, nameKey, bare(t.names["schema "+old])))
		}
	}
	return d
}

// bare is a Go name without its package.
func bare(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
