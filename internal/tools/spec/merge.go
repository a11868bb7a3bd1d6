package main

import (
	"maps"
	"net/http"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// merged is what becomes of a description when it takes over a published document.
type merged struct {
	doc *yaml.Node
	// retired holds, by address, the words of what the document does not have.
	retired map[string]*yaml.Node
	// fresh lists the addresses of operations and named schemas that got their Go name by
	// rule.
	fresh []string
}

// merge puts our words into the facts of a published document: those that stood at the
// same place, or at the same one of an operation that moved, else those that were retired
// from it, else the defaults. Where the order
// of fields, parameters and enum values was ours already it stays. ours is nil for the
// first document.
func merge(p *published, ours *yaml.Node, retired map[string]*yaml.Node) merged {
	out := merged{doc: description.Clone(p.facts), retired: map[string]*yaml.Node{}}
	was, raw := description.Index(ours), description.Index(p.raw)
	moveAlong(was, out.doc)
	here := map[string]bool{}
	for place := range description.Places(out.doc) {
		here[place.Address] = true
		words := retired[place.Address]
		if old := was[place.Address]; old != nil {
			place.Arrange(out.doc, old, ours)
			words = old.Words()
		} else if words == nil {
			words = defaults(place, raw[place.Address])
			if description.Get(words, nameKey) != nil {
				out.fresh = append(out.fresh, place.Address)
			}
		}
		for key, v := range description.Pairs(words) {
			description.Set(place.Node, key, v)
		}
		describeResponse(place)
	}
	out.retire(was, retired, here)
	return out
}

// moveAlong files the places of operations that have another method or path in doc under
// that one, so that their words go along. Their operationId tells them.
func moveAlong(was map[string]*description.Place, doc *yaml.Node) {
	addresses, stays := map[string]string{}, map[string]bool{}
	for p := range description.Places(doc) {
		if p.Kind == description.Operation {
			addresses[description.Text(p.Node, "operationId")], stays[p.Address] = p.Address, true
		}
	}
	moved := map[string]string{}
	for address, p := range was {
		now := addresses[description.Text(p.Node, "operationId")]
		if p.Kind == description.Operation && now != "" && !stays[address] && was[now] == nil {
			moved[address] = now
		}
	}
	for address, p := range maps.Clone(was) {
		operation, _, _ := strings.Cut(address, separator)
		if now, ok := moved[operation]; ok {
			delete(was, address)
			was[now+strings.TrimPrefix(address, operation)] = p
		}
	}
}

// retire keeps the words of places that are gone, but for places that have nothing
// besides what they would get by themselves.
func (m *merged) retire(was map[string]*description.Place, retired map[string]*yaml.Node, here map[string]bool) {
	for address, words := range retired {
		if !here[address] {
			m.retired[address] = words
		}
	}
	for address, old := range was {
		if words := old.Words(); !here[address] && words != nil && !byRule(old, words) {
			m.retired[address] = words
		}
	}
}

// byRule reports whether words are only what merge gives to a place that has none.
func byRule(p *description.Place, words *yaml.Node) bool {
	rule := defaults(p, nil)
	for key, v := range description.Pairs(words) {
		if description.Text(rule, key) == v.Value {
			continue
		}
		if p.Kind == description.Response && key == "description" && v.Value == responseText(p) {
			continue
		}
		return false
	}
	return true
}

// describeResponse fills in the text that OpenAPI wants every response to have.
func describeResponse(p *description.Place) {
	if p.Kind != description.Response || description.Get(p.Node, "$ref") != nil || description.Get(p.Node, "description") != nil {
		return
	}
	description.Set(p.Node, "description", responseText(p))
}

// responseText states a response: its status, or its name among the components.
func responseText(p *description.Place) string {
	if code, err := strconv.Atoi(p.Step); err == nil && http.StatusText(code) != "" {
		return p.Step + " " + http.StatusText(code)
	}
	return strings.TrimPrefix(p.Step, "response ")
}
