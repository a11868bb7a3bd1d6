package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// giftRenamed renames a schema of the first document, to which a field refers.
var giftRenamed = []string{"#/components/schemas/book_gift", "#/components/schemas/Present", "    book_gift:\n", "    Present:\n"}

// TestRenamedSchemaKeepsItsWordsAndItsGoName goes there and back, so that every byte
// returns.
func TestRenamedSchemaKeepsItsWordsAndItsGoName(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	components := filepath.Join(dir, "components.yaml")
	replace(t, components, "      x-go-name: BookGift\n", "      x-go-name: BookGift\n      description: is a present.\n")
	replace(t, components, "        giver:\n", "        giver:\n          x-go-name: From\n          description: is who gave it.\n")
	amend(t, dir, "schema book_gift > .ribbon", "{type: string}")
	before := content(t, dir)
	renamed := edited(t, first, giftRenamed...)
	out, _ := tool(t, differing, dir, "diff", renamed)
	want := `models renamed:
  ~ book_gift, now Present (api.BookGift)

breaks Go callers: nothing

for CHANGELOG.md:

*Spec:* 2030-01-01, 3 operations.

invisible: 1 model renamed, nothing breaks Go callers
`
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	tool(t, fine, dir, "import", renamed)
	tool(t, fine, dir, "check")
	tool(t, fine, dir, "diff", renamed)
	after := content(t, dir)
	contains(t, after["components.yaml"],
		"    Present:\n      x-go-name: BookGift\n      description: is a present.\n",
		"        giver:\n          x-go-name: From\n          description: is who gave it.\n",
		"$ref: '#/components/schemas/Present'")
	contains(t, after[description.AmendmentsFile], "schema Present > .ribbon")
	if text, left := after[retiredFile]; left {
		t.Errorf("words were retired:\n%s", text)
	}
	tool(t, fine, dir, "import", first)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("there and back (-before +after):\n%s", diff)
	}
}

// TestGoNameThatANewNameHasByItselfIsDropped renames to the Go name itself, and back.
func TestGoNameThatANewNameHasByItselfIsDropped(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	before := content(t, dir)
	tool(t, fine, dir, "import", edited(t, first, "#/components/schemas/book_gift", "#/components/schemas/BookGift", "    book_gift:\n", "    BookGift:\n"))
	if text := content(t, dir)["components.yaml"]; !strings.Contains(text, "    BookGift:\n      type: object\n") {
		t.Errorf("the name is decided once more:\n%s", text)
	}
	tool(t, fine, dir, "import", first)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("there and back (-before +after):\n%s", diff)
	}
}

// TestSchemaThatIsAnotherTypeGetsNoName renames one whose name was taken away, because it
// stands for a Go type, and back.
func TestSchemaThatIsAnotherTypeGetsNoName(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	replace(t, filepath.Join(dir, "components.yaml"), "      x-go-name: BookGift\n", "      x-go-type: Book\n")
	before := content(t, dir)
	tool(t, fine, dir, "import", edited(t, first, giftRenamed...))
	contains(t, content(t, dir)["components.yaml"], "    Present:\n      x-go-type: Book\n")
	tool(t, fine, dir, "import", first)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("there and back (-before +after):\n%s", diff)
	}
}

// schemas returns a document whose components are these, in flow style and by name.
func schemas(t *testing.T, all ...string) string {
	t.Helper()
	return edited(t, first, "    book_gift:\n", "    "+strings.Join(all, "\n    ")+"\n    book_gift:\n")
}

func TestRenamesAreFound(t *testing.T) {
	t.Parallel()
	const text, number = "{type: string}", "{type: integer}"
	tests := []struct {
		name     string
		was, now []string
		want     string
	}{
		{
			"through references, in rounds",
			[]string{"A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}", "B: {type: array, items: {$ref: '#/components/schemas/C'}}", "C: " + text},
			[]string{"A2: {type: object, properties: {b: {$ref: '#/components/schemas/B2'}}}", "B2: {type: array, items: {$ref: '#/components/schemas/C2'}}", "C2: " + text},
			"A-A2 B-B2 C-C2",
		},
		{
			"after others leave one candidate",
			[]string{"A: {allOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/D'}]}", "B: " + text, "C: {allOf: [{$ref: '#/components/schemas/B'}]}", "D: " + number},
			[]string{"A2: {allOf: [{$ref: '#/components/schemas/B2'}, {$ref: '#/components/schemas/D2'}]}", "B2: " + text, "C2: {allOf: [{$ref: '#/components/schemas/B2'}]}", "D2: " + number},
			"A-A2 B-B2 C-C2 D-D2",
		},
		{
			"one that contains itself",
			[]string{"A: {type: object, properties: {up: {$ref: '#/components/schemas/A'}}}"},
			[]string{"A2: {type: object, properties: {up: {$ref: '#/components/schemas/A2'}}}"},
			"A-A2",
		},
		{
			"two that contain each other",
			[]string{"A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}", "B: {type: array, items: {$ref: '#/components/schemas/A'}}"},
			[]string{"A2: {type: object, properties: {b: {$ref: '#/components/schemas/B2'}}}", "B2: {type: array, items: {$ref: '#/components/schemas/A2'}}"},
			"A-A2 B-B2",
		},
		{
			"branches in another order, and a mapping",
			[]string{"A: {oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: p, mapping: {b: '#/components/schemas/B'}}}", "B: " + text, "C: " + number},
			[]string{"A2: {oneOf: [{$ref: '#/components/schemas/C2'}, {$ref: '#/components/schemas/B2'}], discriminator: {propertyName: p, mapping: {b: '#/components/schemas/B2'}}}", "B2: " + text, "C2: " + number},
			"A-A2 B-B2 C-C2",
		},
		{"a fact that changed", []string{"A: {type: string, maxLength: 1}"}, []string{"A2: {type: string, maxLength: 2}"}, ""},
		{"a fact that is new", []string{"A: " + text}, []string{"A2: {type: string, maxLength: 2}"}, ""},
		{
			"a reference to another schema",
			[]string{"A: {allOf: [{$ref: '#/components/schemas/Book'}]}"},
			[]string{"A2: {allOf: [{$ref: '#/components/schemas/book_gift'}]}"},
			"",
		},
		{
			"a mapping to another schema",
			[]string{"A: {oneOf: [{$ref: '#/components/schemas/Book'}], discriminator: {propertyName: p, mapping: {b: '#/components/schemas/Book'}}}"},
			[]string{"A2: {oneOf: [{$ref: '#/components/schemas/Book'}], discriminator: {propertyName: p, mapping: {b: '#/components/schemas/book_gift'}}}"},
			"",
		},
		{"words and the order of what has none", []string{"A: {type: string, description: one, enum: [a, b]}"}, []string{"A2: {description: two, enum: [b, a], type: string}"}, "A-A2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := empty(t)
			tool(t, fine, dir, "import", schemas(t, tt.was...))
			before := content(t, dir)
			now := schemas(t, tt.now...)
			p, err := readPublished(now)
			if err != nil {
				t.Fatal(err)
			}
			takeover, err := take(dir, p)
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, old := range []string{"A", "B", "C", "D"} {
				if name := takeover.renames.now[old]; name != "" {
					found = append(found, old+"-"+name)
				}
			}
			if got := strings.Join(found, " "); got != tt.want || len(takeover.renames.now) != len(found) || len(takeover.decisions) > 0 {
				t.Errorf("renamed %q, want %q; %v", got, tt.want, takeover.decisions)
			}
			tool(t, fine, dir, "import", now)
			tool(t, fine, dir, "import", schemas(t, tt.was...))
			if diff := cmp.Diff(before, content(t, dir)); diff != "" {
				t.Errorf("there and back (-before +after):\n%s", diff)
			}
		})
	}
}

// TestSchemasThatMayBeRenamedNeedADecision has two candidates on one side, then on the
// other, and decides with one of the lines that the report prints.
func TestSchemasThatMayBeRenamedNeedADecision(t *testing.T) {
	t.Parallel()
	one, two := schemas(t, "A: {type: string, maxLength: 7}"), schemas(t, "Left: {type: string, maxLength: 7}", "Right: {type: string, maxLength: 7}")
	tests := []struct {
		name, was, now string
		report         []string
		line           string
		want           []string
	}{
		{
			"to one of two", one, two,
			[]string{"  A has the facts of Left and of Right\nschema Left: {x-go-name: A}\nschema Right: {x-go-name: A}\n"},
			"schema Right: {x-go-name: A}",
			[]string{"  ~ A, now Right (api.A)\n", "  + Left\n"},
		},
		{
			"one of two", two, one,
			[]string{"  Left has the facts of A\nschema A: {x-go-name: Left}\n", "  Right has the facts of A\nschema A: {x-go-name: Right}\n", "needs a decision: 2 to decide"},
			"schema A: {x-go-name: Left}",
			[]string{"  ~ Left, now A (api.Left)\n", "  - Right\n"},
		},
		{
			"none of two", two, one, nil,
			"schema A: {x-go-name: A}",
			[]string{"models removed:\n  - Left\n  - Right\n", "models added:\n  + A\n"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := empty(t)
			tool(t, fine, dir, "import", tt.was)
			contains(t, undecidedUntil(t, dir, tt.now), append(tt.report, "needs a decision: renamed to which?")...)
			paste(t, filepath.Join(dir, retiredFile), tt.line)
			out, _ := tool(t, fine, dir, "import", tt.now)
			contains(t, out, tt.want...)
			tool(t, fine, dir, "check")
			if text, left := content(t, dir)[retiredFile]; left {
				t.Errorf("the decision is left over:\n%s", text)
			}
		})
	}
}

// TestOneDecisionSettlesOthers decides about one of two equal schemas, which leaves one
// candidate for the other, and in the next round for those that refer to them.
func TestOneDecisionSettlesOthers(t *testing.T) {
	t.Parallel()
	pairs := func(a, b, x, y string) string {
		holds := func(name, what string) string {
			return name + ": {type: array, items: {$ref: '#/components/schemas/" + what + "'}}"
		}
		return schemas(t, a+": {type: string, maxLength: 7}", b+": {type: string, maxLength: 7}", holds(x, a), holds(y, b))
	}
	was, now := pairs("A", "B", "X", "Y"), pairs("C", "D", "V", "W")
	dir := empty(t)
	tool(t, fine, dir, "import", was)
	contains(t, undecidedUntil(t, dir, now), "needs a decision: 4 to decide")
	paste(t, filepath.Join(dir, retiredFile), "schema D: {x-go-name: A}")
	out, _ := tool(t, fine, dir, "import", now)
	contains(t, out, "models renamed:\n  ~ A, now D (api.A)\n  ~ B, now C (api.B)\n  ~ X, now W (api.X)\n  ~ Y, now V (api.Y)\n")
}

// TestRetiredWordsFollowARename renames a schema while words of one of its fields are
// retired, and requires them where the field returns.
func TestRetiredWordsFollowARename(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	replace(t, filepath.Join(dir, "components.yaml"), "        giver:\n", "        giver:\n          description: is who gave it.\n")
	without := []string{"        giver:\n", "        given:\n"}
	tool(t, fine, dir, "import", edited(t, first, without...))
	contains(t, content(t, dir)[retiredFile], "schema book_gift > .giver:")
	tool(t, fine, dir, "import", edited(t, first, append(without, giftRenamed...)...))
	tool(t, fine, dir, "import", edited(t, first, giftRenamed...))
	contains(t, content(t, dir)["components.yaml"], "        giver:\n          description: is who gave it.\n")
}
