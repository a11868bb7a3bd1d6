package main

import (
	"strings"
	"testing"
)

// TestLastLineAndStatusSayHowMuchADocumentChanges compares one change of each kind, and
// requires an import to take all over that need no decision.
func TestLastLineAndStatusSayHowMuchADocumentChanges(t *testing.T) {
	t.Parallel()
	const remove = "              properties:\n                title:\n                  type: string\n"
	tests := []struct {
		name   string
		edits  []string
		status int
		word   string
	}{
		{"nothing", nil, fine, "nothing differs: "},
		{"only the version", []string{"2030-01-01", "2030-01-02"}, differing, "invisible: only the version differs, "},
		{"a limit", []string{"maximum: 100", "maximum: 200"}, differing, "invisible: "},
		{"a deprecated operation", []string{"operationId: createBook\n", "operationId: createBook\n      deprecated: true\n"}, differing, "invisible: "},
		{"a field", []string{"        status:\n", "        isbn:\n          type: string\n        status:\n"}, differing, "adds: "},
		{"a value", []string{"[lent, here]", "[lent, here, lost]"}, differing, "adds: "},
		{"an optional parameter", []string{"        - name: sort\n", "        - {name: shelf, in: query, schema: {type: string}}\n        - name: sort\n"}, differing, "adds: "},
		{"an operation", []string{"  /books/{book_id}:\n", "  /shelves:\n    get: {operationId: ListShelves, tags: [Users], responses: {'204': {description: d}}}\n  /books/{book_id}:\n"}, differing, "adds: "},
		{"a field that is gone", []string{remove, "              properties:\n", "required: [title]", "required: [public_metadata]"}, breaks, "breaks: "},
		{"a field that callers must send", []string{"required: [title]", "required: [title, loan_until]"}, breaks, "breaks: "},
		{"a break and a question", []string{"[lent, here]", "[lent]", "tags: [Sessions]", "tags: [Loans]"}, unanswered, "needs a decision: "},
		{"another kind of file", []string{"openapi: 3.0.3", "openapi: 2"}, refused, "refused: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := imported(t)
			document := edited(t, first, tt.edits...)
			last := func(status int, command string) string {
				out, errs := tool(t, status, dir, command, document)
				lines := strings.Split(strings.TrimSpace(out+errs), "\n")
				if line := lines[len(lines)-1]; !strings.HasPrefix(line, tt.word) {
					t.Errorf("the last line of %s is %q, want %q", command, line, tt.word)
				}
				return lines[len(lines)-1]
			}
			taken := fine
			if tt.status == unanswered || tt.status == refused {
				taken = tt.status
			}
			if diff, imported := last(tt.status, "diff"), last(taken, "import"); diff != imported {
				t.Errorf("the last lines are %q and %q", diff, imported)
			}
		})
	}
}

// TestNewlyDeprecatedFunctionsAreForTheChangelog looks for them in the block to paste.
func TestNewlyDeprecatedFunctionsAreForTheChangelog(t *testing.T) {
	t.Parallel()
	out, _ := tool(t, differing, imported(t), "diff", edited(t, first, "operationId: createBook\n", "operationId: createBook\n      deprecated: true\n"))
	contains(t, out, "for CHANGELOG.md:\n\n*Spec:* 2030-01-01, 3 operations.\n\nDeprecated\n- `users.CreateBook`\n\ninvisible: ")
}
