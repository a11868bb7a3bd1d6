package facts_test

import (
	"maps"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// TestAmendmentsAreTheOnlyOtherFacts compares the amended description with the document
// without amendments, entry by entry: each adds exactly the facts that it has, and loses
// none.
func TestAmendmentsAreTheOnlyOtherFacts(t *testing.T) {
	t.Parallel()
	t.Run("description", func(t *testing.T) {
		t.Parallel()
		doc, err := description.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		amendments(t, doc)
	})
	t.Run("published", func(t *testing.T) {
		t.Parallel()
		doc, _ := publishedDocument(t)
		amendments(t, doc)
	})
}

func amendments(t *testing.T, doc *yaml.Node) {
	t.Helper()
	all, err := description.ReadAmendments(dir)
	if err != nil {
		t.Fatal(err)
	}
	was, expected := of(t, doc), of(t, doc)
	for _, a := range all {
		one := description.Clone(doc)
		if err := description.Standings(one, []description.Amendment{a})[0]; err != nil {
			t.Error(err)
			continue
		}
		is := of(t, one)
		unexplained(t, a, was, is)
		for key := range was {
			if _, still := is[key]; !still {
				delete(expected, key)
			}
		}
		maps.Copy(expected, added(was, is))
	}
	if err := description.Amend(doc, all); err != nil {
		t.Error(err)
	}
	if d := facts.Compare(expected, of(t, doc)); !d.Empty() {
		t.Errorf("all amendments together are more or less than each alone: %+v", d)
	}
	t.Logf("%d amendments add or change %d facts", len(all), len(added(was, expected)))
}

// unexplained reports facts that an amendment does not have but changes, or has but does
// not add.
func unexplained(t *testing.T, a description.Amendment, was, is facts.Set) {
	t.Helper()
	own := a.Facts()
	for key, value := range added(was, is) {
		if stated, ok := own[key]; (!ok || stated != value) && !repeated(a.Place, key, was) {
			t.Errorf("%s: adds %s %s, which it does not state", a.Place, key, value)
		}
	}
	for key, value := range own {
		if now, ok := is[key]; !ok || now != value {
			t.Errorf("%s: states %s %s, which is %q", a.Place, key, value, now)
		}
	}
	for key, value := range was {
		now, still := is[key]
		if listed := strings.Replace(key, a.Place, a.Place+description.Separator+"[]", 1); (!still || now != value) && is[listed] != value {
			t.Errorf("%s: loses %s %s", a.Place, key, value)
		}
	}
}

// repeated reports whether a fact about the elements of a list was one about the single
// value that the list replaces.
func repeated(place, key string, was facts.Set) bool {
	single := strings.Replace(key, place+description.Separator+"[]", place, 1)
	_, ok := was[single]
	return single != key && ok
}

// added are the facts of is that was has not, or with another value.
func added(was, is facts.Set) facts.Set {
	out := facts.Set{}
	for key, value := range is {
		if old, ok := was[key]; !ok || old != value {
			out[key] = value
		}
	}
	return out
}
