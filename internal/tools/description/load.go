package description

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// PackageKey is the member that Load adds to each operation: its Go package.
const PackageKey = "x-go-package"

// PackagesKey is the member of the merged document's info with the description of each
// package, which comes from the info of the package's own file.
const PackagesKey = "x-go-packages"

// componentsFile has the components that the packages share.
const componentsFile = "components.yaml"

// Load reads the description in dir, components.yaml and one file for each package of
// packages.yaml, as one document: references are local ("#/components/schemas/User"), a path has the methods
// of all packages, and each operation names its package under PackageKey. The
// descriptions of the packages are collected under PackagesKey.
func Load(dir string) (*yaml.Node, error) {
	packages, err := ReadPackages(dir)
	if err != nil {
		return nil, err
	}
	return packages.Load(dir)
}

// Load is the function Load with these packages.
func (p *Packages) Load(dir string) (*yaml.Node, error) {
	doc, err := read(dir, componentsFile)
	if err != nil {
		return nil, err
	}
	paths, texts := Map(), Map()
	for _, name := range p.names {
		part, err := read(dir, name+".yaml")
		if err != nil {
			return nil, err
		}
		if text := Get(part, "info", "description"); text != nil {
			Set(texts, name, text)
		}
		if err := join(paths, part, name); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(dir, name+".yaml"), err)
		}
	}
	Set(doc, "paths", paths)
	if len(texts.Content) > 0 {
		Set(Get(doc, "info"), PackagesKey, texts)
	}
	return doc, nil
}

func read(dir, name string) (*yaml.Node, error) {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	doc, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
	}
	return doc, nil
}

// join adds the paths of one package's file to those of the others.
func join(paths, part *yaml.Node, pkg string) error {
	own := Get(part, "paths")
	rewriteRefs(own, componentsFile+"#/", "#/")
	for path, item := range Pairs(own) {
		shared := Get(paths, path)
		if shared == nil {
			shared = Map()
			Set(paths, path, shared)
		}
		for key, v := range Pairs(item) {
			m, _, _ := memberOf(PathItem, key)
			if m.kind == Operation {
				if Get(shared, key) != nil {
					return fmt.Errorf("%s %s: another package also has it", strings.ToUpper(key), path)
				}
				Set(v, PackageKey, pkg)
			}
			Set(shared, key, v)
		}
	}
	return nil
}

// rewriteRefs replaces the beginning of every reference and discriminator mapping.
func rewriteRefs(n *yaml.Node, from, to string) {
	for key, v := range Pairs(n) {
		switch {
		case key == "$ref" && v.Kind == yaml.ScalarNode:
			replacePrefix(v, from, to)
		case key == "discriminator":
			for _, target := range Pairs(Get(v, "mapping")) {
				replacePrefix(target, from, to)
			}
		}
		rewriteRefs(v, from, to)
	}
	for _, child := range Items(n) {
		rewriteRefs(child, from, to)
	}
}

func replacePrefix(n *yaml.Node, from, to string) {
	if rest, ok := strings.CutPrefix(n.Value, from); ok {
		n.Value = to + rest
	}
}
