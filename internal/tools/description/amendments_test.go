package description

import (
	"errors"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const amended = `
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /books:
    get:
      operationId: ListBooks
      parameters:
        - {name: sort, in: query, schema: {type: string, enum: [up, down]}}
      responses: {"200": {description: OK}}
components:
  schemas:
    Book:
      type: object
      required: [id, isbn]
      properties:
        id: {type: string}
        cover: {type: string, enum: [hard, soft]}
        due_at: {type: integer}
        sold_at: {type: integer, x-go-type: clerk.Timestamp}
      additionalProperties: false
`

// entry makes an amendment of a place and a fact in YAML.
func entry(t *testing.T, place, fact string) Amendment {
	t.Helper()
	all, err := parseAmendments([]byte("amendments: [{place: '" + place + "', fact: " + fact + ", source: 'JSON.d.ts:1', date: '2026-01-31'}]"))
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

func TestAmendmentsAddOrWidenAndNeverTakeAway(t *testing.T) {
	t.Parallel()
	const sort = "GET /books > query sort > schema"
	for name, tt := range map[string]struct {
		place, fact string
		want        error
		see         string // part of the amended document in one line
	}{
		"a new property":                       {"schema Book > .isbn", "{type: string}", nil, "isbn: {type: string}"},
		"a new query parameter":                {"GET /books > query page", "{schema: {type: integer}}", nil, "{name: page, in: query, schema: {type: integer}}"},
		"a further value":                      {"schema Book > .cover", "{enum: [soft, none]}", nil, "enum: [hard, soft, none]"},
		"null":                                 {"schema Book > .cover", "{nullable: true}", nil, "nullable: true"},
		"a unit":                               {"schema Book > .due_at", "{x-go-type: clerk.Timestamp}", nil, "{type: integer, x-go-type: clerk.Timestamp}"},
		"a list of what was one value":         {sort, "{type: array, items: {type: string}}", nil, "type: array, items: {type: string, enum: [up, down]}"},
		"a property that is there":             {"schema Book > .id", "{type: string}", ErrHasIt, ""},
		"a value that is there":                {"schema Book > .cover", "{enum: [soft]}", ErrHasIt, ""},
		"a unit that is there":                 {"schema Book > .sold_at", "{x-go-type: clerk.Timestamp}", ErrHasIt, ""},
		"only words":                           {"schema Book > .id", "{description: is its number.}", ErrHasIt, ""},
		"another type":                         {"schema Book > .id", "{type: integer}", ErrOtherwise, ""},
		"another unit":                         {"schema Book > .sold_at", "{x-go-type: int64}", ErrOtherwise, ""},
		"a unit of a text":                     {"schema Book > .id", "{x-go-type: clerk.Timestamp}", ErrOtherwise, ""},
		"an enum that limits a free text":      {"schema Book > .id", "{enum: [a]}", ErrOtherwise, ""},
		"a pattern that limits a free text":    {"schema Book > .id", "{pattern: ^a}", ErrOtherwise, ""},
		"not null":                             {"schema Book > .id", "{nullable: false}", ErrOtherwise, ""},
		"a required property":                  {"schema Book", "{required: [cover]}", ErrOtherwise, ""},
		"a list of another kind":               {sort, "{type: array, items: {type: integer}}", ErrOtherwise, ""},
		"a property of a schema that is gone":  {"schema Film > .isbn", "{type: string}", ErrPlaceGone, ""},
		"a value of a property that is gone":   {"schema Book > .form", "{enum: [a]}", ErrPlaceGone, ""},
		"a unit of a property that is gone":    {"schema Book > .lost_at", "{x-go-type: clerk.Timestamp}", ErrPlaceGone, ""},
		"a parameter of an operation gone":     {"PUT /books > query page", "{schema: {type: integer}}", ErrPlaceGone, ""},
		"a property in the midst of an object": {"GET /books > .isbn", "{type: string}", ErrPlaceGone, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := parse(t, amended)
			before := flow(t, doc)
			standing := Standings(doc, []Amendment{entry(t, tt.place, tt.fact)})[0]
			after := flow(t, doc)
			switch {
			case !errors.Is(standing, tt.want):
				t.Errorf("the standing is %v, want %v", standing, tt.want)
			case tt.want != nil && !strings.HasPrefix(standing.Error(), tt.place+": "):
				t.Errorf("%v does not name the place", standing)
			case !strings.Contains(after, tt.see):
				t.Errorf("%s is not in %s", tt.see, after)
			case errors.Is(tt.want, ErrOtherwise) && after != before, errors.Is(tt.want, ErrPlaceGone) && after != before:
				t.Errorf("the document changed to %s", after)
			}
		})
	}
}

// flow writes a document in one line.
func flow(t *testing.T, n *yaml.Node) string {
	t.Helper()
	n = Clone(n)
	var inline func(n *yaml.Node)
	inline = func(n *yaml.Node) {
		n.Style |= yaml.FlowStyle
		for _, child := range n.Content {
			inline(child)
		}
	}
	inline(n)
	data, err := yaml.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(data)), " ")
}

func TestAmendmentWithoutSourceOrDateIsRefused(t *testing.T) {
	t.Parallel()
	const whole = "place: schema Book > .isbn, fact: {type: string}, source: 'JSON.d.ts:1', date: '2026-01-31'"
	if _, err := parseAmendments([]byte("amendments: [{" + whole + "}]")); err != nil {
		t.Fatalf("a whole entry: %v", err)
	}
	for old, tt := range map[string]struct{ now, want string }{
		"source: 'JSON.d.ts:1', ":      {"", "the source is missing"},
		"'JSON.d.ts:1'":                {"' '", "the source is missing"},
		", date: '2026-01-31'":         {"", "the date is missing"},
		"2026-01-31":                   {"yesterday", "the date is missing"},
		"fact: {type: string}, ":       {"", "the fact is missing"},
		"{type: string}":               {"{}", "the fact is missing"},
		"type: string":                 {"kind: string", `"kind" is not a member`},
		"place: schema Book > .isbn":   {"place: schema Book > allOf", "not the address"},
		"place: schema Book > .isbn, ": {"", "not the address"},
		"source: 'JSON":                {"why: so, source: 'JSON", `"why" is not a member`},
	} {
		text := strings.Replace(whole, old, tt.now, 1)
		if _, err := parseAmendments([]byte("amendments: [{" + text + "}]")); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("{%s}: %v, want %q", text, err, tt.want)
		}
	}
	if _, err := parseAmendments([]byte("amendments: [{" + whole + "}, {" + whole + "}]")); err == nil || !strings.Contains(err.Error(), "amended twice") {
		t.Errorf("two entries of one place: %v", err)
	}
}
