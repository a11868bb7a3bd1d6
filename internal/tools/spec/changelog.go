package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

// declared has the exported names that a takeover adds, and those that it removes or
// changes, each sorted. A name that another one covers is not among them.
type declared struct{ added, broken []string }

func (t *takeover) declarations() declared {
	if t.goBefore.surface == nil || t.goAfter.surface == nil {
		return declared{}
	}
	was, is := t.goBefore.surface.Declarations(rules.GoName), t.goAfter.surface.Declarations(rules.GoName)
	var d declared
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if was[name] == "" && !implied(is, was, name) {
			d.added = append(d.added, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if holder := holderOf(name); is[name] != was[name] && (holder == "" || is[holder] != "" || was[holder] == "") {
			d.broken = append(d.broken, name)
		}
	}
	return d
}

// implied reports whether the line of another new name says enough: of the type of a
// field, constant or alias, or of the function of a handler or of parameters.
func implied(is, was map[string]string, name string) bool {
	pkg, rest, _ := strings.Cut(name, ".")
	fresh := func(other string) bool { return is[other] != "" && was[other] == "" }
	typ, isConst := strings.CutPrefix(is[name], "const ")
	return strings.HasPrefix(name, "clerktest.") || strings.HasPrefix(is[name], "type api.") || holderOf(name) != "" && fresh(holderOf(name)) ||
		isConst && fresh(pkg+"."+typ) || fresh(pkg+"."+strings.TrimSuffix(rest, "Params")) && strings.HasSuffix(rest, "Params")
}

// holderOf returns the type of a field, such as api.User for api.User.ID.
func holderOf(name string) string {
	if strings.Count(name, ".") < 2 {
		return ""
	}
	return name[:strings.LastIndex(name, ".")]
}

// reportChangelog writes what can be pasted below Unreleased in CHANGELOG.md, with every
// name that the check of the exported declarations asks for.
func (t *takeover) reportChangelog(r *reporter) {
	if len(t.ours) == 0 || t.goAfter.surface == nil {
		return
	}
	operations, events := 0, 0
	for p := range description.Places(t.doc) {
		switch {
		case p.Kind == description.Operation:
			operations++
		case p.Kind == description.Event && description.Text(p.Node, description.UnpublishedKey) != "true":
			events++
		}
	}
	r.section("for CHANGELOG.md:", nil)
	r.say("")
	if t.retiredFile == retiredWebhooksFile {
		r.say("*Webhook events:* %s, %d published.", versionOf(t.published), events)
	} else {
		r.say("*Spec:* %s, %d operations.", versionOf(t.published), operations)
	}
	d := t.declarations()
	r.list("Added", d.added)
	r.list("Deprecated", t.deprecated())
	r.list("Breaking", d.broken)
}

// list writes names in backquotes, those of a package in one line.
func (r *reporter) list(title string, names []string) {
	if len(names) == 0 {
		return
	}
	r.say("")
	r.say("%s", title)
	for len(names) > 0 {
		pkg, _, _ := strings.Cut(names[0], ".")
		end := slices.IndexFunc(names, func(name string) bool { return !strings.HasPrefix(name, pkg+".") })
		if end < 0 {
			end = len(names)
		}
		r.say("- `%s`", strings.Join(names[:end], "`, `"))
		names = names[end:]
	}
}

// deprecated lists the functions that the document deprecates.
func (t *takeover) deprecated() []string {
	old := map[string]bool{}
	for _, f := range t.goBefore.deprecated() {
		old[f] = true
	}
	return slices.DeleteFunc(t.goAfter.deprecated(), func(f string) bool { return old[f] })
}

// deprecated lists the deprecated functions, sorted.
func (g goAPI) deprecated() []string {
	var names []string
	if g.surface == nil {
		return nil
	}
	for _, p := range g.surface.Domains {
		for _, o := range p.Operations {
			if o.Deprecated {
				names = append(names, fmt.Sprintf("%s.%s", p.Name, o.Name))
			}
		}
	}
	slices.Sort(names)
	return names
}
