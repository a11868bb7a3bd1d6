package main

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// printer turns schemas of the description into Go literals.
type printer struct {
	components map[string]any
	wanted     map[string]bool // components that a literal refers to
}

// limitKinds maps the description's names of limits to those of the table.
var limitKinds = [...][2]string{
	{"minimum", "Minimum"},
	{"maximum", "Maximum"},
	{"minLength", "MinLength"},
	{"maxLength", "MaxLength"},
	{"minItems", "MinItems"},
	{"maxItems", "MaxItems"},
}

// reference returns a pointer expression for a schema: to a component's
// variable, to one of the shared ones, or to a literal.
func (p *printer) reference(s map[string]any) (string, error) {
	if target, ok := s["$ref"].(string); ok {
		name := target[strings.LastIndex(target, "/")+1:]
		if p.components[name] == nil {
			return "", fmt.Errorf("%s: unknown component", target)
		}
		p.wanted[name] = true
		return "&" + variable(name), nil
	}
	literal, err := p.literal(s)
	if err != nil {
		return "", err
	}
	if known, ok := shared[literal]; ok {
		return "&" + known, nil
	}
	return "&Schema" + literal, nil
}

// shared are the literals that the package of the tables declares once.
var shared = map[string]string{
	"{Type: String}":                              "text",
	"{Type: String, Nullable: true}":              "textOrNull",
	"{Type: Integer}":                             "integer",
	"{Type: Integer, Nullable: true}":             "integerOrNull",
	"{Type: Boolean}":                             "truth",
	"{Type: Boolean, Nullable: true}":             "truthOrNull",
	"{Type: Array, Items: &text}":                 "texts",
	"{Type: Object, Open: true}":                  "record",
	"{Type: Object, Nullable: true, Open: true}":  "recordOrNull",
	"{Type: Array, Nullable: true, Items: &text}": "textsOrNull",
}

// literal returns a schema's Go literal without its type.
func (p *printer) literal(s map[string]any) (string, error) {
	var fields []string
	add := func(format string, args ...any) { fields = append(fields, fmt.Sprintf(format, args...)) }
	kind, _ := s["type"].(string)
	if kind != "" {
		add("Type: %s", strings.ToUpper(kind[:1])+kind[1:])
	}
	if s["nullable"] == true {
		add("Nullable: true")
	}
	if kind == "string" && s["enum"] != nil {
		add("Enum: %s", stringList(s["enum"].([]any)))
	}
	if text, ok := s["pattern"].(string); ok {
		if _, err := regexp.Compile(text); err != nil {
			return "", fmt.Errorf("pattern: %w", err)
		}
		add("Pattern: %q", text)
	}
	if format, ok := s["format"].(string); ok && kind == "string" {
		add("Format: %q", format)
	}
	if limits := limitList(s); limits != "" {
		add("Limits: %s", limits)
	}
	if items, ok := s["items"].(map[string]any); ok {
		reference, err := p.reference(items)
		if err != nil {
			return "", err
		}
		add("Items: %s", reference)
	}
	if s["uniqueItems"] == true {
		add("Unique: true")
	}
	parts, err := p.object(s, kind)
	if err != nil {
		return "", err
	}
	return "{" + strings.Join(append(fields, parts...), ", ") + "}", nil
}

func limitList(s map[string]any) string {
	var limits []string
	for _, kind := range limitKinds {
		value, ok := s[kind[0]]
		if !ok {
			continue
		}
		word := kind[1]
		if word == "Minimum" && s["exclusiveMinimum"] == true {
			word = "ExclusiveMinimum"
		}
		limits = append(limits, fmt.Sprintf("{%s, %v}", word, value))
	}
	if limits == nil {
		return ""
	}
	return "[]Limit{" + strings.Join(limits, ", ") + "}"
}

// object returns the fields for objects and combined schemas.
func (p *printer) object(s map[string]any, kind string) ([]string, error) {
	var fields []string
	members, err := p.members(s)
	if err != nil {
		return nil, err
	}
	if members != "" {
		fields = append(fields, "Members: "+members)
	}
	combined := s["oneOf"] != nil || s["anyOf"] != nil || s["allOf"] != nil
	switch extra := s["additionalProperties"].(type) {
	case map[string]any:
		reference, err := p.reference(extra)
		if err != nil {
			return nil, err
		}
		fields = append(fields, "Values: "+reference)
	case bool:
		if extra {
			fields = append(fields, "Open: true")
		}
	case nil:
		// An object without properties is free-form; one with properties has only these.
		if kind == "object" && members == "" && !combined {
			fields = append(fields, "Open: true")
		}
	}
	return p.combined(s, fields)
}

func (p *printer) members(s map[string]any) (string, error) {
	properties, _ := s["properties"].(map[string]any)
	if len(properties) == 0 {
		return "", nil
	}
	required, _ := s["required"].([]any)
	var b strings.Builder
	b.WriteString("[]Member{\n")
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		reference, err := p.reference(properties[name].(map[string]any))
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(&b, "{%q, %s, %t},\n", name, reference, slices.Contains(required, any(name)))
	}
	b.WriteString("}")
	return b.String(), nil
}

// combined adds oneOf, anyOf and allOf. Branches that only list required members become
// groups of names.
func (p *printer) combined(s map[string]any, fields []string) ([]string, error) {
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		branches, _ := s[word].([]any)
		var references, groups []string
		for _, b := range branches {
			branch := b.(map[string]any)
			if names, ok := branch["required"].([]any); ok && len(branch) == 1 {
				groups = append(groups, strings.TrimPrefix(stringList(names), "[]string"))
				continue
			}
			reference, err := p.reference(branch)
			if err != nil {
				return nil, err
			}
			references = append(references, reference)
		}
		if groups != nil {
			fields = append(fields, "Groups: [][]string{"+strings.Join(groups, ", ")+"}")
		}
		if references != nil {
			field := cmp.Or(map[string]string{"allOf": "AllOf"}[word], "AnyOf")
			fields = append(fields, field+": []*Schema{"+strings.Join(references, ", ")+"}")
		}
	}
	return fields, nil
}

func stringList(values []any) string {
	texts := make([]string, 0, len(values))
	for _, v := range values {
		if v != nil {
			texts = append(texts, fmt.Sprintf("%q", fmt.Sprint(v)))
		}
	}
	return "[]string{" + strings.Join(texts, ", ") + "}"
}

// variable names the Go variable of a component.
func variable(component string) string {
	var b strings.Builder
	b.WriteString("schema")
	for word := range strings.FieldsFuncSeq(component, func(r rune) bool { return strings.ContainsRune("._-", r) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
