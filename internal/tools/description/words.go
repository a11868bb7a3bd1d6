package description

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Words returns the members of the place that are ours, its sentences and its x-go-
// members, and nil if there are none. The mapping is a copy.
func (p *Place) Words() *yaml.Node {
	out := Map()
	for key, v := range Pairs(p.Node) {
		if IsWord(p.Kind, key) {
			Set(out, key, Clone(v))
		}
	}
	if len(out.Content) == 0 {
		return nil
	}
	return out
}

// IsWord reports whether a member of a kind of object is ours rather than a fact.
func IsWord(kind Kind, key string) bool {
	if strings.HasPrefix(key, "x-go-") {
		return key != PackageKey
	}
	m, _, known := memberOf(kind, key)
	return known && m.form == word
}
