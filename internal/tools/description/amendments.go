package description

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// AmendmentsFile names the file in the description's folder with the facts that the
// published document lacks.
const AmendmentsFile = "amendments.yaml"

const amendmentsHeader = `# Facts that the live API shows and Clerk's published OpenAPI document lacks. They are
# applied in memory, after the other files, and only add or widen.
# "make spec" reports an entry that the document has, contradicts or has no place for.
`

// An Amendment is a fact that the live API shows and the published document lacks.
type Amendment struct {
	// Place is the address of what the fact is about: a new property or query parameter,
	// or a schema or parameter that the document has.
	Place string
	// Fact has the members of OpenAPI to add, with our words.
	Fact *yaml.Node
	// Source says where the fact can be looked up, and Date when that was done.
	Source, Date string
}

// ReadAmendments reads the amendments of the description in dir, none without a file.
func ReadAmendments(dir string) ([]Amendment, error) {
	file := filepath.Join(dir, AmendmentsFile)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the amendments: %w", err)
	}
	all, err := parseAmendments(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return all, nil
}

func parseAmendments(data []byte) ([]Amendment, error) {
	doc, err := Parse(data)
	if err != nil {
		return nil, err
	}
	entries := Get(doc, "amendments")
	if entries == nil || entries.Kind != yaml.SequenceNode || len(doc.Content) != 2 {
		return nil, errors.New("want one list under the key amendments")
	}
	taken := map[string]bool{}
	var all []Amendment
	for i, n := range entries.Content {
		a, err := parseAmendment(n)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
		if taken[a.Place] {
			return nil, fmt.Errorf("entry %d: %s is amended twice", i+1, a.Place)
		}
		taken[a.Place] = true
		all = append(all, a)
	}
	return all, nil
}

// parseAmendment reads one entry, which must say where its fact comes from.
func parseAmendment(n *yaml.Node) (Amendment, error) {
	for key := range Pairs(n) {
		if key != "place" && key != "fact" && key != "source" && key != "date" {
			return Amendment{}, fmt.Errorf("%q is not a member of an amendment", key)
		}
	}
	a := Amendment{Place: Text(n, "place"), Source: strings.TrimSpace(Text(n, "source")), Date: Text(n, "date")}
	kind, known := a.kind()
	if !known {
		return Amendment{}, fmt.Errorf("%q is not the address of a schema or a query parameter", a.Place)
	}
	if a.Source == "" {
		return Amendment{}, fmt.Errorf("%s: the source is missing", a.Place)
	}
	if _, err := time.Parse(time.DateOnly, a.Date); err != nil {
		return Amendment{}, fmt.Errorf("%s: the date is missing, or not of the form 2006-01-02", a.Place)
	}
	fact := Get(n, "fact")
	if fact == nil || len(fact.Content) == 0 {
		return Amendment{}, fmt.Errorf("%s: the fact is missing", a.Place)
	}
	var err error
	a.Fact, err = canonical{}.object(fact, kind, a.Place)
	return a, err
}

// kind is the kind of object that the place of an amendment holds.
func (a Amendment) kind() (Kind, bool) {
	_, step := a.split()
	switch {
	case strings.HasPrefix(step, "."), strings.HasPrefix(step, "schema"), step == "[]":
		return Schema, true
	case strings.HasPrefix(step, "query "):
		return Parameter, true
	}
	return "", false
}

// split divides the place into the address of what contains it and its last step.
func (a Amendment) split() (up, step string) {
	i := strings.LastIndex(a.Place, Separator)
	if i < 0 {
		return "", a.Place
	}
	return a.Place[:i], a.Place[i+len(Separator):]
}

// Facts returns what the amendment states, by the keys of Place.Facts.
func (a Amendment) Facts() map[string]string {
	all := map[string]string{}
	kind, _ := a.kind()
	_, step := a.split()
	fact := Clone(a.Fact)
	if name, ok := strings.CutPrefix(step, "query "); ok && complete(fact) {
		Set(fact, "name", name)
		Set(fact, "in", "query")
	}
	w := walker{yield: func(p *Place) bool {
		maps.Insert(all, p.Facts())
		return true
	}}
	w.walk(&Place{Address: a.Place, Step: step, Kind: kind, Node: fact, Up: &Place{Kind: kind}})
	return all
}

// RenderAmendments returns the canonical content of the file, nil without amendments.
func RenderAmendments(all []Amendment) ([]byte, error) {
	if len(all) == 0 {
		return nil, nil
	}
	entries := Seq()
	for _, a := range all {
		entries.Content = append(entries.Content,
			Map("place", a.Place, "fact", a.Fact, "source", a.Source, "date", a.Date))
	}
	return Encode(amendmentsHeader, Map("amendments", entries))
}
