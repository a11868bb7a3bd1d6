package main

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// merged is a description after it takes over a published document.
type merged struct {
	doc *yaml.Node
	// retired has the words of what the document does not have, by address.
	retired map[string]*yaml.Node
	// fresh lists the addresses of operations and named schemas whose Go name was
	// chosen by rule.
	fresh []string
	// said has the types that the document's sentences and examples reveal, by address.
	said map[string]string
}

// kept is what a description has beside the facts that it takes over.
type kept struct {
	doc     *yaml.Node // nil for the first document
	retired map[string]*yaml.Node
	// ruled has the addresses that the rules make a timestamp because of a sentence of the
	// document that the facts came from.
	ruled map[string]bool
	// shared has the schemas whose words another document keeps.
	shared map[string]bool
}

// timestamps lists the addresses that the document's sentences make a timestamp, sorted.
func (m *merged) timestamps() []string {
	var all []string
	for address, said := range m.said {
		if said == timestampType {
			all = append(all, address)
		}
	}
	slices.Sort(all)
	return all
}

// merge adds our words to the facts of a published document: those at the same place,
// or at the same place of an operation that moved, else those that were retired from
// it, else the defaults. The order of our fields, parameters and enum values is kept.
func merge(p *published, ours kept) merged {
	out := merged{doc: description.Clone(p.facts), retired: map[string]*yaml.Node{}, said: map[string]string{}}
	was, raw := description.Index(ours.doc), description.Index(p.raw)
	moveAlong(was, out.doc)
	here := map[string]bool{}
	for place := range description.Places(out.doc) {
		here[place.Address] = true
		words, old := ours.retired[place.Address], was[place.Address]
		if rule := defaults(place, raw[place.Address]); place.Kind == description.Schema && rule != nil {
			out.said[place.Address] = description.Text(rule, typeKey)
		}
		if old != nil {
			place.Arrange(out.doc, old, ours.doc)
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
	out.retire(was, ours, here)
	return out
}

// moveAlong moves the places of operations with another method or path in doc to their
// new address, so that their words follow. The operationId identifies them.
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

// describeResponse adds the description that OpenAPI requires of every response.
func describeResponse(p *description.Place) {
	if p.Kind != description.Response || description.Get(p.Node, "$ref") != nil || description.Get(p.Node, "description") != nil {
		return
	}
	description.Set(p.Node, "description", responseText(p))
}

// responseText describes a response by its status, or by its name as a component.
func responseText(p *description.Place) string {
	if code, err := strconv.Atoi(p.Step); err == nil && http.StatusText(code) != "" {
		return p.Step + " " + http.StatusText(code)
	}
	return strings.TrimPrefix(p.Step, "response ")
}
