package main

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// placement says which Go package has an operation, also where nobody has placed its
// tags yet.
type placement struct {
	packages *description.Packages
	// assumed has the package that the report assumes for each tag without one.
	assumed map[string]string
	// unplaced lists the addresses of their operations by tag.
	unplaced map[string][]string
}

// placeTags looks for tags of a published document without a package and assumes one, so
// that everything else can be compared.
func placeTags(packages *description.Packages, ours, published *yaml.Node) placement {
	p := placement{packages: packages, assumed: map[string]string{}, unplaced: map[string][]string{}}
	guess := newGuess(packages, ours, published)
	for o := range description.Places(published) {
		if o.Kind != description.Operation {
			continue
		}
		for _, tag := range tagsOf(o.Node) {
			if !packages.Places(tag) {
				p.unplaced[tag] = append(p.unplaced[tag], o.Address)
			}
		}
	}
	for tag, addresses := range p.unplaced {
		p.assumed[tag] = guess.of(addresses)
	}
	p.packages = packages.With(p.assumed)
	return p
}

func tagsOf(operation *yaml.Node) []string {
	return description.Strings(description.Get(operation, "tags"))
}

// of returns the package of an operation: of one of ours that with its file, otherwise
// that of its tags.
func (p placement) of(operation *yaml.Node) string {
	if name := description.Text(operation, description.PackageKey); name != "" {
		return name
	}
	name, err := p.packages.Of(tagsOf(operation))
	if err != nil {
		return "" // such a document was refused before
	}
	return name
}

// decision lists the operations that nobody has placed, with the line to write for each
// tag.
func (p placement) decision(t *takeover) decision {
	d := decision{title: "tags without a package. The report assumes these lines, which " +
		filepath.Join(t.dir, description.PackagesFile) + " lacks:"}
	for _, tag := range slices.Sorted(maps.Keys(p.unplaced)) {
		d.count++
		d.lines = append(d.lines, p.line(tag))
		for _, address := range p.unplaced[tag] {
			d.lines = append(d.lines, "  "+t.title(address))
		}
	}
	return d
}

// line is the place of a tag as the file of packages has it.
func (p placement) line(tag string) string {
	text, err := yaml.Marshal(description.Map(tag, p.assumed[tag]))
	if err != nil {
		return "" // texts always encode
	}
	return strings.TrimSpace(string(text))
}

// elsewhere is the package of operations that resemble none.
const elsewhere = "instance"

// guess finds the package that operations probably belong to: that of the same
// operations in our description, otherwise that of paths that begin alike.
type guess struct {
	same, alike map[string]string // by operationId, by the first segment of a path
	ids         map[string]string // by address
}

func newGuess(packages *description.Packages, ours, published *yaml.Node) guess {
	g := guess{same: map[string]string{}, alike: map[string]string{}, ids: map[string]string{}}
	for _, doc := range []*yaml.Node{ours, published} {
		for o := range description.Places(doc) {
			if o.Kind != description.Operation {
				continue
			}
			id := description.Text(o.Node, "operationId")
			g.ids[o.Address] = id
			if name, err := packages.Of(tagsOf(o.Node)); err == nil {
				g.same[id], g.alike[firstSegment(o.Address)] = name, name
			}
		}
	}
	return g
}

// of returns the package that most of the operations hint at.
func (g guess) of(addresses []string) string {
	votes := map[string]int{}
	for _, address := range addresses {
		if name := cmp.Or(g.same[g.ids[address]], g.alike[firstSegment(address)]); name != "" {
			votes[name]++
		}
	}
	best := ""
	for _, name := range slices.Sorted(maps.Keys(votes)) {
		if best == "" || votes[name] > votes[best] {
			best = name
		}
	}
	return cmp.Or(best, elsewhere)
}

// firstSegment returns "/users" for the address "GET /users/{user_id}".
func firstSegment(address string) string {
	_, path, _ := strings.Cut(address, " /")
	segment, _, _ := strings.Cut(path, "/")
	return "/" + segment
}
