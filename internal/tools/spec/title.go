package main

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

// names has the Go names of operations and named schemas, by address, including those
// that the published document does not have.
type names map[string]string

func namesOf(packageOf func(operation *yaml.Node) string, docs ...*yaml.Node) names {
	out := names{}
	for _, doc := range docs {
		for p := range description.Places(doc) {
			switch {
			case p.Kind == description.Operation:
				out[p.Address] = packageOf(p.Node) + "." + description.Text(p.Node, nameKey)
			case p.Kind == description.Schema && p.Up.Kind == description.Components:
				out[p.Address] = "api." + rules.ModelName(strings.TrimPrefix(p.Step, "schema "), p.Node)
			}
		}
	}
	return out
}

// title names a subject for readers: an operation with its Go function, a model with
// its Go type if the names differ.
func (t *takeover) title(subject string) string {
	kind, name, _ := strings.Cut(subject, " ")
	switch kind {
	case "document":
		return "the document"
	case "response":
		return "shared response " + name
	case "parameter", "body", "header":
		return "shared " + subject
	case "security":
		return "security scheme " + name
	case "event":
		return name + " (" + t.names[subject] + ")"
	case "schema":
		if inGo := t.names[subject]; inGo != "api."+name {
			return name + " (" + inGo + ")"
		}
		return name
	}
	if inGo := t.names[subject]; inGo != "" {
		return subject + " (" + inGo + ")"
	}
	return subject
}

// place orders subjects: operations by path, then components.
func place(subject string) string {
	if areaOf(subject) == operations {
		method, path, _ := strings.Cut(subject, " ")
		return "1 " + path + " " + method
	}
	return "2 " + subject
}

func versionOf(set facts.Set) string { return unquoted(set["info"+separator+"version"]) }
