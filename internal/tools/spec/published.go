package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// published is a published document that passed all checks.
type published struct {
	// raw is the document as read, and facts the same in canonical form without its
	// sentences.
	raw, facts *yaml.Node
	set        facts.Set
	webhooks   bool // it describes events and no operations
	version    string
	sha256     string
}

// readPublished reads a document from a path or an http(s) address.
func readPublished(source string) (*published, error) {
	data, err := fetch(source, maxDocument)
	if err != nil {
		return nil, err
	}
	return parsePublished(data, source)
}

// parsePublished checks a whole document before any of it is used: a truncated one
// would look like an API that lost the rest. Where it comes from has its version if it
// describes events.
func parsePublished(data []byte, source string) (*published, error) {
	text := bytes.TrimSpace(data)
	if len(text) > 0 && text[0] != '{' && data[len(data)-1] != '\n' {
		return nil, errors.New("the last line has no line break: the document is truncated")
	}
	raw, err := description.Parse(data)
	if err != nil {
		return nil, err
	}
	if v := description.Text(raw, "openapi"); !strings.HasPrefix(v, "3.0.") {
		return nil, fmt.Errorf("openapi is %q, not 3.0", v)
	}
	p := &published{raw: raw, version: description.Text(raw, "info", "version"), webhooks: describesWebhooks(raw)}
	if p.version == "" {
		return nil, errors.New("info has no version")
	}
	if p.facts, err = description.Facts(raw); err != nil {
		return nil, err
	}
	if err := checkReferences(p.facts, p.facts); err != nil {
		return nil, err
	}
	switch {
	case p.webhooks:
		err = p.takeEvents(source)
	case description.Get(p.facts, "x-webhooks") != nil:
		err = errors.New("the document has both operations and webhook events")
	default:
		err = checkOperations(p.facts)
	}
	if err != nil {
		return nil, err
	}
	if p.set, err = facts.Of(p.facts); err != nil {
		return nil, err
	}
	if p.webhooks {
		err = validateWebhooks(p.raw)
	} else {
		err = validate(data)
	}
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	p.sha256 = hex.EncodeToString(sum[:])
	return p, nil
}

// takeEvents checks the events of a document and decides its version.
func (p *published) takeEvents(source string) (err error) {
	if p.version, err = webhooksVersion(p.version, source); err != nil {
		return err
	}
	description.Set(description.Get(p.facts, "info"), "version", p.version)
	description.Delete(p.facts, "paths")
	return checkWebhooks(p.facts)
}

// source is what LOCK records of the document, with the places that its sentences make a
// timestamp.
func (p *published) source(ruled []string) description.Source {
	return description.Source{Version: p.version, SHA256: p.sha256, Facts: p.set.Digest(), Ruled: ruled}
}

// validate checks a document with the OpenAPI library that the code generator uses.
func validate(data []byte) error {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(data)
	if err != nil {
		return err
	}
	// A default outside its enum, or a pattern that Go's syntax does not support,
	// affects neither the generator nor callers.
	return doc.Validate(context.Background(), openapi3.DisableExamplesValidation(),
		openapi3.DisableSchemaDefaultsValidation(), openapi3.DisableSchemaPatternValidation(),
		openapi3.AllowExtraSiblingFields("description", "nullable"))
}

func checkReferences(doc, n *yaml.Node) error {
	for key, v := range description.Pairs(n) {
		if key == "$ref" && v.Kind == yaml.ScalarNode && description.Resolve(doc, n) == nil {
			return fmt.Errorf("the reference %s does not resolve", v.Value)
		}
		if err := checkReferences(doc, v); err != nil {
			return err
		}
	}
	for _, child := range description.Items(n) {
		if err := checkReferences(doc, child); err != nil {
			return err
		}
	}
	return nil
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// checkOperations refuses documents whose operations cannot be distinguished, or have
// nothing that could assign them to a package.
func checkOperations(doc *yaml.Node) error {
	ids, routes := map[string]string{}, map[string]string{}
	for p := range description.Places(doc) {
		if p.Kind != description.Operation {
			continue
		}
		id := description.Text(p.Node, "operationId")
		if id == "" {
			return fmt.Errorf("%s has no operationId", p.Address)
		}
		if other, taken := ids[id]; taken {
			return fmt.Errorf("%s and %s both have the operationId %s", other, p.Address, id)
		}
		route := placeholder.ReplaceAllString(p.Address, "{}")
		if other, taken := routes[route]; taken {
			return fmt.Errorf("%s and %s are the same route", other, p.Address)
		}
		ids[id], routes[route] = p.Address, p.Address
		if err := checkPlaceholders(doc, p); err != nil {
			return err
		}
		if len(tagsOf(p.Node)) == 0 {
			return fmt.Errorf("%s: no tag names the package", p.Address)
		}
	}
	if len(ids) == 0 {
		return errors.New("the document has no operations")
	}
	return nil
}

// checkPlaceholders requires a parameter for each placeholder of a path, and no others.
func checkPlaceholders(doc *yaml.Node, operation *description.Place) error {
	missing := map[string]bool{}
	for _, name := range placeholder.FindAllString(operation.Address, -1) {
		missing[strings.Trim(name, "{}")] = true
	}
	for _, holder := range []*yaml.Node{operation.Up.Node, operation.Node} {
		for _, parameter := range description.Items(description.Get(holder, "parameters")) {
			parameter = description.Resolve(doc, parameter)
			name := description.Text(parameter, "name")
			if description.Text(parameter, "in") != "path" {
				continue
			}
			if !missing[name] {
				return fmt.Errorf("%s: the path parameter %s has no placeholder", operation.Address, name)
			}
			delete(missing, name)
		}
	}
	for name := range missing {
		return fmt.Errorf("%s: the placeholder %s has no parameter", operation.Address, name)
	}
	return nil
}
