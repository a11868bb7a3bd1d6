package description

import (
	"encoding/json"
	"iter"

	"go.yaml.in/yaml/v3"
)

// Facts yields what the place itself states, without what it contains: key and value,
// both independent of order and style. A place that can come and go yields its own
// address first; a list yields itself and then each of its members, as in "required"
// and "required > \"id\"". Keys begin with the address, and values are JSON.
func (p *Place) Facts() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		switch p.Kind {
		case Document, Info, PathItem, EventItem, Components: // always there, or only a container
		default:
			if !yield(p.Address, "") {
				return
			}
		}
		for key, v := range Pairs(p.Node) {
			m, _, known := memberOf(p.Kind, key)
			if known && !p.fact(m, v, yield) {
				return
			}
		}
	}
}

func (p *Place) fact(m member, v *yaml.Node, yield func(string, string) bool) bool {
	key := p.Address + Separator + m.key
	switch m.form {
	case additional:
		return v.Kind == yaml.MappingNode || yield(key, Value(v))
	case value:
		return yield(key, Value(v))
	case set, sequence:
		if !yield(key, "") {
			return false
		}
		for _, item := range Items(v) {
			if !yield(key+Separator+Value(item), "") {
				return false
			}
		}
	}
	return true
}

// Value returns a value as JSON with sorted keys.
func Value(n *yaml.Node) string {
	var v any
	if err := Plain(n).Decode(&v); err != nil {
		return n.Value
	}
	data, err := json.Marshal(v)
	if err != nil {
		return n.Value
	}
	return string(data)
}
