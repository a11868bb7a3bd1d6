package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestImportTakesFactsAndNoProse(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	for name, text := range content(t, dir) {
		if strings.Contains(text, "Prose") || strings.Contains(text, "speakeasy") || strings.Contains(text, "b_1") {
			t.Errorf("%s has sentences of the publisher:\n%s", name, text)
		}
	}
	users := content(t, dir)["users.yaml"]
	contains(t, users,
		"x-go-name: ListBooks\n      operationId: GetBookList", // lists are named List
		"x-go-name: CreateBook\n      operationId: createBook",
		"$ref: components.yaml#/components/schemas/Book",
		"description: 404 Not Found",
		"x-go-type: clerk.Metadata\n                  type: object",
	)
	contains(t, content(t, dir)["sessions.yaml"], "operationId: DeleteBook", "description: 204 No Content")
}

func TestImportDecidesTypesOfTimes(t *testing.T) {
	t.Parallel()
	components := content(t, imported(t))["components.yaml"]
	contains(t, components,
		"        created_at:\n          x-go-type: clerk.Timestamp\n",
		"        due_at:\n          x-go-type: clerk.Timestamp\n",
		"        seen_at:\n          x-go-type: int64\n",
		"        expires_at:\n          type: integer\n", // its unit is not documented
		"        closes_at:\n          type: integer\n",  // the example has seconds
		"    book_gift:\n      x-go-name: BookGift\n",
	)
}

func TestImportAgainChangesNothing(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	before := content(t, dir)
	out, _ := tool(t, fine, dir, "import", first)
	contains(t, out, "no file changed")
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	tool(t, fine, dir, "check")
	if out, _ := tool(t, fine, dir, "diff", first); !strings.HasPrefix(out, "nothing differs: ") || strings.Count(out, "\n") != 1 {
		t.Errorf("diff reports: %s", out)
	}
}

func TestImportRequiresAllFilesOrNone(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	if err := os.Remove(filepath.Join(dir, "users.yaml")); err != nil {
		t.Fatal(err)
	}
	before := content(t, dir)
	_, errs := tool(t, unusable, dir, "import", second)
	contains(t, errs, "users.yaml")
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("files changed (-before +after):\n%s", diff)
	}
}
