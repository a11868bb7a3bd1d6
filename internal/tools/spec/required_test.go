package main

import (
	"strings"
	"testing"
)

// TestRequiredWithoutAPropertyNeedsADecision reads a document whose schema requires what
// it does not describe, and settles it with an amendment, for as long as that is there.
func TestRequiredWithoutAPropertyNeedsADecision(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	lacks := edited(t, first, "required: [id, created_at]", "required: [id, created_at, shelf_mark]")
	const question = "needs a decision: required without a property; an amendment with the property settles it:\n  schema Book > .shelf_mark\n"
	contains(t, undecidedUntil(t, dir, lacks), question, "    ~ field shelf_mark is now required\n")

	amend(t, dir, "schema Book > .shelf_mark", "{type: string}")
	out, _ := tool(t, fine, dir, "import", lacks)
	if strings.Contains(out, "needs a decision") {
		t.Errorf("the amendment settles nothing:\n%s", out)
	}
	contains(t, out, "  api.Book.ShelfMark: *string, now string\n")
	tool(t, fine, dir, "check")

	amend(t, dir, "schema Book > .isbn", "{type: string}")
	contains(t, undecidedUntil(t, dir, lacks), question)
}

func TestWhatARequiredNameMayBeDescribedBy(t *testing.T) {
	t.Parallel()
	const ref = "{$ref: '#/components/schemas/"
	tests := []struct{ name, schemas, want string }{
		{"nothing", "A: {type: object, required: [x, y], properties: {y: {type: string}}}", "schema A > .x"},
		{"nothing, within a field", "A: {type: object, properties: {y: {type: object, required: [x]}}}", "schema A > .y > .x"},
		{"its own property", "A: {type: object, required: [x], properties: {x: {type: string}}}", ""},
		{"a member of allOf", "A: {required: [x], allOf: [" + ref + "B'}]}|B: {type: object, properties: {x: {type: string}}}", ""},
		{"a branch", "A: {required: [x], oneOf: [" + ref + "B'}]}|B: {type: object, properties: {x: {type: string}}}", ""},
		{"the whole that an alternative belongs to", "A: {type: object, properties: {x: {type: string}}, anyOf: [{required: [x]}, {required: [z]}]}", "schema A > anyOf #2 > .z"},
		{
			"another branch of each union that has it",
			"A: {oneOf: [" + ref + "B'}, " + ref + "C'}]}|B: {type: object, required: [x], properties: {y: {type: string}}}|C: {type: object, properties: {x: {type: string}}}",
			"",
		},
		{
			"another branch, but it is also elsewhere",
			"A: {oneOf: [" + ref + "B'}, " + ref + "C'}]}|B: {type: object, required: [x], properties: {y: {type: string}}}|C: {type: object, properties: {x: {type: string}, b: " + ref + "B'}}}",
			"schema B > .x",
		},
		{"itself", "A: {required: [x], allOf: [" + ref + "A'}]}", "schema A > .x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := readPublished(schemas(t, strings.Split(tt.schemas, "|")...))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(incomplete(p.facts), " "); got != tt.want {
				t.Errorf("required without a property: %q, want %q", got, tt.want)
			}
		})
	}
}
