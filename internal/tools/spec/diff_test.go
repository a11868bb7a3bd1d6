package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	before := content(t, dir)
	out, _ := tool(t, breaks, dir, "diff", second)
	want := `version 2030-01-01, now 2030-02-02

operations removed:
  - DELETE /books/{book_id} (sessions.DeleteBook)

operations added:
  + GET /books/{book_id} (sessions.GetBook)

operations changed:
  GET /books (users.ListBooks)
    + query parameter branch (string, required)
  POST /books (users.CreateBook)
    + field shelf of the body (string)
    - field loan_until of the body (string)

models removed:
  - book_gift (api.BookGift)

models added:
  + book_find (api.BookFind)

models changed:
  Book
    + branch book_find of field origin
    + value "lost" of field status
    - branch book_gift of field origin
    - value "here" of field status

other things changed:
  shared parameter Limit
    ~ maximum: 100, now 500

breaks Go callers:
  sessions.DeleteBook is gone
  users.CreateBookParams.LoanUntil is gone
  users.ListBooksParams.Branch is new and must be set
  api.BookOrigin.Giver is gone
  api.BookStatusHere is gone, also as users.BookStatusHere

added without words:
  GET /books (users.ListBooks): query parameter branch
  POST /books (users.CreateBook): field shelf of the body
  GET /books/{book_id} (sessions.GetBook): itself
  book_find (api.BookFind): itself, field finder

named by rule, an x-go-name overrides it:
  GET /books/{book_id} (sessions.GetBook)
  book_find (api.BookFind)

for CHANGELOG.md:

*Spec:* 2030-02-02, 3 operations.

Added
- 'api.BookOrigin.Finder', 'api.BookStatusLost'
- 'sessions.GetBook'
- 'users.BookStatusLost', 'users.CreateBookParams.Shelf', 'users.ListBooksParams.Branch'

Breaking
- 'api.BookOrigin.Giver', 'api.BookStatusHere'
- 'clerktest.Handlers.DeleteBook'
- 'sessions.DeleteBook'
- 'users.BookStatusHere', 'users.CreateBookParams.LoanUntil'

breaks: 1 operation removed, 1 operation added, 2 operations changed, 1 model removed, 1 model added, 1 model changed, 1 other thing changed, 5 breaks for Go callers
`
	want = strings.ReplaceAll(want, "'", "`")
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("diff changed files (-before +after):\n%s", diff)
	}
}

// TestImportReports requires an import to report the same as diff, what it did, and the
// same last line.
func TestImportReports(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	diff, _ := tool(t, breaks, dir, "diff", second)
	before, last, _ := strings.Cut(diff, "\nbreaks: ")
	out, _ := tool(t, fine, dir, "import", second)
	rest, same := strings.CutPrefix(out, before)
	if !same || !strings.HasSuffix(rest, "\nbreaks: "+last) {
		t.Errorf("import and diff report different changes:\n%s", out)
	}
	contains(t, rest,
		"without words, old and new: 3 operations (users 2, sessions 1), 2 models, 16 fields and parameters\n",
		"wrote LOCK\n",
	)
}

// body returns a report without its end.
func body(t *testing.T, report string) string {
	t.Helper()
	text, _, found := strings.Cut(report, "\n\nfor CHANGELOG.md:\n\n*Spec:* ")
	if !found {
		t.Fatalf("the report has no summary:\n%s", report)
	}
	return strings.TrimSpace(text)
}

func TestOneChange(t *testing.T) {
	t.Parallel()
	const marker = "        object: {type: string, enum: [book]}\n"
	whole := []string{"        id:\n", marker + "        id:\n", "[id, created_at]", "[seen_at, created_at]"}
	tests := []struct{ name, old, text, want string }{
		{
			"an operation", "    delete:\n      operationId: DeleteBook\n      tags: [Sessions]\n      parameters:\n        - name: book_id\n          in: path\n          required: true\n          schema:\n            type: string\n      responses:\n        '204':\n          description: Prose of the publisher\n", "    {}\n",
			"operations removed:\n  - DELETE /books/{book_id} (sessions.DeleteBook)\n\nbreaks Go callers:\n  sessions.DeleteBook is gone",
		},
		{
			"a field in a branch", "                price:\n                  type: integer\n", "                {}\n",
			"models changed:\n  Book\n    - field price of branch #1 of field origin (integer)\n\nbreaks Go callers:\n  api.BookOrigin.Price is gone",
		},
		{
			"a one-value enum", "{type: string, enum: [book]}", "{type: string}",
			"models changed:\n  Book\n    ~ field object is no longer limited to \"book\"\n\nbreaks Go callers: nothing",
		},
		{
			"a value of a request", "[title, year]", "[title]",
			"operations changed:\n  GET /books (users.ListBooks)\n    - value \"year\" of query parameter sort\n\nbreaks Go callers:\n  users.ListBooksSortYear is gone",
		},
		{
			"what a response requires", "      required: [seen_at, created_at]\n", "",
			"models changed:\n  Book\n    ~ fields created_at, seen_at are no longer required\n\nbreaks Go callers:\n  api.Book.CreatedAt: clerk.Timestamp, now *clerk.Timestamp\n  api.Book.SeenAt: int64, now *int64",
		},
		{
			"one thing that a response requires", "[seen_at, created_at]", "[created_at]",
			"models changed:\n  Book\n    ~ field seen_at is no longer required\n\nbreaks Go callers:\n  api.Book.SeenAt: int64, now *int64",
		},
		{
			"a field becomes required", "required: [title]", "required: [title, loan_until]",
			"operations changed:\n  POST /books (users.CreateBook)\n    ~ field loan_until of the body is now required\n\nbreaks Go callers:\n  users.CreateBookParams.LoanUntil: clerk.Optional[string], now string",
		},
		{
			"a list that a query requires", "        - name: sort\n", "        - {name: tag, in: query, required: true, schema: {type: array, items: {type: string}}}\n        - name: sort\n",
			"operations changed:\n  GET /books (users.ListBooks)\n    + query parameter tag (list of string, required)\n\nbreaks Go callers:\n  users.ListBooksParams.Tag must be set\n\nadded without words:\n  GET /books (users.ListBooks): query parameter tag",
		},
		{
			"a value that is the default", "            enum: [title, year]\n", "            enum: [title]\n            default: year\n",
			"operations changed:\n  GET /books (users.ListBooks)\n    + default \"year\" of query parameter sort\n    - value \"year\" of query parameter sort\n\nbreaks Go callers:\n  users.ListBooksSortYear is gone",
		},
		{
			"a null", "        status:\n", "        status:\n          nullable: true\n",
			"models changed:\n  Book\n    ~ field status may now be null\n\nbreaks Go callers: nothing",
		},
		{
			"a type", "                price:\n                  type: integer\n", "                price:\n                  type: string\n",
			"models changed:\n  Book\n    ~ type of field price of branch #1 of field origin: \"integer\", now \"string\"\n\nbreaks Go callers:\n  api.BookOrigin.Price: *int, now *string",
		},
		{
			"the version", "2030-01-01", "2030-03-03",
			"version 2030-01-01, now 2030-03-03\n\nbreaks Go callers: nothing",
		},
	}
	dir := empty(t)
	tool(t, fine, dir, "import", edited(t, first, whole...))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status := breaks
			if strings.Contains(tt.want, "breaks Go callers: nothing") {
				status = differing
			}
			out, _ := tool(t, status, dir, "diff", edited(t, first, append(whole, tt.old, tt.text)...))
			if diff := cmp.Diff(tt.want, body(t, out)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
