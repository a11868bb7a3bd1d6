package description

import "go.yaml.in/yaml/v3"

// Arrange orders what the place holds as earlier does, where order is kept: properties,
// parameters, enum values and tags. What earlier does not have stays after its
// predecessor. The order is not a fact, but Go's fields follow it.
func (p *Place) Arrange(doc *yaml.Node, earlier *Place, earlierDoc *yaml.Node) {
	for _, m := range grammar[p.Kind] {
		n, was := Get(p.Node, m.key), Get(earlier.Node, m.key)
		if n == nil || was == nil {
			continue
		}
		switch m.form {
		case fields:
			arrange(n, 2, names(n), names(was))
		case sequence:
			arrange(n, 1, Strings(n), Strings(was))
		case list:
			arrange(n, 1, steps(doc, m.kind, n), steps(earlierDoc, m.kind, was))
		}
	}
}

func names(n *yaml.Node) []string {
	var out []string
	for name := range Pairs(n) {
		out = append(out, name)
	}
	return out
}

func steps(doc *yaml.Node, kind Kind, n *yaml.Node) []string {
	w := walker{doc: doc}
	var out []string
	for _, child := range Items(n) {
		out = append(out, w.listStep(kind, child))
	}
	return out
}

// start precedes the first entry; no name or value has a control character.
const start = "\x00"

// arrange orders the entries of n, each of width nodes and known by ids, as in was.
func arrange(n *yaml.Node, width int, ids, was []string) {
	at := make(map[string]int, len(ids))
	for i, id := range ids {
		at[id] = i
	}
	if len(at) != len(ids) {
		return // an entry that appears twice cannot be placed by its name
	}
	known := make(map[string]bool, len(was))
	for _, id := range was {
		known[id] = true
	}
	follower := map[string]string{} // what is new, by its predecessor
	previous := start
	for _, id := range ids {
		if !known[id] {
			follower[previous] = id
		}
		previous = id
	}
	content := make([]*yaml.Node, 0, len(n.Content))
	for _, id := range append([]string{start}, was...) {
		if i, here := at[id]; here {
			content = append(content, n.Content[i*width:(i+1)*width]...)
		} else if id != start {
			continue
		}
		for next, ok := follower[id]; ok; next, ok = follower[next] {
			i := at[next]
			content = append(content, n.Content[i*width:(i+1)*width]...)
		}
	}
	n.Content = content
}
