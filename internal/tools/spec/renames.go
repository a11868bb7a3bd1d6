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

// findRenames compares the schemas that only ours has with those that only the
// published document has. One is renamed if exactly one other has its facts, where
// references to renamed schemas are equal. Each rename may settle others, so matching
// repeats until nothing more is found. Retired words of a new schema decide: its Go name
// is that of the schema that it was, or is its own.
func findRenames(ours, published *yaml.Node, retired map[string]*yaml.Node) renames {
	m := newMatcher(ours, published, retired)
	for m.round() {
	}
	return renames{now: m.now, unclear: m.open()}
}

// matcher looks for schemas with the same facts.
type matcher struct {
	ours, published *yaml.Node        // the schemas by name
	gone, fresh     []string          // the names that only one of them has, sorted
	decided         map[string]string // Go names of fresh schemas that retired words have
	now, was        map[string]string // what is matched, in both directions
}

func newMatcher(ours, published *yaml.Node, retired map[string]*yaml.Node) *matcher {
	m := &matcher{
		ours: description.Get(ours, "components", "schemas"), published: description.Get(published, "components", "schemas"),
		decided: map[string]string{}, now: map[string]string{}, was: map[string]string{},
	}
	m.gone, m.fresh = without(m.ours, m.published), without(m.published, m.ours)
	for _, name := range m.fresh {
		if words, ok := retired["schema "+name]; ok {
			m.decided[name] = rules.ModelName(name, words)
		}
	}
	return m
}

// without returns the names that only the first of two mappings has.
func without(a, b *yaml.Node) []string {
	var names []string
	for name := range description.Pairs(a) {
		if description.Get(b, name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// round matches the schemas that fit exactly one other, and reports whether there were any.
func (m *matcher) round() bool {
	fits, fitted := m.candidates()
	found := false
	for old, names := range fits {
		if name := names[0]; len(names) == 1 && len(fitted[name]) == 1 {
			m.now[old], m.was[name] = name, old
			found = true
		}
	}
	return found
}

// candidates returns the fresh schemas that each gone one may be, and the reverse.
func (m *matcher) candidates() (fits, fitted map[string][]string) {
	var pairs [][2]string
	for _, old := range m.gone {
		for _, name := range m.fresh {
			if m.mayBe(old, name) && m.same(old, name, &assumptions{}) {
				pairs = append(pairs, [2]string{old, name})
			}
		}
	}
	for _, decided := range slices.Clone(pairs) {
		if m.decided[decided[1]] == "" {
			continue
		}
		pairs = slices.DeleteFunc(pairs, func(p [2]string) bool {
			return p != decided && (p[0] == decided[0] || p[1] == decided[1])
		})
	}
	fits, fitted = map[string][]string{}, map[string][]string{}
	for _, p := range pairs {
		fits[p[0]], fitted[p[1]] = append(fits[p[0]], p[1]), append(fitted[p[1]], p[0])
	}
	return fits, fitted
}

// mayBe reports whether a match of two names is open and nobody decided against it.
func (m *matcher) mayBe(old, name string) bool {
	if m.now[old] != "" || m.was[name] != "" {
		return false
	}
	goName, decided := m.decided[name]
	return !decided || goName == m.goName(old)
}

func (m *matcher) goName(old string) string {
	return rules.ModelName(old, description.Get(m.ours, old))
}

// open returns what the rounds left with several candidates.
func (m *matcher) open() map[string][]string {
	fits, _ := m.candidates()
	return fits
}

// assumptions are pairs of schemas that are taken to be equal while they are compared,
// because schemas may refer to themselves and to each other.
type assumptions struct{ pairs [][2]string }

func (m *matcher) same(old, name string, assumed *assumptions) bool {
	pair := [2]string{old, name}
	if slices.Contains(assumed.pairs, pair) {
		return true
	}
	before := len(assumed.pairs)
	assumed.pairs = append(assumed.pairs, pair)
	if description.SameSchema(description.Get(m.ours, old), description.Get(m.published, name), func(a, b string) bool {
		return m.sameRef(a, b, assumed)
	}) {
		return true
	}
	assumed.pairs = assumed.pairs[:before]
	return false
}

// sameRef reports whether two references have one target. A name that both sides have
// means one schema, whatever has changed in it.
func (m *matcher) sameRef(a, b string, assumed *assumptions) bool {
	if a == b {
		return true
	}
	old, isSchema := strings.CutPrefix(a, schemaRefs)
	name, isSchemaToo := strings.CutPrefix(b, schemaRefs)
	switch {
	case !isSchema, !isSchemaToo:
		return false
	case m.now[old] != "", m.was[name] != "":
		return m.now[old] == name
	case !slices.Contains(m.gone, old), !slices.Contains(m.fresh, name):
		return false
	}
	return m.mayBe(old, name) && m.same(old, name, assumed)
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
// That leaves what an import would have made of the new name in the first place.
func keepGoName(old, name string, schema *yaml.Node) {
	goName := rules.ModelName(old, schema)
	if goName == name {
		description.Delete(schema, nameKey)
		return
	}
	description.Set(schema, nameKey, goName)
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

// carry returns what is kept by address at the addresses with the new names.
func carry[V any](r renames, kept map[string]V) map[string]V {
	out := maps.Clone(kept)
	for address, v := range kept {
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
	d := decision{title: "renamed to which? One of the lines decides in " + filepath.Join(t.dir, retiredFile) +
		", or one with another " + nameKey + " that it is neither:"}
	for _, old := range slices.Sorted(maps.Keys(r.unclear)) {
		d.count++
		d.lines = append(d.lines, fmt.Sprintf("  %s has the facts of %s", t.title("schema "+old), strings.Join(r.unclear[old], " and of ")))
		for _, name := range r.unclear[old] {
			d.lines = append(d.lines, fmt.Sprintf("schema %s: {%s: %s}", name, nameKey, strings.TrimPrefix(t.names["schema "+old], "api.")))
		}
	}
	return d
}
