package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// goAPI is the Go API of a description.
type goAPI struct {
	surface *surface.Surface
	// notes name what has no Go type of its own, and refusals say why the surface is missing.
	notes, refusals []string
	// lists has the required query parameters that are lists, by keys such as "GET
	// /users > user_id". A nil list is never sent, so the surface does not show that
	// they are required.
	lists map[string]string
}

// goAPIOf lowers a merged description as go generate does. nil means an empty one.
func goAPIOf(doc *yaml.Node, packageOf func(operation *yaml.Node) string) goAPI {
	if doc == nil {
		return goAPI{surface: &surface.Surface{Models: &surface.Package{Name: "api"}}}
	}
	s, notes, err := rules.Lower(doc, description.Text(doc, "info", "version"), packageOf)
	if err != nil {
		return goAPI{refusals: strings.Split(err.Error(), "\n")}
	}
	g := goAPI{surface: s, notes: notes, lists: map[string]string{}}
	for _, p := range s.Domains {
		for _, o := range p.Operations {
			op := description.Get(doc, "paths", o.Path, strings.ToLower(o.Method))
			for _, f := range o.Query {
				if mustSend(doc, op, f.Wire) && strings.HasPrefix(f.Type, "[]") {
					g.lists[o.Method+" "+o.Path+separator+f.Wire] = p.Name + "." + o.Params + "." + f.Name
				}
			}
		}
	}
	return g
}

func mustSend(doc, operation *yaml.Node, query string) bool {
	for _, p := range description.Items(description.Get(operation, "parameters")) {
		p = description.Resolve(doc, p)
		if description.Text(p, "name") == query && description.Text(p, "in") == "query" {
			return description.Text(p, "required") == "true"
		}
	}
	return false
}

// broken returns what Go callers have to change, nothing if one of the surfaces is
// missing.
func (t *takeover) broken() []string {
	was, is := t.goBefore, t.goAfter
	if was.surface == nil || is.surface == nil {
		return nil
	}
	lines := surface.Breaks(was.surface, is.surface, rules.GoName)
	var lists []string
	for key, field := range is.lists {
		route, _, _ := strings.Cut(key, separator)
		if _, already := was.lists[key]; !already && was.has(route) {
			lists = append(lists, field+" must be set")
		}
	}
	slices.Sort(lists)
	return append(lines, lists...)
}

func (g goAPI) has(route string) bool {
	for _, p := range g.surface.Domains {
		for _, o := range p.Operations {
			if o.Method+" "+o.Path == route {
				return true
			}
		}
	}
	return false
}

// reportGo writes the changes that Go callers notice.
func (t *takeover) reportGo(r *reporter) (counts []string) {
	was, is := t.goBefore, t.goAfter
	switch lines := t.broken(); {
	case is.surface == nil: // reported as a decision
	case was.surface == nil:
		r.section("breaks Go callers: unknown, because the current description has no Go API:", was.refusals)
	case len(t.ours) == 0: // there are no callers yet
	case len(lines) == 0:
		r.section("breaks Go callers: nothing", nil)
		counts = append(counts, "nothing breaks Go callers")
	default:
		r.section("breaks Go callers:", lines)
		counts = append(counts, counted(len(lines), "break", "breaks")+" for Go callers")
	}
	fresh := slices.DeleteFunc(slices.Clone(is.notes), func(note string) bool { return slices.Contains(was.notes, note) })
	if len(fresh) > 0 && len(t.ours) > 0 {
		r.section("may need a decision:", fresh)
	}
	return counts
}

// reportNames lists the Go names that were chosen by rule.
func (t *takeover) reportNames(r *reporter) {
	if len(t.fresh) == 0 || len(t.ours) == 0 {
		return
	}
	var lines []string
	for _, address := range t.fresh {
		lines = append(lines, t.title(address))
	}
	r.section("named by rule, an x-go-name overrides it:", lines)
}
