package surface

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOwn(t *testing.T) {
	t.Parallel()
	p := &Package{
		Name: "shelves",
		Operations: []*Operation{
			{Name: "AddBook", Params: "AddBookParams", Result: "Book"},
			{Name: "FindBooks", Params: "FindBooksParams", Result: "clerk.List[Book]"},
			{Name: "GetShelf", IDs: []ID{{Variable: "shelfID"}, {Variable: "kind", Type: "ShelfKind"}}, Result: "Shelf"},
			{Name: "Close"},
		},
		Types: []*Type{
			{Name: "AddBookParams", Kind: Struct, Fields: []Field{
				{Name: "Owner", Type: "*Owner"}, {Name: "Cover", Type: "clerk.Optional[Cover]"}, {Name: "Parts", Type: "[]AddBookParams"},
			}},
			{Name: "Book", Kind: Alias, Underlying: "api.Book"},
			{Name: "Cover", Kind: Enum},
			{Name: "FindBooksParams", Kind: Struct, Fields: []Field{{Name: "Genre", Type: "Genre"}, {Name: "Owners", Type: "Owners"}}},
			{Name: "Genre", Kind: Enum},
			{Name: "Lost", Kind: Enum},
			{Name: "Owner", Kind: Struct, Fields: []Field{{Name: "Genres", Type: "[]Genre"}, {Name: "Name", Type: "string"}}},
			{Name: "Owners", Kind: Defined, Underlying: "[]Owner"},
			{Name: "Shelf", Kind: Alias, Underlying: "api.Shelf"},
			{Name: "ShelfKind", Kind: Enum},
		},
	}
	own, shared := p.Own()
	got := map[string][]string{"shared": typeNames(shared)}
	for o, types := range own {
		got[o.Name] = typeNames(types)
	}
	want := map[string][]string{
		"AddBook":   {"AddBookParams", "Cover"},
		"FindBooks": {"FindBooksParams", "Owners"},
		"GetShelf":  {"ShelfKind"},
		"shared":    {"Book", "Genre", "Lost", "Owner", "Shelf"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func typeNames(types []*Type) []string {
	var names []string
	for _, t := range types {
		names = append(names, t.Name)
	}
	return names
}
