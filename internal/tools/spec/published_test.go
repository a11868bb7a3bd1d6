package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnusableDocuments(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(data)
	swap := func(old, text string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("%q is not in the document", old)
		}
		return strings.Replace(whole, old, text, 1)
	}
	tests := []struct{ name, doc, want string }{
		{"empty", "", "empty"},
		{"not YAML", "<html>\n  <body>502: bad gateway\n", "mapping"},
		{"cut in a line", whole[:len(whole)-5], "truncated"},
		{"cut in the middle", whole[:strings.Index(whole, "\ncomponents:")+1], "does not resolve"},
		{"cut at a colon", whole[:strings.LastIndex(whole, " string\n")] + "\n", "no value"},
		{"another kind of document", "swagger: '2.0'\ninfo: {version: '1'}\npaths: {}\n", "openapi is"},
		{"OpenAPI 3.1", swap("openapi: 3.0.3", "openapi: 3.1.0"), `openapi is "3.1.0"`},
		{"no version", swap("  version: '2030-02-02'\n", ""), "no version"},
		{"no operations", "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\n", "no operations"},
		{"an operation twice", swap("operationId: GetBook\n", "operationId: createBook\n"), "GET /books/{book_id} both have the operationId createBook"},
		{"a route twice", swap("  /books/{book_id}:", "  /books/{a}:\n    get: {operationId: Z, tags: [Users], parameters: [{name: a, in: path, required: true, schema: {type: string}}], responses: {'204': {description: d}}}\n  /books/{book_id}:"), "the same route"},
		{"a path twice", swap("  /books/{book_id}:", "  /books:"), `"/books" appears twice`},
		{"a parameter twice", swap("        - name: sort\n", "        - {name: sort, in: query, schema: {type: string}}\n        - name: sort\n"), "query sort appears twice"},
		{"no operationId", swap("      operationId: GetBook\n", ""), "no operationId"},
		{"no tag", swap("      tags: [Sessions]\n", ""), "no tag"},
		{"an unknown member", swap("          in: path\n", "          in: path\n          colour: red\n"), `"colour"`},
		{"an invalid schema", swap("        maximum: 500", "        maximum: many"), ""},
		{"a parameter without a placeholder", swap("name: book_id", "name: other_id"), "other_id"},
	}
	dir := imported(t)
	before := content(t, dir)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "spec.yaml")
			if err := os.WriteFile(file, []byte(tt.doc), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, command := range []string{"diff", "import"} {
				out, errs := tool(t, refused, dir, command, file)
				contains(t, errs, tt.want, "refused: "+file+": ")
				if out != "" || strings.Count(errs, "\n") != 1 {
					t.Errorf("%s writes more than one line: %s%s", command, out, errs)
				}
			}
		})
	}
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("files changed (-before +after):\n%s", diff)
	}
}
