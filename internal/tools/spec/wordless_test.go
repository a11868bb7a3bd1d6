package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// TestFindWordless finds only what Go's documentation would show.
func TestFindWordless(t *testing.T) {
	t.Parallel()
	doc, err := description.Parse([]byte(`
paths:
  /books/{book_id}:
    get:
      summary: gets a book.
      parameters:
        - {name: book_id, in: path, schema: {type: string}}
        - {name: sort, in: query, schema: {type: string}}
        - {name: shelf, in: query, description: is where it stands., schema: {type: string}}
        - {$ref: '#/components/parameters/Limit'}
      responses:
        '200':
          content: {application/json: {schema: {properties: {pages: {type: integer}}}}}
        '404':
          content: {application/json: {schema: {properties: {errors: {type: string}}}}}
    delete:
      summary: throws a book away.
      description: It is gone.
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer}}
  schemas:
    Book: {properties: {id: {type: string}, title: {type: string, description: is on the cover.}}}
    Books: {type: array, items: {$ref: '#/components/schemas/Book'}}
    Page: {description: is a page., properties: {data: {type: array}, total_count: {type: integer}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := wordless{
		operations: []string{"GET /books/{book_id}"},
		schemas:    []string{"schema Book"},
		fields: []string{
			"GET /books/{book_id} > query sort",
			"GET /books/{book_id} > 200 > application/json > schema > .pages",
			"schema Book > .id",
			"parameter Limit",
		},
	}
	if diff := cmp.Diff(want, findWordless(doc), cmp.AllowUnexported(wordless{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
