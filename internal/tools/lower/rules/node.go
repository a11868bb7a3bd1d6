package rules

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

func flag(n *yaml.Node, key string) bool { return description.Text(n, key) == "true" }

// lists reports whether the sequence under key has the element value.
func lists(n *yaml.Node, key, value string) bool {
	return slices.Contains(description.Strings(description.Get(n, key)), value)
}

// follow resolves local references until it reaches a node that is not a reference.
func (l *lowering) follow(n *yaml.Node) (*yaml.Node, error) {
	if target := description.Resolve(l.root, n); target != nil || n == nil {
		return target, nil
	}
	return nil, fail("", "the reference %s does not resolve", description.Text(n, "$ref"))
}

// component returns the name of the schema that a reference names, or "".
func component(n *yaml.Node) string {
	const schemas = "components/schemas/"
	for _, in := range []string{"#/" + schemas, "#/" + description.WebhooksKey + "/" + schemas} {
		if name, ok := strings.CutPrefix(description.Text(n, "$ref"), in); ok {
			return name
		}
	}
	return ""
}
