package description

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// header is the first comment of every file; the canonical form has no other comments.
const header = `# The facts of this file follow Clerk's published OpenAPI document, by way of "make spec".
# Its words and x-go- members are ours: edit them here, then run "make spec" or ".bin/spec format".
`

// Files returns the canonical files of a merged document, as returned by Load, by name:
// components.yaml and one per package. Its tags decide the file of an operation.
func (p *Packages) Files(doc *yaml.Node) (map[string][]byte, error) {
	doc = Clone(doc)
	parts := map[string]*yaml.Node{}
	for _, name := range p.names {
		parts[name] = frame(doc, name)
	}
	for path, item := range Pairs(Get(doc, "paths")) {
		if err := p.deal(parts, path, item); err != nil {
			return nil, err
		}
	}
	Set(doc, "paths", Map())
	Set(Get(doc, "info"), "title", "Clerk Backend API, what the packages share")
	Delete(Get(doc, "info"), PackagesKey)
	files := map[string][]byte{}
	for name, part := range parts {
		rewriteRefs(Get(part, "paths"), "#/", componentsFile+"#/")
		data, err := render(part)
		if err != nil {
			return nil, fmt.Errorf("%s.yaml: %w", name, err)
		}
		files[name+".yaml"] = data
	}
	data, err := render(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", componentsFile, err)
	}
	files[componentsFile] = data
	return files, nil
}

// render brings a document into canonical form and encodes it.
func render(doc *yaml.Node) ([]byte, error) {
	doc, err := Canonical(doc)
	if err != nil {
		return nil, err
	}
	return Encode(header, doc)
}

// Encode writes a node as it is, in the style of every file of the description, after a
// comment.
func Encode(header string, n *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(header)
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(n); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return out.Bytes(), nil
}

// frame makes the file of a package without its paths. It is a document of its own, so
// it repeats where the API is and how callers authenticate.
func frame(doc *yaml.Node, pkg string) *yaml.Node {
	info := Map("title", "Clerk Backend API, package "+pkg, "version", Text(doc, "info", "version"))
	if text := Get(doc, "info", PackagesKey, pkg); text != nil {
		Set(info, "description", text)
	}
	part := Map("openapi", Text(doc, "openapi"), "info", info)
	for _, key := range []string{"servers", "security"} {
		if v := Get(doc, key); v != nil {
			Set(part, key, Clone(v))
		}
	}
	schemes := Map()
	for name := range Pairs(Get(doc, "components", "securitySchemes")) {
		Set(schemes, name, Map("$ref", componentsFile+"#/components/securitySchemes/"+name))
	}
	Set(part, "paths", Map())
	if len(schemes.Content) > 0 {
		Set(part, "components", Map("securitySchemes", schemes))
	}
	return part
}

// deal adds each method of a path to the file of its package, with what the methods share.
func (p *Packages) deal(parts map[string]*yaml.Node, path string, item *yaml.Node) error {
	for key, operation := range Pairs(item) {
		if m, _, _ := memberOf(PathItem, key); m.kind != Operation {
			continue
		}
		pkg, err := p.Of(Strings(Get(operation, "tags")))
		if err != nil {
			return fmt.Errorf("%s %s: %w", strings.ToUpper(key), path, err)
		}
		Delete(operation, PackageKey)
		paths := Get(parts[pkg], "paths")
		own := Get(paths, path)
		if own == nil {
			own = Map()
			for key, v := range Pairs(item) {
				if m, _, _ := memberOf(PathItem, key); m.kind != Operation {
					Set(own, key, Clone(v))
				}
			}
			Set(paths, path, own)
		}
		Set(own, key, operation)
	}
	return nil
}
