package description

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Facts brings a published document into canonical form without any of its sentences,
// examples and x- members. An error names the place that does not follow OpenAPI 3.0.
func Facts(published *yaml.Node) (*yaml.Node, error) {
	c := canonical{published: true}
	return c.object(published, Document, "document")
}

// Canonical brings our description into canonical form: x-go- members first, then the
// others in the order of the grammar, names sorted, no comments. An error names the
// place of a member that a description may not have.
func Canonical(doc *yaml.Node) (*yaml.Node, error) {
	c := canonical{}
	return c.object(doc, Document, "document")
}

type canonical struct{ published bool }

func (c canonical) object(n *yaml.Node, kind Kind, at string) (*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: not a %s", at, kind)
	}
	out := Map()
	var extensions []string
	for key := range Pairs(n) {
		m, _, known := memberOf(kind, key)
		if !known && strings.HasPrefix(key, "x-") {
			extensions = append(extensions, key)
			continue
		}
		if !known || !c.published && m.form == sentence {
			return nil, fmt.Errorf("%s: %q is not a member that a %s may have here", at, key, kind)
		}
	}
	if !c.published {
		slices.Sort(extensions)
		for _, key := range extensions {
			if !strings.HasPrefix(key, "x-go-") {
				return nil, fmt.Errorf("%s: %q: only x-go- members are ours", at, key)
			}
			Set(out, key, Plain(Get(n, key)))
		}
	}
	for _, m := range grammar[kind] {
		child := Get(n, m.key)
		if child == nil || m.form == sentence || c.published && m.form == word {
			continue
		}
		v, err := c.member(child, m, at+Separator+m.key)
		if err != nil {
			return nil, err
		}
		Set(out, m.key, v)
	}
	return out, nil
}

func (c canonical) member(n *yaml.Node, m member, at string) (*yaml.Node, error) {
	switch m.form {
	case one:
		return c.object(n, m.kind, at)
	case additional:
		if n.Kind == yaml.MappingNode {
			return c.object(n, m.kind, at)
		}
	case named, fields:
		return c.byName(n, m, at)
	case list, union:
		return c.inOrder(n, m, at)
	case set, sequence:
		return scalars(n, m.form, at)
	}
	if n.Tag == "!!null" && m.key != "default" {
		return nil, fmt.Errorf("%s: no value", at)
	}
	return Plain(n), nil
}

func (c canonical) byName(n *yaml.Node, m member, at string) (*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: not a mapping", at)
	}
	names := make([]string, 0, len(n.Content)/2)
	for name := range Pairs(n) {
		if m.key == "paths" && strings.HasPrefix(name, "x-") {
			continue
		}
		names = append(names, name)
	}
	if m.form == named {
		slices.Sort(names)
	}
	out := Map()
	for _, name := range names {
		v, err := c.object(Get(n, name), m.kind, at+Separator+name)
		if err != nil {
			return nil, err
		}
		out.Content = append(out.Content, String(name), v)
	}
	return out, nil
}

func (c canonical) inOrder(n *yaml.Node, m member, at string) (*yaml.Node, error) {
	if n.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("%s: not a list", at)
	}
	out := Seq()
	for i, child := range n.Content {
		v, err := c.object(child, m.kind, at+Separator+strconv.Itoa(i+1))
		if err != nil {
			return nil, err
		}
		out.Content = append(out.Content, v)
	}
	return out, nil
}

func scalars(n *yaml.Node, f form, at string) (*yaml.Node, error) {
	if n.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("%s: not a list", at)
	}
	out := Plain(n)
	if f == set {
		slices.SortFunc(out.Content, func(a, b *yaml.Node) int { return strings.Compare(a.Value, b.Value) })
	}
	return out, nil
}

// Plain copies a value without comments and styles; its keys are sorted and its numbers
// written in their shortest form.
func Plain(n *yaml.Node) *yaml.Node {
	switch n.Kind {
	case yaml.MappingNode:
		names := make([]string, 0, len(n.Content)/2)
		for name := range Pairs(n) {
			names = append(names, name)
		}
		slices.Sort(names)
		out := Map()
		for _, name := range names {
			out.Content = append(out.Content, String(name), Plain(Get(n, name)))
		}
		return out
	case yaml.SequenceNode:
		out := Seq()
		for _, child := range n.Content {
			out.Content = append(out.Content, Plain(child))
		}
		return out
	}
	return scalar(n)
}

func scalar(n *yaml.Node) *yaml.Node {
	out := &yaml.Node{Kind: yaml.ScalarNode, Tag: n.ShortTag(), Value: n.Value}
	switch out.Tag {
	case "!!null":
		out.Value = "null"
	case "!!bool", "!!int":
		var v any
		if n.Decode(&v) == nil {
			out.Value = fmt.Sprint(v)
		}
	case "!!float":
		var v float64
		if n.Decode(&v) == nil {
			out.Value = strconv.FormatFloat(v, 'g', -1, 64)
		}
		if _, err := strconv.Atoi(out.Value); err == nil {
			out.Tag = "!!int" // 1.0 and 1 are one number
		}
	default:
		out = String(n.Value) // dates too: OpenAPI has no other scalar
		if strings.Contains(n.Value, "\n") {
			out.Style = yaml.LiteralStyle
		}
	}
	return out
}
