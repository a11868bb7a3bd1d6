package main

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOwnWordsStay(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	users, components := filepath.Join(dir, "users.yaml"), filepath.Join(dir, "components.yaml")
	replace(t, users, "operationId: createBook\n", "operationId: createBook\n      summary: adds a book.\n")
	replace(t, users, "x-go-name: CreateBook", "x-go-name: AddBook")
	replace(t, components, "x-go-type: int64\n", "description: is when it was seen.\n")
	replace(t, components, "            - type: object\n", "            - description: was bought.\n              type: object\n")
	before := content(t, dir)
	tool(t, fine, dir, "check")
	tool(t, fine, dir, "import", first)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	tool(t, fine, dir, "import", second)
	after := content(t, dir)
	contains(t, after["users.yaml"], "x-go-name: AddBook\n      operationId: createBook\n      summary: adds a book.\n")
	contains(t, after["components.yaml"], "description: is when it was seen.\n          type: number\n", "description: was bought.")
}

func TestWordsRetireAndReturn(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	replace(t, filepath.Join(dir, "sessions.yaml"), "operationId: DeleteBook\n", "operationId: DeleteBook\n      summary: throws a book away.\n")
	replace(t, filepath.Join(dir, "users.yaml"), "                loan_until:\n", "                loan_until:\n                  description: is the day of return.\n")
	replace(t, filepath.Join(dir, "components.yaml"), "        giver:\n", "        giver:\n          description: may be unknown.\n")
	before := content(t, dir)
	tool(t, fine, dir, "check")

	tool(t, fine, dir, "import", second)
	gone := content(t, dir)
	contains(t, gone["retired.yaml"], "throws a book away.", "is the day of return.", "may be unknown.", "DELETE /books/{book_id}:")
	tool(t, fine, dir, "check")
	again := content(t, dir)
	tool(t, fine, dir, "import", second)
	if diff := cmp.Diff(again, content(t, dir)); diff != "" {
		t.Errorf("second import of the second document (-before +after):\n%s", diff)
	}

	tool(t, fine, dir, "import", first)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("there and back (-before +after):\n%s", diff)
	}
}

func TestWordsMoveWithTheirOperation(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	replace(t, filepath.Join(dir, "sessions.yaml"), "x-go-name: DeleteBook\n", "x-go-name: ThrowAway\n")
	replace(t, filepath.Join(dir, "sessions.yaml"), "operationId: DeleteBook\n", "operationId: DeleteBook\n      summary: throws a book away.\n")
	before := content(t, dir)
	moved := edited(t, first, "  /books/{book_id}:\n", "  /volumes/{book_id}:\n")
	out, _ := tool(t, fine, dir, "import", moved)
	contains(t, out, "  - DELETE /books/{book_id} (sessions.ThrowAway)\n", "  + DELETE /volumes/{book_id} (sessions.ThrowAway)\n", "breaks Go callers: nothing\n")
	after := content(t, dir)
	contains(t, after["sessions.yaml"], "throws a book away.")
	if text, left := after[retiredFile]; left {
		t.Errorf("words were retired:\n%s", text)
	}
	tool(t, fine, dir, "import", first)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("there and back (-before +after):\n%s", diff)
	}
}

func TestWordsOfNewThingsRetireToo(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	tool(t, fine, dir, "import", second)
	replace(t, filepath.Join(dir, "users.yaml"), "                shelf:\n", "                shelf:\n                  description: is where it stands.\n")
	tool(t, fine, dir, "import", first)
	contains(t, content(t, dir)["retired.yaml"], "POST /books > body > application/json > schema > .shelf", "is where it stands.")
	tool(t, fine, dir, "import", second)
	contains(t, content(t, dir)["users.yaml"], "is where it stands.")
	if _, left := content(t, dir)["retired.yaml"]; left {
		t.Error("retired.yaml still exists although everything returned")
	}
}
