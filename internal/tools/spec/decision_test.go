package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// undecidedUntil requires that diff and import report that a document needs a decision,
// in the same last line, and that nothing is written. It returns the report.
func undecidedUntil(t *testing.T, dir, document string) string {
	t.Helper()
	before := content(t, dir)
	out, _ := tool(t, unanswered, dir, "diff", document)
	again, _ := tool(t, unanswered, dir, "import", document)
	if out != again {
		t.Errorf("diff and import report different things:\n%s\n%s", out, again)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "needs a decision: ") || !strings.Contains(last, ", nothing is written") {
		t.Errorf("the last line is %q", last)
	}
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("files were written (-before +after):\n%s", diff)
	}
	return out
}

// paste adds lines to a file of the description, as somebody pastes them.
func paste(t *testing.T, file string, lines ...string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(strings.Join(lines, "\n") + "\n"); err != nil {
		t.Fatal(err)
	}
}

// TestNameThatIsTakenIsDecidedFirst reads a document with a new type that has the name of
// another one. Everything else is reported, and a line in the retired words decides.
func TestNameThatIsTakenIsDecidedFirst(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	clash := edited(t, first, "    book_gift:\n", "    book_status:\n      type: object\n      properties: {since: {type: integer}}\n    book_gift:\n",
		"        id:\n", "        was: {$ref: '#/components/schemas/book_status'}\n        id:\n")
	contains(t, undecidedUntil(t, dir, clash),
		"  + book_status (api.BookStatus)\n",
		"    + field was (book_status)\n",
		"needs a decision: Go names; until then, what breaks Go callers is unknown.",
		"the type name api.BookStatus is taken by",
		"\nneeds a decision: 1 to decide, nothing is written, 1 model added, 1 model changed\n",
	)
	paste(t, filepath.Join(dir, retiredFile), "schema book_status: {x-go-name: BookState}")
	out, _ := tool(t, fine, dir, "import", clash)
	contains(t, out, "  + book_status (api.BookState)\n", "breaks Go callers: nothing\n", "\nadds: ")
	tool(t, fine, dir, "check")
	out, _ = tool(t, breaks, dir, "diff", first)
	contains(t, out, "breaks Go callers:\n  api.Book.Was is gone\n  api.BookState is gone\n")
}

// TestTwoOperationsOfOneNameAreDecidedFirst does the same for functions.
func TestTwoOperationsOfOneNameAreDecidedFirst(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	twice := edited(t, second, "operationId: GetBook\n      tags: [Sessions]\n", "operationId: create_book\n      tags: [Users]\n")
	contains(t, undecidedUntil(t, dir, twice),
		"CreateBook is the name of the operation POST /books and of the operation GET /books/{book_id}",
		"models changed:\n  Book\n",
	)
	paste(t, filepath.Join(dir, retiredFile), "GET /books/{book_id}: {x-go-name: FetchBook}")
	out, _ := tool(t, fine, dir, "import", twice)
	contains(t, out, "  + GET /books/{book_id} (users.FetchBook)\n")
}

// TestMayNeedADecision imports a union with a field that has no type of its own.
func TestMayNeedADecision(t *testing.T) {
	t.Parallel()
	mixed := edited(t, first, "                price:\n                  type: integer\n",
		"                giver:\n                  type: object\n                  properties: {name: {type: string}}\n")
	out, _ := tool(t, breaks, imported(t), "diff", mixed)
	contains(t, out, "may need a decision:\n  schema Book, property origin, property giver: the branches have different types")
}

// TestNewTagIsReportedWithEverythingElse reads a document with a tag that no package
// has, and then with the line that the report prints.
func TestNewTagIsReportedWithEverythingElse(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	vaults := edited(t, second, "operationId: GetBook\n      tags: [Sessions]\n", "operationId: GetBook\n      tags: ['Vaults: new']\n")
	out := undecidedUntil(t, dir, vaults)
	file := filepath.Join(dir, description.PackagesFile)
	contains(t, out,
		"needs a decision: tags without a package. The report assumes these lines, which "+file+" lacks:\n"+
			"'Vaults: new': users\n  GET /books/{book_id} (users.GetBook)\n",
		"operations removed:\n  - DELETE /books/{book_id} (sessions.DeleteBook)\n",
		"    + field shelf of the body (string)\n",
		"  api.BookStatusHere is gone, also as users.BookStatusHere\n",
		"\nneeds a decision: 1 to decide, nothing is written, 1 operation removed, 1 operation added, ",
	)
	paste(t, file, "'Vaults: new': users")
	out, _ = tool(t, fine, dir, "import", vaults)
	contains(t, out, "  + GET /books/{book_id} (users.GetBook)\n", "\nbreaks: ")
	contains(t, content(t, dir)["users.yaml"], "operationId: GetBook\n      tags:\n        - 'Vaults: new'\n")
	tool(t, fine, dir, "check")
}

// TestReportAssumesWhereATagBelongs guesses from the same operations, then from paths
// that begin alike.
func TestReportAssumesWhereATagBelongs(t *testing.T) {
	t.Parallel()
	const vaults = "  /vaults:\n    get: {operationId: ListVaults, tags: [Vaults], responses: {'204': {description: d}}}\n  /books/{book_id}:\n"
	tests := []struct {
		name, want string
		edits      []string
	}{
		{"an operation of another package with a new tag", "Loans: sessions\n", []string{"tags: [Sessions]", "tags: [Loans]"}},
		{"a path that begins like another", "Loans: users\n", []string{
			"tags: [Sessions]", "tags: [Loans]", "operationId: DeleteBook", "operationId: RemoveBook",
		}},
		{"a path like no other", "Vaults: instance\n", []string{"  /books/{book_id}:\n", vaults}},
	}
	dir := imported(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			contains(t, undecidedUntil(t, dir, edited(t, first, tt.edits...)), tt.want)
		})
	}
}

// TestTagOfANewPackage places a tag in a package that has no file yet.
func TestTagOfANewPackage(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	paste(t, filepath.Join(dir, description.PackagesFile), "Vaults: vaults")
	vaults := edited(t, first, "tags: [Sessions]", "tags: [Vaults]")
	out, _ := tool(t, fine, dir, "import", vaults)
	contains(t, out, "wrote vaults.yaml\n", "sessions.DeleteBook is gone: it is vaults.DeleteBook now\n")
	tool(t, fine, dir, "check")
	if err := os.Remove(filepath.Join(dir, "vaults.yaml")); err != nil {
		t.Fatal(err)
	}
	_, errs := tool(t, unusable, dir, "import", vaults)
	contains(t, errs, "vaults.yaml")
}
