package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExported(t *testing.T) {
	t.Parallel()
	root := module(t, map[string]string{
		"root.go":         "package m\n",
		"cmd/x/main.go":   "package main\n\nfunc main() {}\n\nfunc Exported() {}\n",
		"internal/x/x.go": "package x\n\nfunc Hidden() {}\n",
		"a/a_test.go":     "package a\n\nfunc Tested() {}\n",
		"b/c/c.go":        "package c\n\ntype Book struct{ Title string }\n",
		"a/a.go": `package a

import (
	"io"
	"net/http"

	"example.com/m/b/c"
)

const Limit = 3

const (
	Red Color = iota
	Green
	hidden
)

type Color int

func (Color) String() string { return "" }

var ErrBroken, unseen error

type Book = c.Book

type List[T any, K comparable] struct {
	Items []T
	next  K
}

func (l *List[T, K]) Next() (item T, ok bool) { return item, false }

type base struct {
	ID    string
	inner string
}

func (b *base) Save(force bool) error { return nil }
func (b *base) load()                 {}

type Page struct {
	base
	*c.Book
	http.Handler
	Change func(w http.ResponseWriter, by ...int) (n int) ` + "`json:\"change\"`" + `
}

type Reader interface {
	io.Reader
	Peek(n int) []byte
	sealed()
}

type Number interface{ ~int | ~float64 }

type Option func(*config)

type config struct{}

func New(name string, options ...Option) (*Page, error) { return nil, nil }
func Sum[N Number](numbers map[string]N) (total N)     { return total }
func Wait()                                            {}
func quiet()                                           {}
`,
	})
	want := []string{
		"a.Book type = b/c.Book",
		"a.Color type int",
		"a.Color.String method func() string",
		"a.ErrBroken var error",
		"a.Green const Color",
		"a.Limit const untyped int",
		"a.List type [T any, K comparable] struct",
		"a.List.Items field []T",
		"a.List.Next pointer method func() (T, bool)",
		"a.New func(string, ...Option) (*Page, error)",
		"a.Number type interface{~int | ~float64}",
		"a.Option type func(*unexported)",
		"a.Page type struct",
		"a.Page.Book embedded *b/c.Book",
		"a.Page.Change field func(net/http.ResponseWriter, ...int) int",
		"a.Page.Handler embedded net/http.Handler",
		"a.Page.ID field string",
		"a.Page.Save pointer method func(bool) error",
		"a.Reader type interface{Peek, Read, unexported methods}",
		"a.Reader.Peek method func(int) []byte",
		"a.Reader.Read method func([]byte) (int, error)",
		"a.Red const Color",
		"a.Sum func[N Number](map[string]N) N",
		"a.Wait func()",
		"b/c.Book type struct",
		"b/c.Book.Title field string",
	}
	got, err := exported(root)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestExportedReportsWhatDoesNotCompile(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"an error of types": "package a\n\nvar A int = \"\"\n",
		"nothing exported":  "package a\n\nvar a int\n",
	} {
		if lines, err := exported(module(t, map[string]string{"a/a.go": source})); err == nil {
			t.Errorf("%s: %q and no error", name, lines)
		}
	}
}
