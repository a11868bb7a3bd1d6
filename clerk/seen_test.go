package clerk_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

// TestWalksMeetItemsOnce walks lists of single letters in pages of two, some of
// them letters without an id, which are small here.
func TestWalksMeetItemsOnce(t *testing.T) {
	t.Parallel()
	id := func(m *mail) string {
		if strings.ToUpper(m.ID) == m.ID {
			return m.ID
		}
		return ""
	}
	for _, test := range []struct {
		name, pages string
		id          func(*mail) string
		want        string
		err         error
		byCursor    bool
	}{
		{"each page new", "AB CD E", id, "ABCDE", nil, false},
		{"overlaps", "AB BC CD E", id, "ABCDE", nil, false},
		{"the last page has nothing new", "AB CD D", id, "ABCD", nil, false},
		{"twice on one page", "AAB", id, "AB", nil, false},
		{"ends where another page did", "AB CD EB", id, "ABCD", clerk.ErrNotAdvancing, false},
		{"no ids", "ab ba b", id, "abbab", nil, false},
		{"no ids, and a page that comes again", "ab ba ab", id, "abba", clerk.ErrNotAdvancing, false},
		{"no way to tell ids", "AB BA A", nil, "ABBAA", nil, false},
		{"no way to tell ids, and a page that comes again", "AB AB", nil, "AB", clerk.ErrNotAdvancing, false},
		{"some ids", "Ab Ac", id, "Abc", nil, false},
		{"a cursor", "AB CD E", id, "ABCDE", nil, true},
		{"a cursor that its page begins with", "AB BC CD E", id, "ABCDE", nil, true},
		{"a cursor that is given again", "AB CB", id, "AB", clerk.ErrNotAdvancing, true},
		{"cursors that take turns", "AB CD AB CD", id, "ABCD", clerk.ErrNotAdvancing, true},
		{"no cursor to go on with", "Ab cd", id, "Ab", clerk.ErrNotAdvancing, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pages := strings.Fields(test.pages)
			next := func() (*clerk.List[mail], error) {
				l := &clerk.List[mail]{}
				if len(pages) > 0 {
					for _, letter := range pages[0] {
						l.Data = append(l.Data, mail{string(letter)})
					}
					pages = pages[1:]
				}
				return l, nil
			}
			all := clerk.Pages(clerk.Set(2), clerk.Optional[int]{}, func(_, _ clerk.Optional[int]) (*clerk.List[mail], error) { return next() }, test.id)
			if test.byCursor {
				all = clerk.PagesAfter(clerk.Set(2), clerk.Optional[string]{}, func(clerk.Optional[int], clerk.Optional[string]) (*clerk.List[mail], error) { return next() }, test.id)
			}
			var got string
			var failed error
			for m, err := range all {
				if failed = err; err == nil {
					got += m.ID
				}
			}
			if got != test.want || !errors.Is(failed, test.err) {
				t.Errorf("%s, %v; want %s, %v", got, failed, test.want, test.err)
			}
		})
	}
}

// Without an id and without an encoding nothing would end a walk of a page that
// comes again and again.
func TestItemsThatCannotBeToldApartAreNotWalked(t *testing.T) {
	t.Parallel()
	type opaque struct{ C chan int }
	same := &clerk.List[opaque]{Data: make([]opaque, 2)}
	var failed error
	steps := 0
	for _, err := range clerk.Pages(clerk.Set(2), clerk.Optional[int]{}, func(_, _ clerk.Optional[int]) (*clerk.List[opaque], error) { return same, nil }, nil) {
		if failed = err; err != nil {
			continue
		}
		if steps++; steps > 9 {
			break
		}
	}
	var unsupported *json.UnsupportedTypeError
	if steps != 0 || !errors.As(failed, &unsupported) {
		t.Errorf("%d items, %v", steps, failed)
	}
}
