package description

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The reasons why an amendment does not amend a document.
var (
	ErrHasIt     = errors.New("upstream has it now: delete")
	ErrOtherwise = errors.New("upstream says otherwise")
	ErrPlaceGone = errors.New("place is gone")
)

// LoadAmended is Load with the amendments of the folder. An amendment that the
// description already has changes nothing; one that does not fit is an error.
func LoadAmended(dir string) (*yaml.Node, error) {
	doc, err := Load(dir)
	if err != nil {
		return nil, err
	}
	all, err := ReadAmendments(dir)
	if err != nil {
		return nil, err
	}
	return doc, Amend(doc, all)
}

// Amend applies amendments to a merged description or a published document. It returns
// an error for those that do not fit, which are left out.
func Amend(doc *yaml.Node, all []Amendment) error {
	var problems []error
	for _, err := range Standings(doc, all) {
		if err != nil && !errors.Is(err, ErrHasIt) {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

// Standings applies amendments and returns for each nil, or an error that wraps ErrHasIt,
// ErrOtherwise or ErrPlaceGone.
func Standings(doc *yaml.Node, all []Amendment) []error {
	standings := make([]error, len(all))
	places := Index(doc)
	for i, a := range all {
		if err := a.apply(places); err != nil {
			standings[i] = fmt.Errorf("%s: %w", a.Place, err)
		}
	}
	return standings
}

func (a Amendment) apply(places map[string]*Place) error {
	if p := places[a.Place]; p != nil {
		added, err := widen(p, Clone(a.Fact))
		if err == nil && !added {
			return ErrHasIt
		}
		return err
	}
	above, step := a.split()
	up := places[above]
	if up == nil || !complete(a.Fact) {
		return ErrPlaceGone
	}
	return insert(up, step, Clone(a.Fact))
}

// complete reports whether a fact can stand for itself. One that cannot, such as a
// further value of an enum, needs a place that the document has.
func complete(fact *yaml.Node) bool {
	for _, key := range []string{"type", "$ref", "oneOf", "anyOf", "allOf", "schema"} {
		if Get(fact, key) != nil {
			return true
		}
	}
	return false
}

// insert adds a property or a query parameter that is not there.
func insert(up *Place, step string, fact *yaml.Node) error {
	if name, ok := strings.CutPrefix(step, "."); ok && up.Kind == Schema {
		into(up.Node, "properties", Map())
		Set(Get(up.Node, "properties"), name, fact)
		return nil
	}
	if name, ok := strings.CutPrefix(step, "query "); ok && up.Kind == Operation {
		into(up.Node, "parameters", Seq())
		parameter := Map("name", name, "in", "query")
		parameter.Content = append(parameter.Content, fact.Content...)
		list := Get(up.Node, "parameters")
		list.Content = append(list.Content, parameter)
		return nil
	}
	return ErrPlaceGone
}

// into sets a member to an empty value if it is missing.
func into(n *yaml.Node, key string, empty *yaml.Node) {
	if Get(n, key) == nil {
		Set(n, key, empty)
	}
}

// widen adds to a place what the fact has beyond it, and reports whether that is
// anything. What would contradict or narrow the place is refused before any change.
func widen(p *Place, fact *yaml.Node) (added bool, err error) {
	if p.Kind == Schema && p.Up.Kind == Parameter && Text(fact, "type") == "array" && Text(p.Node, "type") != "array" {
		return true, repeat(p.Node, fact)
	}
	if unit := Text(fact, "x-go-type"); unit != "" {
		switch have := Text(p.Node, "x-go-type"); {
		case Text(p.Node, "type") != "integer" && Text(p.Node, "type") != "number", have != "" && have != unit:
			return false, ErrOtherwise // a unit is that of a number
		}
	}
	if !fits(p.Kind, p.Node, fact) {
		return false, ErrOtherwise
	}
	return merge(p.Kind, p.Node, fact), nil
}

// repeat turns the schema of a query parameter into a list of what it was: one value is
// a list of one.
func repeat(schema, fact *yaml.Node) error {
	one, items := Clone(schema), Get(fact, "items")
	if items == nil || !fits(Schema, one, items) {
		return ErrOtherwise
	}
	merge(Schema, one, items)
	Set(fact, "items", one)
	schema.Content = fact.Content
	return nil
}

// fits reports whether merge would add to n, and neither change nor narrow it.
func fits(kind Kind, n, fact *yaml.Node) bool {
	for key, v := range Pairs(fact) {
		m, _, _ := memberOf(kind, key)
		have := Get(n, key)
		switch {
		case IsWord(kind, key), key == "nullable" && Value(v) == "true":
		case m.form == fields:
			for name, property := range Pairs(v) {
				if was := Get(have, name); was != nil && !fits(m.kind, was, property) {
					return false
				}
			}
		case have == nil: // any other member would limit what was free
			return false
		case m.form == one:
			if !fits(m.kind, have, v) {
				return false
			}
		case key != "enum" && Value(have) != Value(v):
			return false
		}
	}
	return true
}

// merge adds the members of a fact that fits, and reports whether n lacked any. Words
// alone are nothing that a document could lack.
func merge(kind Kind, n, fact *yaml.Node) (added bool) {
	for key, v := range Pairs(fact) {
		m, _, _ := memberOf(kind, key)
		have := Get(n, key)
		switch {
		case key == "x-go-values" && have != nil:
			added = extend(have, v) || added
		case have == nil && m.form != fields, IsWord(kind, key):
			decided := key == "x-go-values" || key == "x-go-type" && Text(n, key) != v.Value
			added = added || !IsWord(kind, key) || decided
			Set(n, key, v)
		case m.form == fields:
			into(n, key, Map())
			have = Get(n, key)
			for name, property := range Pairs(v) {
				was := Get(have, name)
				if was == nil {
					added = true
					Set(have, name, property)
				} else if merge(m.kind, was, property) {
					added = true
				}
			}
		case m.form == one:
			added = merge(m.kind, have, v) || added
		case key == "nullable" && Value(have) != Value(v):
			added = true
			Set(n, key, v)
		case key == "enum":
			added = extend(have, v) || added
		}
	}
	return added
}

// extend adds the values of more that list lacks, and reports whether there were any.
func extend(list, more *yaml.Node) (added bool) {
	for _, value := range Items(more) {
		if !slices.ContainsFunc(list.Content, func(have *yaml.Node) bool { return Value(have) == Value(value) }) {
			added = true
			list.Content = append(list.Content, value)
		}
	}
	return added
}
