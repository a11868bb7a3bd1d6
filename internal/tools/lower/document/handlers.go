package document

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// handlerPaths lists every operation with what the template of clerktest.Handlers
// prints for it.
func handlerPaths(s *surface.Surface, names map[*surface.Operation]string) *yaml.Node {
	paths := description.Map()
	for _, p := range s.Domains {
		for _, o := range p.Operations {
			add(paths, o, handler(o, names[o]))
		}
	}
	return paths
}

func handler(o *surface.Operation, name string) *yaml.Node {
	n := description.Map(
		"x-sdk-name", name,
		"x-sdk-operation", o.Package+"."+o.Name,
		"x-sdk-doc", Comment(handlerDoc(o, name)),
		"x-sdk-signature", signature(o),
		"x-sdk-values", pathValues(o),
		"x-sdk-result", handlerResult(o),
		"x-sdk-status", o.Status,
		"x-sdk-list", string(o.List),
	)
	if o.Params != "" {
		description.Set(n, "x-sdk-params", o.Package+"."+o.Params)
		description.Set(n, "x-sdk-decode", decoders(o))
		description.Set(n, "x-sdk-type", o.Params)
		description.Set(n, "x-sdk-constants", literals(o))
	}
	if o.Deprecated {
		description.Set(n, "x-sdk-deprecated", true)
	}
	if o.Iterator != "" {
		description.Set(n, "x-sdk-iterator", o.Package+"."+o.Iterator)
	}
	return n
}

// decoders lists the methods that read the params of an operation from a request.
func decoders(o *surface.Operation) *yaml.Node {
	all := description.Seq()
	if len(o.Query) > 0 {
		all.Content = append(all.Content, description.String("query"))
	}
	switch o.Carrier {
	case surface.JSONBody:
		all.Content = append(all.Content, description.String("body"))
	case surface.FormBody:
		all.Content = append(all.Content, description.String("form"))
	}
	return all
}

func handlerDoc(o *surface.Operation, name string) string {
	doc := fmt.Sprintf("%s handles [%s.%s], %s %s.", name, o.Package, o.Name, o.Method, o.Path)
	if o.Deprecated {
		return doc + "\n\nDeprecated: the API marks this operation as deprecated."
	}
	return doc
}

func signature(o *surface.Operation) string {
	args := "ctx context.Context" + pathArguments(o, func(typ string) string { return o.Package + "." + typ })
	if o.Params != "" {
		args += ", params " + o.Package + "." + o.Params
	}
	return args
}

func pathValues(o *surface.Operation) string {
	var b strings.Builder
	for _, id := range o.IDs {
		value := fmt.Sprintf("x.r.PathValue(%q)", id.Wire)
		if id.Type != "" {
			value = o.Package + "." + id.Type + "(" + value + ")"
		}
		b.WriteString(", " + value)
	}
	if o.Params != "" {
		b.WriteString(", params")
	}
	return b.String()
}

// handlerResult is the result in package clerktest, with the models of package api.
func handlerResult(o *surface.Operation) string {
	return surface.Qualify("api", o.Result)
}
