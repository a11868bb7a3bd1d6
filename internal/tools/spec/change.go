package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// change is one line of a report.
type change struct {
	subject string
	whole   bool   // the subject itself was added or removed
	mark    string // "+", "-" or "~"
	text    string
}

// side has the facts that only one of two descriptions has.
type side struct {
	set  facts.Set
	only map[string]bool
	came bool
}

// changes describes a difference in plain words, one line per change. Names and values
// of one list share a line.
func changes(ours, published facts.Set, d facts.Difference) []change {
	var out []change
	for _, s := range []side{newSide(ours, d.Lost, false), newSide(published, d.Added, true)} {
		out = append(out, s.things()...)
		out = append(out, s.lists()...)
	}
	for _, c := range d.Changed {
		p := read(c.Key)
		text, decided := p.toggled(c.Is == "true")
		if !decided || c.Is != "true" && c.Is != "false" {
			text = fmt.Sprintf("%s: %s, now %s", p.about(p.memberName()), shown(c.Was), shown(c.Is))
		}
		out = append(out, change{subject: p.subject, mark: "~", text: text})
	}
	return out
}

func newSide(set facts.Set, keys []string, came bool) side {
	s := side{set: set, only: map[string]bool{}, came: came}
	for _, key := range keys {
		s.only[key] = true
	}
	return s
}

func (s side) mark() string {
	if s.came {
		return "+"
	}
	return "-"
}

// things are all changes except those of lists.
func (s side) things() []change {
	var out []change
	for key := range s.only {
		p := read(key)
		if p.isList(s.set[key]) {
			continue
		}
		c := change{subject: p.subject, whole: p.whole, mark: s.mark()}
		switch text, decided := p.toggled(s.came); {
		case p.member == "":
			c.text = p.where + s.kindOf(key)
		case decided && s.set[key] == "true":
			c.mark, c.text = "~", text
		default:
			c.text = p.about(strings.TrimSpace(p.memberName() + " " + shown(s.set[key])))
		}
		out = append(out, c)
	}
	return out
}

// toggled describes a change of a member that is either true or absent.
func (p phrase) toggled(on bool) (string, bool) {
	words := map[string][2]string{
		"required":   {"is no longer required", "is now required"},
		"nullable":   {"is no longer null", "may now be null"},
		"deprecated": {"is no longer deprecated", "is now deprecated"},
	}[p.member]
	if on {
		return sentence(p.where, words[1]), words[1] != ""
	}
	return sentence(p.where, words[0]), words[0] != ""
}

func (p phrase) memberName() string {
	if p.member == "$ref" {
		return "reference"
	}
	return strings.TrimSpace(p.member + " " + p.value)
}

// about names a part of the subject.
func (p phrase) about(what string) string {
	if p.where == "" {
		return what
	}
	return what + " of " + p.where
}

// sentence says something about a part of the subject, or about the subject itself.
func sentence(where, says string) string { return strings.TrimSpace(where + " " + says) }

// shown shortens a reference to the name of its target.
func shown(value string) string {
	var text string
	if json.Unmarshal([]byte(value), &text) == nil && strings.HasPrefix(text, "#/") {
		return description.RefName(text)
	}
	return value
}

// kindOf returns, in brackets, the type of what was added or removed and whether it is
// required.
func (s side) kindOf(key string) string {
	at := strings.LastIndex(key, separator)
	if at < 0 {
		return ""
	}
	var says []string
	step := key[at+len(separator):]
	name, isField := strings.CutPrefix(step, ".")
	kind := cmp.Or(s.typeOf(key), s.typeOf(key+separator+"schema"))
	if kind != "" && !strings.HasSuffix(step, " "+kind) { // branches are called by their type
		says = append(says, kind)
	}
	if isField && s.has(key[:at]+separator+"required"+separator+quoted(name)) || s.set[key+separator+"required"] == "true" {
		says = append(says, "required")
	}
	if len(says) == 0 {
		return ""
	}
	return " (" + strings.Join(says, ", ") + ")"
}

func (s side) has(key string) bool { _, ok := s.set[key]; return ok }

func (s side) typeOf(schema string) string {
	if ref := s.set[schema+separator+"$ref"]; ref != "" {
		return shown(ref)
	}
	var kind string
	if err := json.Unmarshal([]byte(s.set[schema+separator+"type"]), &kind); err != nil {
		return ""
	}
	if kind == "array" {
		return strings.TrimSpace("list of " + s.typeOf(schema+separator+"[]"))
	}
	return kind
}

// quoted writes a name in the form of the keys of facts.
func quoted(name string) string { return description.Value(description.String(name)) }
