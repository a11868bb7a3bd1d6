package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

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
