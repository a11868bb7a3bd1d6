package words

import (
	"fmt"
	"strings"
	"testing"
)

// TestReferences lets a field of api go without words only when it is another
// model and nothing more.
func TestReferences(t *testing.T) {
	t.Parallel()
	const models = "// Package api has the models of a library: books, shelves, people, and whatever else they keep there.\npackage api\n\n// Book is a book.\ntype Book struct {\n\tShelf *Shelf\n%s\n}\n"
	for line, want := range map[string]string{
		"":                   "",
		"\tPlace Shelf":      "",
		"\tPlaces []Shelf":   "api: Book.Places has no words",
		"\tFirstName string": "api: Book.FirstName has no words",
	} {
		got := check(map[string]*source{"api": read(t, map[string]string{"api.go": fmt.Sprintf(models, line)})})
		if strings.Join(got, "; ") != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
