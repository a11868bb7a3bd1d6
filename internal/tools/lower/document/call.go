package document

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// call is what the template of a package prints for an operation, with the types that
// only it uses.
func call(o *surface.Operation, own []*surface.Type) *yaml.Node {
	n := description.Map(
		"x-sdk-types", declarations(own),
		"x-sdk-name", o.Name,
		"x-sdk-operation", o.Package+"."+o.Name,
		"x-sdk-doc", Comment(o.Doc),
		"x-sdk-arguments", arguments(o),
		"x-sdk-params", o.Params,
		"x-sdk-pass", pass(o),
		"x-sdk-ids", strings.Join(ids(o), ", "),
		"x-sdk-taken", taken(o),
		"x-sdk-needed", needed(o),
		"x-sdk-result", o.Result,
		"x-sdk-status", o.Status,
	)
	if len(o.Query) > 0 || o.Paginated {
		query := values(o.Query, o.Comma)
		if o.Paginated {
			query.Content = append(query.Content, description.Map("name", "paginated", "value", "true", "comma", false))
		}
		description.Set(n, "x-sdk-query", query)
	}
	switch o.Carrier {
	case surface.FormBody:
		description.Set(n, "x-sdk-form", values(o.Form, nil))
	case surface.JSONBody:
		description.Set(n, "x-sdk-body", true)
		description.Set(n, "x-sdk-constants", literals(o))
	}
	if o.Iterator != "" {
		description.Set(n, "x-sdk-iterator", o.Iterator)
		description.Set(n, "x-sdk-item", o.Item)
		description.Set(n, "x-sdk-identified", o.Identified)
		description.Set(n, "x-sdk-iterator-doc", Comment(iteratorDoc(o)))
	}
	if o.Iterator != "" && o.Cursor != nil {
		description.Set(n, "x-sdk-cursor", description.Map(
			"after", o.Cursor.After.Name, "order", o.Cursor.Order.Name, "field", o.Cursor.Field))
	}
	return n
}

// arguments are the parameters of the function between client and opts.
func arguments(o *surface.Operation) string {
	args := pathArguments(o, func(typ string) string { return typ })
	if o.Params != "" {
		args += ", params " + o.Params
	}
	return args
}

// pathArguments are the path parameters with their types, each after a comma.
func pathArguments(o *surface.Operation, qualified func(typ string) string) string {
	var b strings.Builder
	for i, id := range o.IDs {
		fmt.Fprintf(&b, ", %s", id.Variable)
		if i+1 < len(o.IDs) && o.IDs[i+1].Type == id.Type {
			continue
		}
		if id.Type == "" {
			b.WriteString(" string")
		} else {
			b.WriteString(" " + qualified(id.Type))
		}
	}
	return b.String()
}

// ids are the path parameters as strings.
func ids(o *surface.Operation) []string {
	var all []string
	for _, id := range o.IDs {
		if id.Type == "" {
			all = append(all, id.Variable)
		} else {
			all = append(all, "string("+id.Variable+")")
		}
	}
	return all
}

// taken lists the values of path parameters that are refused, because they are the path
// of another operation.
func taken(o *surface.Operation) *yaml.Node {
	out := description.Seq()
	for _, id := range o.IDs {
		for _, value := range id.Taken {
			out.Content = append(out.Content, description.Map("variable", id.Variable, "wire", id.Wire, "value", value))
		}
	}
	return out
}

// needed lists the fields of params without which nothing is sent.
func needed(o *surface.Operation) *yaml.Node {
	out := description.Seq()
	for _, f := range o.Needed {
		out.Content = append(out.Content, description.Map("field", f.Name, "wire", f.Wire))
	}
	return out
}

// literals lists what a body has besides params.
func literals(o *surface.Operation) *yaml.Node {
	out := description.Seq()
	for _, c := range o.Constant {
		out.Content = append(out.Content, description.Map("name", c.Name, "type", c.Type, "tag", c.Tag, "value", c.Value))
	}
	return out
}

// pass is the list of the same arguments, with page instead of params.
func pass(o *surface.Operation) string {
	var b strings.Builder
	for _, id := range o.IDs {
		b.WriteString(", " + id.Variable)
	}
	if o.Params != "" {
		b.WriteString(", page")
	}
	return b.String()
}

// values lists wire names with the expressions for their values.
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

// reason is why an operation is deprecated, from its own comment.
func reason(o *surface.Operation) string {
	for p := range strings.SplitSeq(o.Doc, "\n\n") {
		if why, ok := strings.CutPrefix(p, "Deprecated: "); ok {
			return why
		}
	}
	return "the API marks [" + o.Name + "] as deprecated."
}

func iteratorDoc(o *surface.Operation) string {
	doc := fmt.Sprintf("%s iterates over everything that [%s] lists. It requests a page when the loop reaches it. "+
		"params.Limit is the page size, 100 by default, and params.Offset is where to start. If a request fails, the error is the last thing that it yields.", o.Iterator, o.Name)
	if c := o.Cursor; c == nil {
		doc += "\n\nItems may be deleted and added meanwhile, also by the loop: none that stays is left out without an error, " +
			"and [clerk.ErrListChanged] says that some may be missing. That does not hold for items that change places in the list; see [clerk.Pages]."
	} else {
		doc += fmt.Sprintf("\n\nThe first page starts after params.%s if that is set, and every other one after the last item of the previous page. "+
			"Items may be deleted meanwhile, also by the loop, or changed so that a filter leaves them out; see [clerk.PagesAfter]. "+
			"With an Offset, or an %s other than %s, pages are requested by Offset instead; see [clerk.Pages].", c.After.Name, c.Order.Name, c.Field)
	}
	if o.Deprecated {
		doc += "\n\nDeprecated: " + reason(o)
	}
	return doc
}
