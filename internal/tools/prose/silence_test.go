package prose

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
)

func parse(t *testing.T, name, text string) *Source {
	t.Helper()
	s, err := Parse(map[string]string{name: text})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSilence finds each kind of silence, and nothing in a package without one.
func TestSilence(t *testing.T) {
	t.Parallel()
	const good = `// Package things keeps what belongs to a library: its books, shelves and the people who borrow them.
package things

// GetThing fetches a book from the shelf by number, together with whoever borrowed it last.
//
// Lost books are reported as missing and stay listed.
//
// GET /things/{thing_id}
func GetThing(thingID string, params GetThingParams) (*Thing, error) { return nil, nil }

// GetThingParams are the parameters of [GetThing].
type GetThingParams struct {
	// Deep true looks into boxes too.
	Deep bool
	FirstName string
}

// Thing is a book.
type Thing struct {
	// ID is the number on its back.
	ID string
}
`
	for _, c := range []struct{ old, new, want string }{
		{"", "", ""},
		{": its books, shelves and the people who borrow them", "", "things: the package comment says too little"},
		{"fetches a book from the shelf by number, together with whoever borrowed it last", "gets the thing", "things: GetThing has 6 words that are not in its name"},
		{"// Lost books are reported as missing and stay listed.", "// Deprecated: it is old.", "things: GetThing does not name a replacement"},
		{"// Lost books are reported as missing and stay listed.", "// Deprecated: use [GetOther].", "things: things.GetOther does not exist; things: GetThing does not name a replacement"},
		{"// Lost books are reported as missing and stay listed.", "// Deprecated: use [GetThing], or [things.GetThing].", ""},
		{"	// Deep true looks into boxes too.\n", "", "things: GetThingParams.Deep has no words"},
		{"// Thing is a book.", "// Thing is the type of Things in things.Library.", "things: things.Library does not exist; things: Thing has no words"},
		{"// Thing is a book.", "// Thing is a book, or clerk.ErrNotFound or a *clerk.Error, but not a [*clerk.List].", "things: clerk.ErrNotFound is not a link: write [clerk.ErrNotFound]; things: clerk.Error is not a link: write [clerk.Error]"},
		{"// ID is the number on its back.", "", "things: Thing.ID has no words"},
	} {
		text := strings.Replace(good, cmp.Or(c.old, "\x00"), c.new, 1)
		got := Silence(map[string]*Source{"things": parse(t, "things.go", text)})
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%q for %q: %q, want %q", c.new, c.old, got, c.want)
		}
	}
	other := strings.ReplaceAll(good, "GetThing", "ListThing")
	for old, replaced := range map[string]string{"fetches": "finds", "Lost": "Missing"} {
		got := Silence(map[string]*Source{
			"things": parse(t, "things.go", good),
			"others": parse(t, "others.go", strings.ReplaceAll(other, old, replaced)),
		})
		if want := "things: GetThing repeats a paragraph of ListThing"; strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, want %q", replaced, got, want)
		}
	}
}

// TestReferences lets a field of api have no comment only if its type is another model.
func TestReferences(t *testing.T) {
	t.Parallel()
	const models = "// Package api has the models of a library: books, shelves, people, and whatever else they keep there.\npackage api\n\n// Book is a book.\ntype Book struct {\n\tShelf *Shelf\n%s\n}\n"
	for line, want := range map[string]string{
		"":                   "",
		"\tPlace Shelf":      "",
		"\tPlaces []Shelf":   "api: Book.Places has no words",
		"\tFirstName string": "api: Book.FirstName has no words",
	} {
		got := Silence(map[string]*Source{"api": parse(t, "api.go", fmt.Sprintf(models, line))})
		if strings.Join(got, "; ") != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
