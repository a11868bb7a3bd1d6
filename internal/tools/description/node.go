package description

import (
	"iter"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Map makes a mapping from keys and values in turn. A value is a *yaml.Node, a string,
// a bool or an int.
func Map(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.Content = append(n.Content, String(pairs[i].(string)), node(pairs[i+1]))
	}
	return n
}

// Seq makes a sequence of values of the kinds that Map takes.
func Seq(values ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, v := range values {
		n.Content = append(n.Content, node(v))
	}
	return n
}

// String makes a string scalar.
func String(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if slices.Contains(oldBools, strings.ToLower(s)) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// oldBools are texts that YAML 1.1 reads as true and false.
var oldBools = []string{"y", "yes", "on", "n", "no", "off"}

func node(v any) *yaml.Node {
	switch v := v.(type) {
	case *yaml.Node:
		return v
	case string:
		return String(v)
	}
	n := &yaml.Node{}
	if err := n.Encode(v); err != nil {
		panic(err) // a Go scalar always encodes
	}
	return n
}

// Get returns the value of a key, following one key after the other, and nil if any of
// them is missing or n is not a mapping.
func Get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		i := index(n, key)
		if i < 0 {
			return nil
		}
		n = n.Content[i+1]
	}
	return n
}

// Text returns the scalar under the keys as it is written, and "" if there is none.
func Text(n *yaml.Node, keys ...string) string {
	if v := Get(n, keys...); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value
	}
	return ""
}

// Set sets a key of the mapping n to a value of the kinds that Map takes. A new key
// comes last.
func Set(n *yaml.Node, key string, value any) {
	if i := index(n, key); i >= 0 {
		n.Content[i+1] = node(value)
		return
	}
	n.Content = append(n.Content, String(key), node(value))
}

// Delete removes a key of the mapping n and reports whether it was there.
func Delete(n *yaml.Node, key string) bool {
	i := index(n, key)
	if i < 0 {
		return false
	}
	n.Content = slices.Delete(n.Content, i, i+2)
	return true
}

// Pairs iterates over the keys and values of a mapping in their order, and over nothing
// for other nodes. Keys must not be added or removed meanwhile.
func Pairs(n *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i].Value, n.Content[i+1]) {
				return
			}
		}
	}
}

// Items returns the members of a sequence, and nil for other nodes.
func Items(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// Strings returns the scalars of a sequence as they are written.
func Strings(n *yaml.Node) []string {
	var out []string
	for _, item := range Items(n) {
		out = append(out, item.Value)
	}
	return out
}

// Clone returns a copy that shares nothing with n.
func Clone(n *yaml.Node) *yaml.Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = Clone(child)
	}
	return &c
}

// Resolve follows the local reference of n ("#/components/schemas/User") within doc,
// one reference after the other. It returns n itself if n is not a reference, and nil
// if a reference does not resolve.
func Resolve(doc, n *yaml.Node) *yaml.Node {
	for range 16 { // a longer chain of references is circular
		ref := Text(n, "$ref")
		if ref == "" {
			return n
		}
		pointer, local := strings.CutPrefix(ref, "#/")
		if !local {
			return nil
		}
		keys := strings.Split(pointer, "/")
		for i, key := range keys {
			keys[i] = unescape.Replace(key)
		}
		n = Get(doc, keys...)
	}
	return nil
}

// unescape undoes the escapes of a JSON pointer (RFC 6901, section 3).
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// RefName returns the last part of a reference: "User" for "#/components/schemas/User".
func RefName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

func index(n *yaml.Node, key string) int {
	if n == nil || n.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return i
		}
	}
	return -1
}
