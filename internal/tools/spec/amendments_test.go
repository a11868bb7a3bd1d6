package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// amend writes amendments into a folder, each a place and a fact.
func amend(t *testing.T, dir string, pairs ...string) {
	t.Helper()
	var text strings.Builder
	text.WriteString("amendments:\n")
	for i := 0; i+1 < len(pairs); i += 2 {
		text.WriteString("  - {place: '" + pairs[i] + "', fact: " + pairs[i+1] + ", source: 'JSON.d.ts:1', date: '2030-01-31'}\n")
	}
	if err := os.WriteFile(filepath.Join(dir, description.AmendmentsFile), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, fine, dir, "format")
}

func TestReportSaysWhatADocumentSettlesOfTheAmendments(t *testing.T) {
	t.Parallel()
	const (
		isbn    = "schema Book > .isbn"
		year    = "schema Book > .year"
		giver   = "schema book_gift > .giver_id"
		expires = "schema Book > .expires_at"
	)
	dir := imported(t)
	amend(t, dir, isbn, "{type: string}", year, "{type: integer}", giver, "{type: string}", expires, "{x-go-type: clerk.Timestamp}")
	tool(t, fine, dir, "check")
	if out, _ := tool(t, fine, dir, "diff", first); strings.Contains(out, "amendments") {
		t.Errorf("amendments that the document does not settle are reported:\n%s", out)
	}
	before := content(t, dir)[description.AmendmentsFile]
	next := edited(t, first,
		"        status:\n", "        isbn:\n          type: string\n        year:\n          type: string\n        status:\n",
		"Unix timestamp of expiration.", "Unix timestamp of expiration in milliseconds.",
		"#/components/schemas/book_gift", "#/components/schemas/book_present", "    book_gift:", "    book_present:",
		"        giver:\n", "        presenter:\n")
	const want = `
amendments (amendments.yaml):
  schema Book > .isbn: upstream has it now: delete
  schema Book > .year: upstream says otherwise
  schema book_gift > .giver_id: place is gone
  schema Book > .expires_at: upstream has it now: delete
`
	out, _ := tool(t, breaks, dir, "diff", next)
	contains(t, out, want)
	out, _ = tool(t, fine, dir, "import", next)
	contains(t, out, want)
	if diff := cmp.Diff(before, content(t, dir)[description.AmendmentsFile]); diff != "" {
		t.Errorf("the import changed the amendments (-before +after):\n%s", diff)
	}
	_, errs := tool(t, differing, dir, "check")
	contains(t, errs, isbn+": upstream has it now: delete", year+": upstream says otherwise", giver+": place is gone")
}

// TestAmendedFactThatTheDocumentTakesOverBreaksNobody compares the Go API with the
// amendments on both sides: a field that callers have already is not new to them.
func TestAmendedFactThatTheDocumentTakesOverBreaksNobody(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	amend(t, dir, "POST /books > query page", "{required: true, schema: {type: integer}}")
	next := edited(t, first, "      operationId: createBook\n",
		"      operationId: createBook\n      parameters:\n        - {name: page, in: query, required: true, schema: {type: integer}}\n")
	out, _ := tool(t, differing, dir, "diff", next)
	contains(t, out, "breaks Go callers: nothing", "POST /books > query page: upstream has it now: delete")
}

func TestCheckRefusesAnAmendmentThatIsNotCanonicalOrSaysNoSource(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ old, text, want string }{
		"another form": {"type: string", "type: 'string'", "amendments.yaml is not in canonical form"},
		"no source":    {"source: JSON.d.ts:1", "source: ''", "the source is missing"},
		"no date":      {"    date: \"2030-01-31\"\n", "", "the date is missing"},
		"nothing new":  {"> .isbn", "> .id", "upstream has it now: delete"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := imported(t)
			amend(t, dir, "schema Book > .isbn", "{type: string}")
			replace(t, filepath.Join(dir, description.AmendmentsFile), tt.old, tt.text)
			_, errs := tool(t, differing, dir, "check")
			contains(t, errs, tt.want)
		})
	}
}
