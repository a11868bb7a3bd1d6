package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	before := content(t, dir)
	out, _ := tool(t, differing, dir, "diff", second)
	want := `- DELETE /books/{book_id} (sessions.DeleteBook)   (breaks Go callers)
+ GET /books/{book_id} (sessions.GetBook)
+ schema book_find
- schema book_gift   (breaks Go callers)
GET /books (users.ListBooks)
  + query parameter branch   (breaks Go callers)
POST /books (users.CreateBook)
  + field shelf of the body
  - field loan_until of the body   (breaks Go callers)
info
  ~ version: "2030-01-01", now "2030-02-02"
parameter Limit
  ~ maximum: 100, now 500
schema Book
  + branch book_find of field origin
  + value "lost" of field status
  - branch book_gift of field origin   (breaks Go callers)
  - value "here" of field status   (breaks Go callers)
13 changes, of which 6 break Go callers
`
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("diff changed files (-before +after):\n%s", diff)
	}
}

func TestImportReports(t *testing.T) {
	t.Parallel()
	out, _ := tool(t, fine, imported(t), "import", second)
	contains(t, out,
		"- DELETE /books/{book_id} (sessions.DeleteBook)",
		"named by rule: GET /books/{book_id} is GetBook",
		"named by rule: schema book_find is BookFind",
		"no words yet: GET /books/{book_id} (sessions.GetBook)",
		"no words yet: field shelf of the body of POST /books (users.CreateBook)",
		"no words yet: 3 operations (users 2, sessions 1), 2 schemas, 17 fields and parameters",
		"wrote LOCK\n",
	)
}

func TestBreaks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		key        string
		loss, gain bool
	}{
		{"GET /books", true, false},
		{"schema Book", true, false},
		{"response Book", false, false},
		{"GET /books > query sort", true, false},
		{"GET /books > path shelf", true, true},
		{"GET /books > 404", false, false},
		{"schema Book > .id", true, false},
		{"schema Book > .id > type", true, true},
		{"schema Book > .id > nullable", true, true},
		{"schema Book > .id > maxLength", false, false},
		{"schema Book > .id > enum", true, false},
		{`schema Book > required > "id"`, true, true},
		{`GET /books > tags > "Users"`, false, false},
	}
	for _, tt := range tests {
		p := read(tt.key)
		if loss, gain := p.breaksLoss(), p.breaksGain(); loss != tt.loss || gain != tt.gain {
			t.Errorf("%s: loss breaks %v, gain breaks %v, want %v, %v", tt.key, loss, gain, tt.loss, tt.gain)
		}
	}
}
