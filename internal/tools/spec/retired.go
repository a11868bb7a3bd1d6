package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// The files with the words of what the published document no longer has, that of the
// Backend API and that of the webhook events.
const (
	retiredFile         = "retired.yaml"
	retiredWebhooksFile = "retired-webhooks.yaml"
)

const retiredHeader = `# Words and x-go- members of what the published document no longer has, by place.
# They return automatically when "make spec" finds the place again.
`

// readRetired returns the retired words of a file by address, none without it.
func readRetired(dir, file string) (map[string]*yaml.Node, error) {
	data, err := os.ReadFile(filepath.Join(dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the retired words: %w", err)
	}
	doc, err := description.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return maps.Collect(description.Pairs(doc)), nil
}

// renderRetired returns the content of the file, nil if nothing is retired.
func renderRetired(retired map[string]*yaml.Node) ([]byte, error) {
	if len(retired) == 0 {
		return nil, nil
	}
	doc := description.Map()
	for _, address := range slices.Sorted(maps.Keys(retired)) {
		description.Set(doc, address, description.Plain(retired[address]))
	}
	return description.Encode(retiredHeader, doc)
}

// retire keeps the words of places that are gone, except for words that they would get
// by rule anyway.
func (m *merged) retire(was map[string]*description.Place, ours kept, here map[string]bool) {
	for address, words := range ours.retired {
		if !here[address] {
			m.retired[address] = words
		}
	}
	for address, old := range was {
		subject, _, _ := strings.Cut(address, separator)
		words := old.Words()
		if here[address] || words == nil || ours.shared[strings.TrimPrefix(subject, "schema ")] || byRule(old, words, ours.ruled[old.Address]) {
			continue
		}
		if description.Get(words, description.UnpublishedKey) != nil {
			words = description.Clone(old.Node) // no document has its facts
		}
		m.retired[address] = words
	}
}

// byRule reports whether words are only what merge adds to a place without words. ruled
// says that this includes a type, although the sentence is gone that it follows.
func byRule(p *description.Place, words *yaml.Node, ruled bool) bool {
	rule := defaults(p, nil)
	for key, v := range description.Pairs(words) {
		if description.Text(rule, key) == v.Value || key == typeKey && ruled && v.Value == timestampType {
			continue
		}
		if p.Kind == description.Response && key == "description" && v.Value == responseText(p) {
			continue
		}
		return false
	}
	return true
}
