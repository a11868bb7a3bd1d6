package main

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

// read returns the operations and the component schemas of a merged description.
func read(doc *yaml.Node) ([]operation, map[string]any, error) {
	var schemas map[string]any
	if node := description.Get(doc, "components", "schemas"); node != nil {
		if err := node.Decode(&schemas); err != nil {
			return nil, nil, fmt.Errorf("components: %w", err)
		}
	}
	var all []operation
	for path, item := range description.Pairs(description.Get(doc, "paths")) {
		common, err := parameters(doc, item)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, method := range description.Methods {
			node := description.Get(item, method)
			if node == nil {
				continue
			}
			o, err := readOperation(doc, node)
			if err != nil {
				return nil, nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			o.method, o.path, o.parameters = strings.ToUpper(method), path, append(common[:len(common):len(common)], o.parameters...)
			all = append(all, o)
		}
	}
	return qualify(all), schemas, nil
}

// qualify prefixes names that two packages share with the package, as
// clerktest.Handlers does.
func qualify(all []operation) []operation {
	count := map[string]int{}
	for _, o := range all {
		count[o.name]++
	}
	for i, o := range all {
		if count[o.name] > 1 {
			all[i].name = rules.GoName(o.pkg) + o.name
		}
	}
	return all
}

func readOperation(doc, node *yaml.Node) (operation, error) {
	o := operation{
		name: rules.FunctionName(node),
		pkg:  description.Text(node, description.PackageKey),
	}
	var err error
	if o.parameters, err = parameters(doc, node); err != nil {
		return o, err
	}
	if security := description.Get(node, "security"); security != nil && len(security.Content) == 0 {
		o.public = true
	}
	if body := description.Resolve(doc, description.Get(node, "requestBody")); body != nil {
		err = body.Decode(&o.body)
	}
	return o, err
}

// parameters returns the parameters of an operation or a path, with references resolved.
func parameters(doc, node *yaml.Node) ([]map[string]any, error) {
	var list []map[string]any
	for _, item := range description.Items(description.Get(node, "parameters")) {
		resolved := description.Resolve(doc, item)
		if resolved == nil {
			return nil, errors.New("a parameter has a reference that does not resolve")
		}
		var parameter map[string]any
		if err := resolved.Decode(&parameter); err != nil {
			return nil, fmt.Errorf("parameter: %w", err)
		}
		list = append(list, parameter)
	}
	return list, nil
}
