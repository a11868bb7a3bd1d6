package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestNeedsADecision imports a document with a new type that has the name of another
// one, decides its name and continues.
func TestNeedsADecision(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	clash := edited(t, first, "    book_gift:\n", "    book_status:\n      type: object\n      properties: {since: {type: integer}}\n    book_gift:\n",
		"        id:\n", "        was: {$ref: '#/components/schemas/book_status'}\n        id:\n")
	const refusal = "needs a decision (until then, what breaks Go callers is unknown):\n"
	out, _ := tool(t, differing, dir, "diff", clash)
	contains(t, out,
		"  + book_status (api.BookStatus)\n",
		"    + field was (book_status)\n",
		refusal,
		"the type name api.BookStatus is taken by",
		", 1 to decide\n",
	)
	tool(t, fine, dir, "import", clash)
	tool(t, fine, dir, "check")

	// Until it is decided, nothing can be compared, but other documents can still be
	// imported.
	out, _ = tool(t, differing, dir, "diff", first)
	contains(t, out, "breaks Go callers: unknown, because the current description has no Go API:\n", "api.BookStatus is taken")

	replace(t, filepath.Join(dir, "components.yaml"), "x-go-name: BookStatus", "x-go-name: BookState")
	out, _ = tool(t, differing, dir, "diff", first)
	contains(t, out, "breaks Go callers:\n  api.Book.Was is gone\n  api.BookState is gone\n")
}

// TestCollisionIsDecidedInAdvance imports two operations with one name after the words
// of one of them were added to the retired words.
func TestCollisionIsDecidedInAdvance(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	twice := edited(t, second, "operationId: GetBook\n      tags: [Sessions]\n", "operationId: create_book\n      tags: [Users]\n")
	_, errs := tool(t, refused, dir, "import", twice)
	contains(t, errs, "would both be users.CreateBook; add \"GET /books/{book_id}: {x-go-name: AnotherName}\" to "+filepath.Join(dir, retiredFile)+"\n")
	words := "GET /books/{book_id}: {x-go-name: FetchBook}\n"
	if err := os.WriteFile(filepath.Join(dir, retiredFile), []byte(words), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := tool(t, fine, dir, "import", twice)
	contains(t, out, "  + GET /books/{book_id} (users.FetchBook)\n")
}

// TestMayNeedADecision imports a union with a field that has no type of its own.
func TestMayNeedADecision(t *testing.T) {
	t.Parallel()
	mixed := edited(t, first, "                price:\n                  type: integer\n",
		"                giver:\n                  type: object\n                  properties: {name: {type: string}}\n")
	out, _ := tool(t, differing, imported(t), "diff", mixed)
	contains(t, out, "may need a decision:\n  schema Book, property origin, property giver: the branches have different types")
}
