package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// report writes what the published document changes: operations, models, the rest, what
// Go callers notice, and what is left to do. It returns the numbers of all that for the
// conclusion.
func (t *takeover) report(w io.Writer) (counts []string) {
	r := reporter{w: w}
	if !t.unchanged() {
		counts = t.reportDifference(&r)
	}
	t.reportAmendments(&r)
	counts = append(t.reportDecisions(&r), counts...)
	if r.started {
		fmt.Fprintln(w)
	}
	return counts
}

func (t *takeover) reportDifference(r *reporter) (counts []string) {
	if was, is := versionOf(t.ours), versionOf(t.published); was != is && was != "" {
		r.say("version %s, now %s", was, is)
	}
	counts = t.reportChanges(r)
	if len(counts) == 0 {
		counts = append(counts, "only the version differs")
	}
	counts = append(counts, t.reportGo(r)...)
	if len(t.eventNotes) > 0 {
		r.section("schemas of events that differ from now on:", t.eventNotes)
	}
	t.reportWordless(r)
	t.reportNames(r)
	if len(t.decisions) == 0 {
		t.reportChangelog(r)
	}
	return counts
}

// reportAmendments lists the amendments that the document settles.
func (t *takeover) reportAmendments(r *reporter) {
	if len(t.standings) > 0 {
		title := "amendments (" + description.AmendmentsFile + "):"
		if t.retiredFile == retiredWebhooksFile {
			title = "known before they were published:"
		}
		r.section(title, t.standings)
	}
}

// reporter writes sections with an empty line between them.
type reporter struct {
	w       io.Writer
	started bool
}

func (r *reporter) say(format string, args ...any) {
	fmt.Fprintf(r.w, format+"\n", args...)
	r.started = true
}

func (r *reporter) section(title string, lines []string) {
	if r.started {
		fmt.Fprintln(r.w)
	}
	r.say("%s", title)
	for _, line := range lines {
		fmt.Fprintln(r.w, "  "+line)
	}
}

// area is a part of the API with its own sections in a report.
type area int

const (
	operations area = iota
	webhooks
	models
	rest
)

func areaOf(subject string) area {
	method, _, _ := strings.Cut(subject, " /")
	switch {
	case method != subject && method == strings.ToUpper(method):
		return operations
	case strings.HasPrefix(subject, "event "):
		return webhooks
	case strings.HasPrefix(subject, "schema "):
		return models
	}
	return rest
}

// reportChanges writes the changes of the API and returns how many things changed.
func (t *takeover) reportChanges(r *reporter) (counts []string) {
	all := t.changes()
	for _, in := range []struct {
		area
		one, many string
	}{{operations, "operation", "operations"}, {webhooks, "event", "events"}, {models, "model", "models"}, {rest, "other thing", "other things"}} {
		for _, how := range []struct{ mark, done string }{{"-", "removed"}, {"+", "added"}} {
			var lines []string
			for _, c := range all {
				if c.whole && c.mark == how.mark && areaOf(c.subject) == in.area {
					lines = append(lines, c.mark+" "+t.title(c.subject))
				}
			}
			counts = r.things(counts, how.done, in.one, in.many, lines, len(lines))
		}
		if lines := t.renames.lines(t.names); in.area == models {
			counts = r.things(counts, "renamed", in.one, in.many, lines, len(lines))
		}
		lines, subjects := t.changed(all, in.area)
		counts = r.things(counts, "changed", in.one, in.many, lines, subjects)
	}
	return counts
}

// things writes a section, unless it is empty, and counts its things.
func (r *reporter) things(counts []string, done, one, many string, lines []string, n int) []string {
	if n == 0 {
		return counts
	}
	r.section(many+" "+done+":", lines)
	return append(counts, counted(n, one, many)+" "+done)
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// changed collects the changes within things that stay, by thing.
func (t *takeover) changed(all []change, in area) (lines []string, subjects int) {
	subject := ""
	for _, c := range all {
		if c.whole || areaOf(c.subject) != in {
			continue
		}
		if c.subject != subject {
			subject = c.subject
			subjects++
			lines = append(lines, t.title(subject))
		}
		lines = append(lines, "  "+c.mark+" "+c.text)
	}
	return lines, subjects
}

// changes returns the lines of the difference in order, without those that an
// operation's own line implies: the shared responses and parameters that were added or
// removed with it.
func (t *takeover) changes() []change {
	all := changes(t.ours, t.published, t.difference)
	part := map[string]bool{"- info": true, "~ info": true, "+ info": true} // the version has its own line
	for _, c := range all {
		doc := t.before
		if c.mark == "+" {
			doc = t.doc
		}
		if method, path, ok := strings.Cut(c.subject, " "); ok && c.whole && areaOf(c.subject) == operations {
			shared(description.Get(doc, "paths", path, strings.ToLower(method)), c.mark, part)
		}
	}
	all = slices.DeleteFunc(all, func(c change) bool {
		return part[c.mark+" "+c.subject] && (c.whole || c.subject == "info")
	})
	slices.SortFunc(all, func(a, b change) int {
		return cmp.Or(strings.Compare(place(a.subject), place(b.subject)), strings.Compare(a.mark, b.mark), strings.Compare(a.text, b.text))
	})
	return all
}

// steps are the names in addresses of the components for an operation's responses,
// parameters and body.
var steps = map[string]string{"responses": "response", "parameters": "parameter", "requestBodies": "body"}

// shared collects the components besides schemas that an operation refers to.
func shared(n *yaml.Node, mark string, into map[string]bool) {
	ref := strings.TrimPrefix(description.Text(n, "$ref"), "#/components/")
	if section, name, ok := strings.Cut(ref, "/"); ok && steps[section] != "" {
		into[mark+" "+steps[section]+" "+name] = true
	}
	for _, v := range description.Pairs(n) {
		shared(v, mark, into)
	}
	for _, v := range description.Items(n) {
		shared(v, mark, into)
	}
}
