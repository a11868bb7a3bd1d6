package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// operation is the table's entry for one operation of the description.
type operation struct {
	name, pkg, method, path string
	public                  bool // without a secret key
	parameters              []map[string]any
	body                    map[string]any
}

// sortOperations puts operations in the order of paths, then methods.
func sortOperations(all []operation) {
	slices.SortFunc(all, func(a, b operation) int {
		return cmp.Or(strings.Compare(a.path, b.path), strings.Compare(a.method, b.method))
	})
}

func (p *printer) operation(o operation) (string, error) {
	fields := []string{
		fmt.Sprintf("Name: %q", o.name),
		fmt.Sprintf("Package: %q", o.pkg),
		fmt.Sprintf("Method: %q", o.method),
		fmt.Sprintf("Path: %q", o.path),
	}
	if o.public {
		fields = append(fields, "Public: true")
	}
	path, query, err := p.parameters(o.parameters)
	if err != nil {
		return "", err
	}
	if path != nil {
		fields = append(fields, "Params: []Parameter{"+strings.Join(path, ", ")+"}")
	}
	if query != nil {
		fields = append(fields, "Query: []Parameter{\n"+strings.Join(query, ",\n")+",\n}")
	}
	body, err := p.body(o.body)
	if err != nil {
		return "", err
	}
	if body != "" {
		fields = append(fields, "Body: "+body)
	}
	return "{" + strings.Join(fields, ", ") + "}", nil
}

// parameters returns the literals of all query parameters, and of the path parameters
// with a rule.
func (p *printer) parameters(list []map[string]any) (path, query []string, err error) {
	for _, parameter := range list {
		name := parameter["name"].(string)
		schema, _ := parameter["schema"].(map[string]any)
		reference, err := p.reference(schema)
		if err != nil {
			return nil, nil, fmt.Errorf("parameter %s: %w", name, err)
		}
		comma := parameter["style"] == "form" && parameter["explode"] == false
		switch parameter["in"] {
		case "path":
			if reference != "&text" {
				path = append(path, fmt.Sprintf("{%q, %s, true, false}", name, reference))
			}
		case "query":
			query = append(query, fmt.Sprintf("{%q, %s, %t, %t}", name, reference, parameter["required"] == true, comma))
		default:
			return nil, nil, fmt.Errorf("parameter %s: in %v is not supported", name, parameter["in"])
		}
	}
	return path, query, nil
}

func (p *printer) body(request map[string]any) (string, error) {
	if request == nil {
		return "", nil
	}
	content, _ := request["content"].(map[string]any)
	if len(content) != 1 {
		return "", fmt.Errorf("request body: %d media types, want one", len(content))
	}
	for media, entry := range content {
		if media != "application/json" && media != "multipart/form-data" {
			return "", fmt.Errorf("request body: media type %s is not supported", media)
		}
		schema, _ := entry.(map[string]any)["schema"].(map[string]any)
		reference, err := p.reference(schema)
		if err != nil {
			return "", fmt.Errorf("request body: %w", err)
		}
		fields := "Schema: " + reference
		if request["required"] == true {
			fields += ", Required: true"
		}
		if media == "multipart/form-data" {
			fields += ", Multipart: true"
		}
		return "&Body{" + fields + "}", nil
	}
	return "", nil
}
