package surface

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// books returns a surface of its own for each test case to change.
func books() *Surface {
	return &Surface{
		Models: &Package{Name: "api", Types: []*Type{
			{Name: "Book", Kind: Struct, Fields: []Field{{Name: "ID", Type: "string"}, {Name: "Status", Type: "*BookStatus"}, {Name: "Tags", Type: "[]Tag"}}},
			{Name: "BookStatus", Kind: Enum, Constants: []Constant{{"BookStatusLent", "lent"}, {"BookStatusHere", "here"}}},
			{Name: "Tag", Kind: Defined, Underlying: "string"},
		}},
		Domains: []*Package{
			{
				Name: "shelves",
				Operations: []*Operation{
					{Name: "GetBook", Package: "shelves", Method: "GET", Path: "/shelves/{shelf_id}/books/{book_id}", IDs: []ID{{Variable: "shelfID"}, {Variable: "bookID"}}, Result: "Book"},
				},
				Types: []*Type{{Name: "Book", Kind: Alias, Underlying: "api.Book"}},
			},
			{
				Name: "users",
				Operations: []*Operation{
					{Name: "ListBooks", Package: "users", Method: "GET", Path: "/books", Params: "ListBooksParams", Result: "clerk.List[Book]", Iterator: "AllBooks"},
					{Name: "DeleteBook", Package: "users", Method: "DELETE", Path: "/books/{book_id}", IDs: []ID{{Variable: "bookID"}}},
				},
				Types: []*Type{
					{Name: "Book", Kind: Alias, Underlying: "api.Book"},
					{Name: "ListBooksParams", Kind: Struct, Fields: []Field{{Name: "Limit", Type: "clerk.Optional[int]"}, {Name: "Sort", Type: "clerk.Optional[Sort]"}}},
					{Name: "BookStatus", Kind: Alias, Underlying: "api.BookStatus", Constants: []Constant{{"BookStatusLent", "lent"}, {"BookStatusHere", "here"}}},
					{Name: "Sort", Kind: Enum, Constants: []Constant{{"SortTitle", "title"}}},
				},
			},
		},
	}
}

func TestBreaks(t *testing.T) {
	t.Parallel()
	model := func(s *Surface, name string) *Type { return s.Models.Type(name) }
	users := func(s *Surface) *Package { return s.domain("users") }
	tests := []struct {
		name   string
		change func(*Surface)
		want   []string
	}{
		{"nothing", func(*Surface) {}, nil},
		{"what is new", func(s *Surface) {
			model(s, "Book").Fields = append(model(s, "Book").Fields, Field{Name: "Title", Type: "string"})
			model(s, "BookStatus").Constants = append(model(s, "BookStatus").Constants, Constant{"BookStatusLost", "lost"})
			params := users(s).Type("ListBooksParams")
			params.Fields = append(params.Fields, Field{Name: "Offset", Type: "clerk.Optional[int]"}, Field{Name: "Tags", Type: "[]string", Tag: `query:"tags"`})
			users(s).Operations = append(users(s).Operations, &Operation{Name: "CountBooks", Package: "users"})
		}, nil},
		{"a function gone", func(s *Surface) {
			users(s).Operations = users(s).Operations[1:]
			users(s).Types = users(s).Types[2:3]
		}, []string{
			"users.ListBooks is gone, and AllBooks and ListBooksParams with it",
			"users.Book is gone: it is api.Book",
			"users.Sort is gone, and its constants with it",
		}},
		{"a function moved", func(s *Surface) {
			moved := *users(s).operation("DeleteBook")
			moved.Package = "shelves"
			s.domain("shelves").Operations = append(s.domain("shelves").Operations, &moved)
			users(s).Operations = users(s).Operations[:1]
		}, []string{"users.DeleteBook is gone: it is shelves.DeleteBook now"}},
		{"a function with params", func(s *Surface) { users(s).operation("DeleteBook").Params = "DeleteBookParams" }, []string{
			"users.DeleteBook: (bookID string) error, now (bookID string, params users.DeleteBookParams) error",
		}},
		{"a function with a result", func(s *Surface) { users(s).operation("DeleteBook").Result = "Book" }, []string{
			"users.DeleteBook: (bookID string) error, now (bookID string) (*users.Book, error)",
		}},
		{"ids the other way round", func(s *Surface) {
			o := s.domain("shelves").Operations[0]
			o.IDs[0], o.IDs[1] = o.IDs[1], o.IDs[0]
		}, []string{"shelves.GetBook: (shelfID, bookID string) (*shelves.Book, error), now (bookID, shelfID string) (*shelves.Book, error)"}},
		{"an id renamed", func(s *Surface) { users(s).operation("DeleteBook").IDs[0].Variable = "id" }, nil},
		{"the type of an id", func(s *Surface) { s.domain("shelves").Operations[0].IDs[0].Type = "ShelfKind" }, []string{
			"shelves.GetBook: (shelfID, bookID string) (*shelves.Book, error), now (shelfID shelves.ShelfKind, bookID string) (*shelves.Book, error)",
		}},
		{"an iterator", func(s *Surface) { users(s).operation("ListBooks").Iterator = "" }, []string{"users.AllBooks is gone"}},
		{"a name that two packages share", func(s *Surface) {
			s.domain("shelves").Operations = append(s.domain("shelves").Operations, &Operation{Name: "DeleteBook", Package: "shelves"})
		}, []string{"clerktest.Handlers.DeleteBook is gone: it is UsersDeleteBook now"}},
		{"a model", func(s *Surface) {
			s.Models.Types = s.Models.Types[1:]
			for _, p := range s.Domains {
				p.Types = p.Types[1:]
			}
		}, []string{"api.Book is gone, also as shelves.Book, users.Book"}},
		{"the kind of a type", func(s *Surface) { model(s, "Tag").Kind = Struct }, []string{"api.Tag: string, now a struct"}},
		{"a struct that is a union now", func(s *Surface) { model(s, "Book").Kind = Union }, nil},
		{"a field gone", func(s *Surface) { model(s, "Book").Fields = model(s, "Book").Fields[1:] }, []string{"api.Book.ID is gone"}},
		{"the type of a field", func(s *Surface) { model(s, "Book").Fields[1].Type = "string" }, []string{
			"api.Book.Status: *api.BookStatus, now string",
		}},
		{"a field to send", func(s *Surface) {
			params := users(s).Type("ListBooksParams")
			params.Fields[1].Type = "Sort"
			params.Fields = append(params.Fields, Field{Name: "Branch", Type: "string", Tag: `query:"branch"`})
		}, []string{
			"users.ListBooksParams.Sort: clerk.Optional[users.Sort], now users.Sort",
			"users.ListBooksParams.Branch is new and must be set",
		}},
		{"constants", func(s *Surface) {
			model(s, "BookStatus").Constants = []Constant{{"BookStatusHere", "HERE"}}
			users(s).Type("BookStatus").Constants = model(s, "BookStatus").Constants
		}, []string{"api.BookStatusLent is gone, also as users.BookStatusLent", `api.BookStatusHere: "here", now "HERE"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			is := books()
			tt.change(is)
			got := Breaks(books(), is, func(pkg string) string { return strings.ToUpper(pkg[:1]) + pkg[1:] })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBreaksOfEvents has the constants of events, their handlers and their models.
func TestBreaksOfEvents(t *testing.T) {
	t.Parallel()
	events := func(types []*Type, all ...Event) *Surface {
		return &Surface{Models: &Package{Name: "api"}, Webhooks: &Package{Name: "webhooks", Types: types, Events: all}}
	}
	loan := []*Type{{Name: "Loan", Kind: Struct, Fields: []Field{{Name: "Fee", Type: "int"}}}}
	ended := Event{Name: "LoanEnded", Type: "loan.ended", Data: "Loan"}
	prefix := func(pkg string) string { return pkg }
	tests := []struct {
		name    string
		was, is *Surface
		want    []string
	}{
		{"the same", events(loan, ended), events(loan, ended), nil},
		{"a new event", events(loan), events(loan, ended), nil},
		{"no event any more", events(loan, ended), events(loan), []string{"webhooks.LoanEnded is gone, and Handlers.LoanEnded with it"}},
		{"no events at all", events(loan, ended), &Surface{Models: &Package{Name: "api"}}, []string{
			"webhooks.Loan is gone", "webhooks.LoanEnded is gone, and Handlers.LoanEnded with it",
		}},
		{"another type", events(loan, ended), events(loan, Event{Name: "LoanEnded", Type: "loan.over", Data: "Loan"}), []string{
			`webhooks.LoanEnded: "loan.ended", now "loan.over"`,
		}},
		{"other data", events(loan, ended), events(loan, Event{Name: "LoanEnded", Type: "loan.ended", Data: "api.Book"}), []string{
			"webhooks.Handlers.LoanEnded: the data is *webhooks.Loan, now *api.Book",
		}},
		{"a member gone", events(loan), events([]*Type{{Name: "Loan", Kind: Struct}}), []string{"webhooks.Loan.Fee is gone"}},
		{"a new member", events([]*Type{{Name: "Loan", Kind: Struct}}), events(loan), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, Breaks(tt.was, tt.is, prefix)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	was, is := events(loan, ended).Declarations(prefix), map[string]string{
		"webhooks.Loan": "type a struct", "webhooks.Loan.Fee": "field int",
		"webhooks.LoanEnded": "const Type", "webhooks.Handlers.LoanEnded": "field func(*webhooks.Loan)",
	}
	if diff := cmp.Diff(is, was); diff != "" {
		t.Errorf("declarations (-want +got):\n%s", diff)
	}
}
