package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	first  = "testdata/first.yaml"
	second = "testdata/second.yaml"
)

// tool runs the command and returns its output; the test fails on any other status.
func tool(t *testing.T, want int, dir string, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	if got := run(dir, args, &o, &e); got != want {
		t.Fatalf("spec %v exits with %d, want %d\n%s%s", args, got, want, &o, &e)
	}
	return o.String(), e.String()
}

// imported returns a folder with the facts of the first document.
func imported(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	tool(t, fine, dir, "import", first)
	return dir
}

// content reads all files of a folder.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, dir+string(filepath.Separator))] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// replace changes a text that must occur once in a file.
func replace(t *testing.T, path, old, text string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(data, []byte(old)); n != 1 {
		t.Fatalf("%q occurs %d times in %s", old, n, path)
	}
	if err := os.WriteFile(path, bytes.Replace(data, []byte(old), []byte(text), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

func contains(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("missing %q in:\n%s", want, text)
		}
	}
}

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

func TestCheckSeesOtherForms(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, old, text, want string }{
		{"a comment", "users.yaml", "operationId: createBook", "operationId: createBook # why", "users.yaml is not in canonical form"},
		{"another order", "users.yaml", "- name: sort\n          in: query\n", "- in: query\n          name: sort\n", "first at line 20"},
		{"a fact", "components.yaml", "maximum: 100", "maximum: 99", "only spec import may change facts"},
		{"a version", "LOCK", "2030-01-01", "2030-01-09", "LOCK has version 2030-01-09"},
		{"an example", "components.yaml", "maximum: 100", "example: 7", `"example" is not a member`},
		{"a wrong file", "sessions.yaml", "- Sessions", "- Users", "users.yaml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := imported(t)
			replace(t, filepath.Join(dir, tt.file), tt.old, tt.text)
			_, errs := tool(t, differing, dir, "check")
			contains(t, errs, tt.want)
		})
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

func TestFormat(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	before := content(t, dir)
	replace(t, filepath.Join(dir, "users.yaml"), "operationId: createBook", "operationId: 'createBook' # why")
	out, _ := tool(t, fine, dir, "format")
	contains(t, out, "wrote users.yaml")
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestWrongCalls(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"import"}, {"diff", "a", "b"}, {"check", "a"}, {"export", first}} {
		_, errs := tool(t, unusable, t.TempDir(), args...)
		contains(t, errs, "want import SPEC")
	}
}
