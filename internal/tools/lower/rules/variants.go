package rules

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// typeOfVariants is the type of a property that several branches of a union have: one
// type if they agree or can be merged, else the widest one.
func (l *lowering) typeOfVariants(schemas []*yaml.Node, p place) (goType, error) {
	if len(schemas) == 1 {
		return l.typeOf(schemas[0], p)
	}
	variants, nullable, err := l.variants(schemas, p)
	if err != nil {
		return goType{}, fail(p.at, "%w", err)
	}
	if len(variants) == 1 {
		t, err := l.typeOf(variants[0], p)
		return goType{t.expr, t.nullable || nullable}, err
	}
	if t, agreed, err := l.agreed(variants, p); err != nil || agreed {
		return goType{t.expr, t.nullable || nullable}, err
	}
	l.notes = append(l.notes, fmt.Sprintf("%s: the branches have different types, so it is raw JSON unless an x-go-type decides", p.at))
	if p.scope.request {
		return goType{"any", nullable}, nil
	}
	return goType{"json.RawMessage", nullable}, nil
}

// variants unwraps each schema and keeps one of those that refer to the same component.
// It reports whether any of them may be null.
func (l *lowering) variants(schemas []*yaml.Node, p place) (left []*yaml.Node, nullable bool, err error) {
	seen := map[string]bool{}
	for _, s := range schemas {
		for s != nil {
			nullable = nullable || flag(s, "nullable")
			only, err := l.wrapped(s, p)
			if err != nil {
				return nil, false, err
			}
			if only == nil {
				break
			}
			s = only
		}
		if published := component(s); published != "" {
			name := ModelName(published, description.Resolve(l.root, s)) // two components may be one model
			if seen[name] {
				continue
			}
			seen[name] = true
		}
		left = append(left, s)
	}
	return left, nullable, nil
}

// agreed merges variants of the same kind. It reports false if no type fits all of them.
func (l *lowering) agreed(schemas []*yaml.Node, p place) (goType, bool, error) {
	var plain []*yaml.Node
	for _, s := range schemas {
		target, err := l.follow(s)
		if err != nil {
			return goType{}, false, fail(p.at, "%w", err)
		}
		plain = append(plain, target)
	}
	all := func(f func(*yaml.Node) bool) bool {
		return !slices.ContainsFunc(plain, func(s *yaml.Node) bool { return !f(s) })
	}
	switch decided := description.Text(plain[0], "x-go-type"); {
	case all(func(s *yaml.Node) bool { return decided != "" && description.Text(s, "x-go-type") == decided }):
		t, err := l.typeOf(schemas[0], p)
		return t, true, err
	case p.wire == "object" && all(isEnum):
		return goType{expr: "string"}, true, nil
	case all(isEnum):
		expr, err := l.enum(plain, p)
		return goType{expr: expr}, true, err
	case all(isStruct):
		expr, err := l.mergedStructure(schemas, p)
		return goType{expr: expr}, true, err
	case all(func(s *yaml.Node) bool { return description.Text(s, "type") == "array" }):
		var items []*yaml.Node
		for _, s := range plain {
			items = append(items, description.Get(s, "items"))
		}
		q := p
		q.name, q.property = singular(p.name), false
		t, err := l.typeOfVariants(items, q)
		return goType{expr: "[]" + t.expr}, true, err
	}
	return l.scalarVariants(plain, p)
}

// scalarVariants returns one type for variants that are not objects, without making
// named types: an enum and a string become a string.
func (l *lowering) scalarVariants(plain []*yaml.Node, p place) (goType, bool, error) {
	var exprs []string
	for _, s := range plain {
		if isStruct(s) || description.Text(s, "type") == "array" {
			return goType{}, false, nil
		}
		if isEnum(s) {
			exprs = append(exprs, "string")
			continue
		}
		t, err := l.typeOf(s, p)
		if err != nil {
			return goType{}, false, err
		}
		exprs = append(exprs, t.expr)
	}
	slices.Sort(exprs)
	exprs = slices.Compact(exprs)
	switch {
	case len(exprs) == 1:
		return goType{expr: exprs[0]}, true, nil
	case !slices.ContainsFunc(exprs, func(e string) bool { return !slices.Contains([]string{"int", "int32", "int64"}, e) }):
		return goType{expr: "int64"}, true, nil
	}
	return goType{}, false, nil
}

// mergedStructure makes one struct of object variants by treating them as the branches
// of a union.
func (l *lowering) mergedStructure(schemas []*yaml.Node, p place) (string, error) {
	for _, s := range schemas {
		if name := decidedName(s, p.property); name != "" {
			p.name = name
			return l.structure(s, p)
		}
	}
	all := &yaml.Node{Kind: yaml.SequenceNode, Content: schemas}
	s := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "oneOf"}, all}}
	return l.structure(s, p)
}
