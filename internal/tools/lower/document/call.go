package document

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// call is what the template of a package prints of an operation.
func call(o *surface.Operation) *yaml.Node {
	n := description.Map(
		"x-sdk-name", o.Name,
		"x-sdk-doc", Comment(o.Doc),
		"x-sdk-arguments", arguments(o),
		"x-sdk-pass", pass(o),
		"x-sdk-ids", strings.Join(variables(o), ", "),
		"x-sdk-result", o.Result,
		"x-sdk-status", o.Status,
	)
	switch o.Carrier {
	case surface.QueryValue:
		description.Set(n, "x-sdk-query", values(o.Query, o.Comma))
	case surface.FormBody:
		description.Set(n, "x-sdk-form", values(o.Form, nil))
	case surface.JSONBody:
		description.Set(n, "x-sdk-body", true)
	}
	if o.Iterator != "" {
		description.Set(n, "x-sdk-iterator", o.Iterator)
		description.Set(n, "x-sdk-item", o.Item)
		description.Set(n, "x-sdk-iterator-doc", Comment(iteratorDoc(o)))
	}
	return n
}

// arguments are the parameters of the function between client and opts.
func arguments(o *surface.Operation) string {
	var b strings.Builder
	if len(o.IDs) > 0 {
		fmt.Fprintf(&b, ", %s string", strings.Join(variables(o), ", "))
	}
	if o.Params != "" {
		fmt.Fprintf(&b, ", params %s", o.Params)
	}
	return b.String()
}

// pass hands the same arguments on, with page instead of params.
func pass(o *surface.Operation) string {
	var b strings.Builder
	for _, v := range variables(o) {
		b.WriteString(", " + v)
	}
	if o.Params != "" {
		b.WriteString(", page")
	}
	return b.String()
}

func variables(o *surface.Operation) []string {
	var names []string
	for _, id := range o.IDs {
		names = append(names, id.Variable)
	}
	return names
}

// values lists wire names with the expression that gives the value.
func values(fields []surface.Field, comma []string) *yaml.Node {
	out := description.Seq()
	for _, f := range fields {
		expr, joined := "params."+f.Name, slices.Contains(comma, f.Wire)
		if joined {
			expr = "commaSeparated(" + expr + ")"
		}
		out.Content = append(out.Content, description.Map("name", f.Wire, "value", expr, "comma", joined))
	}
	return out
}

func iteratorDoc(o *surface.Operation) string {
	doc := fmt.Sprintf("%s walks what [%s] lists, one request a page, made when the loop gets there. "+
		"params.Limit is the size of a page, params.Offset is where to begin. An error is the last thing it yields.", o.Iterator, o.Name)
	if o.Deprecated {
		doc += "\n\nDeprecated: the API calls [" + o.Name + "] deprecated."
	}
	return doc
}
