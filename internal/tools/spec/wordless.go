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

// wordless has the addresses of what nobody has described yet.
type wordless struct {
	operations      []string // and events
	schemas, fields []string
}

func (w wordless) all() []string { return slices.Concat(w.operations, w.schemas, w.fields) }

// findWordless looks for operations without a summary or description, and for named
// schemas, fields and parameters without a description, among what Go's documentation
// shows.
func findWordless(doc *yaml.Node) wordless {
	var w wordless
	for p := range description.Places(doc) {
		described := description.Text(p.Node, "description") != ""
		switch {
		case p.Kind == description.Operation:
			if !described || description.Text(p.Node, "summary") == "" {
				w.operations = append(w.operations, p.Address)
			}
		case p.Kind == description.Event:
			if !described {
				w.operations = append(w.operations, p.Address)
			}
		case described, p.Kind != description.Schema && p.Kind != description.Parameter, unseen(p):
		case p.Kind == description.Schema && p.Up.Kind == description.Components:
			w.schemas = append(w.schemas, p.Address)
		case p.Kind == description.Parameter && description.Text(p.Node, "$ref") == "",
			p.Kind == description.Schema && strings.HasPrefix(p.Step, "."):
			w.fields = append(w.fields, p.Address)
		}
	}
	return w
}

// unseen reports whether a place has no comment of its own in Go: ids in a path are
// arguments, all failures are clerk.Error, and lists are slices or clerk.List.
func unseen(p *description.Place) bool {
	if p.Kind == description.Parameter && description.Text(p.Node, "in") == "path" ||
		p.Kind == description.Schema && description.Text(p.Node, "type") == "array" && p.Up.Kind == description.Components {
		return true
	}
	if fields := description.Get(p.Up.Node, "properties"); strings.HasPrefix(p.Step, ".") &&
		description.Get(fields, "total_count") != nil && len(fields.Content) == 4 {
		return true
	}
	for ; p != nil; p = p.Up {
		if description.Text(p.Node, description.SameAsKey) != "" || isEnvelope(p) {
			return true
		}
		if p.Kind == description.Response && p.Up.Kind == description.Operation && !strings.HasPrefix(p.Step, "2") {
			return true
		}
	}
	return false
}

// isEnvelope reports whether a place is the body of an event, in which data has a type of
// its own and package webhooks reads the rest.
func isEnvelope(p *description.Place) bool {
	return p.Kind == description.RequestBody && p.Up.Kind == description.Event
}

// reportWordless lists what the document added and has no words yet, one line per
// operation or component.
func (t *takeover) reportWordless(r *reporter) {
	if len(t.ours) == 0 {
		return // everything was added, and the numbers say so
	}
	parts := map[string][]string{}
	var subjects []string
	for _, address := range findWordless(t.doc).all() {
		if _, old := t.ours[address]; old {
			continue
		}
		p := read(address)
		if parts[p.subject] == nil {
			subjects = append(subjects, p.subject)
		}
		parts[p.subject] = append(parts[p.subject], cmp.Or(p.where, "itself"))
	}
	if len(subjects) == 0 {
		return
	}
	slices.SortFunc(subjects, func(a, b string) int { return strings.Compare(place(a), place(b)) })
	var lines []string
	for _, subject := range subjects {
		lines = append(lines, t.title(subject)+": "+strings.Join(parts[subject], ", "))
	}
	r.section("added without words:", lines)
}

// reportAllWordless counts everything without words, old and new.
func (t *takeover) reportAllWordless(w io.Writer) {
	without := findWordless(t.doc)
	if len(without.all()) == 0 {
		return
	}
	if t.retiredFile == retiredWebhooksFile {
		fmt.Fprintf(w, "without words, old and new: %d events, %d models, %d fields\n",
			len(without.operations), len(without.schemas), len(without.fields))
		return
	}
	count := map[string]int{}
	for _, address := range without.operations {
		pkg, _, _ := strings.Cut(t.names[address], ".")
		count[pkg]++
	}
	each := ""
	for _, pkg := range t.placement.packages.Names() {
		if count[pkg] > 0 {
			each += fmt.Sprintf(", %s %d", pkg, count[pkg])
		}
	}
	if each != "" {
		each = " (" + each[2:] + ")"
	}
	fmt.Fprintf(w, "without words, old and new: %d operations%s, %d models, %d fields and parameters\n",
		len(without.operations), each, len(without.schemas), len(without.fields))
}
