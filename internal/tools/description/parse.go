package description

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds what aliases may expand to; published documents have about 60,000.
const maxNodes = 2_000_000

// Parse reads one YAML or JSON document with a mapping at its top. Aliases are replaced
// by their content. A duplicate key, a second document and anything that is not YAML
// are errors.
func Parse(data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var top yaml.Node
	if err := decoder.Decode(&top); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the document is empty")
		}
		return nil, err
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document")
	}
	if len(top.Content) != 1 || top.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("the document is neither a YAML mapping nor a JSON object")
	}
	e := expander{inside: map[*yaml.Node]bool{}}
	return e.expand(top.Content[0])
}

type expander struct {
	inside map[*yaml.Node]bool
	nodes  int
}

func (e *expander) expand(n *yaml.Node) (*yaml.Node, error) {
	if e.nodes++; e.nodes > maxNodes {
		return nil, errors.New("the document is too large")
	}
	if n.Kind == yaml.AliasNode {
		if e.inside[n.Alias] {
			return nil, fmt.Errorf("line %d: an alias contains itself", n.Line)
		}
		return e.expand(n.Alias)
	}
	if n.Kind == yaml.ScalarNode {
		return n, nil
	}
	e.inside[n] = true
	defer delete(e.inside, n)
	out := *n
	out.Anchor, out.Content = "", make([]*yaml.Node, len(n.Content))
	seen := map[string]bool{}
	for i, child := range n.Content {
		c, err := e.expand(child)
		if err != nil {
			return nil, err
		}
		out.Content[i] = c
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			continue
		}
		if c.Kind != yaml.ScalarNode || c.Tag == "!!merge" {
			return nil, fmt.Errorf("line %d: a key is not a plain name", c.Line)
		}
		if seen[c.Value] {
			return nil, fmt.Errorf("line %d: %q appears twice", c.Line, c.Value)
		}
		seen[c.Value] = true
	}
	return &out, nil
}
