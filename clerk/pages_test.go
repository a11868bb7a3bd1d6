package clerk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

// pages serves the numbers below total, at most perPage per page, and records the
// requests.
type pages struct {
	total, perPage int
	counted        bool // sends total_count
	requests       []string
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.requests = append(p.requests, r.URL.RawQuery)
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil {
		limit = 10
	}
	offset, _ := strconv.Atoi(r.FormValue("offset"))
	data := []mail{}
	for i := offset; i < min(p.total, offset+min(limit, p.perPage)); i++ {
		data = append(data, mail{strconv.Itoa(i)})
	}
	var v any = data
	if p.counted {
		v = map[string]any{"data": data, "total_count": p.total}
	}
	_ = json.NewEncoder(w).Encode(v)
}

func mailID(m *mail) string { return m.ID }

// walk returns the ids of the items that Pages yields, up to stop of them.
func walk(t *testing.T, c *clerk.Client, limit, offset clerk.Optional[int], stop int) (ids []string, err error) {
	t.Helper()
	all := clerk.Pages(limit, offset, func(limit, offset clerk.Optional[int]) (*clerk.List[mail], error) {
		req := get("/things")
		req.Query = clerk.Query{"limit": limit, "offset": offset}
		return clerk.Call[clerk.List[mail]](t.Context(), c, req, clerk.WithMaxRetries(0))
	}, mailID)
	for m, err := range all {
		if err != nil {
			if m != nil {
				t.Error("an item was yielded with the error")
			}
			return ids, err
		}
		ids = append(ids, m.ID)
		if len(ids) == stop {
			break
		}
	}
	return ids, nil
}

func TestPages(t *testing.T) {
	t.Parallel()
	var absent clerk.Optional[int]
	for _, test := range []struct {
		name          string
		server        pages
		limit, offset clerk.Optional[int]
		stop, want    int
		requests      []string
	}{
		{"empty", pages{total: 0, perPage: 500}, absent, absent, 0, 0, []string{"limit=100"}},
		{"one short page", pages{total: 7, perPage: 500}, absent, absent, 0, 7, []string{"limit=100"}},
		{"full pages", pages{total: 200, perPage: 500}, absent, absent, 0, 200, []string{"limit=100", "limit=100&offset=99", "limit=100&offset=198"}},
		{"full pages with a total", pages{total: 199, perPage: 500, counted: true}, absent, absent, 0, 199, []string{"limit=100", "limit=100&offset=99"}},
		{"full pages without a further item", pages{total: 199, perPage: 500}, absent, absent, 0, 199, []string{"limit=100", "limit=100&offset=99", "limit=100&offset=198"}},
		{"the largest pages", pages{total: 1000, perPage: 500}, clerk.Set(500), absent, 0, 1000, []string{"limit=500", "limit=500&offset=499", "limit=500&offset=998"}},
		{"pages of one item", pages{total: 3, perPage: 500}, clerk.Set(1), absent, 0, 3, []string{"limit=1", "limit=2&offset=0", "limit=2&offset=1", "limit=2&offset=2"}},
		{"own size", pages{total: 6, perPage: 500}, clerk.Set(3), absent, 0, 6, []string{"limit=3", "limit=3&offset=2", "limit=3&offset=4"}},
		{"own beginning", pages{total: 6, perPage: 500}, clerk.Set(3), clerk.Set(2), 0, 4, []string{"limit=3&offset=2", "limit=3&offset=4"}},
		{"beyond the end", pages{total: 7, perPage: 500, counted: true}, clerk.Set(3), clerk.Set(9), 0, 0, []string{"limit=3&offset=9"}},
		{"break", pages{total: 7, perPage: 500}, clerk.Set(3), absent, 4, 4, []string{"limit=3", "limit=3&offset=2"}},
		{"break at the end of a page", pages{total: 7, perPage: 500}, clerk.Set(3), absent, 3, 3, []string{"limit=3"}},
		{"smaller pages than asked for", pages{total: 5, perPage: 2, counted: true}, clerk.Set(4), absent, 0, 5, []string{"limit=4", "limit=4&offset=1", "limit=4&offset=2", "limit=4&offset=3"}},
		{"one item a page", pages{total: 3, perPage: 1, counted: true}, clerk.Set(4), absent, 0, 3, []string{"limit=4", "limit=4&offset=0", "limit=4&offset=1", "limit=4&offset=1", "limit=4&offset=2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, test.server.ServeHTTP)
			ids, err := walk(t, c, test.limit, test.offset, test.stop)
			if err != nil || len(ids) != test.want {
				t.Errorf("%d items, error %v; want %d items", len(ids), err, test.want)
			}
			for i, id := range ids {
				if id != strconv.Itoa(i+test.offset.Or(0)) {
					t.Fatalf("item %d is %s", i, id)
				}
			}
			if diff := cmp.Diff(test.requests, test.server.requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPagesEndsWithOneErrorIfTheServerDoesNotAdvance(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		pages    []string // served in turn
		want     []string
		err      error
		requests int
	}{
		{"the first page again and again", []string{`[{"id":"a"},{"id":"b"}]`}, []string{"a", "b"}, clerk.ErrNotAdvancing, 2},
		{"one item again and again", []string{`{"data":[{"id":"a"}],"total_count":3}`}, []string{"a"}, clerk.ErrNotAdvancing, 3},
		{"two pages in turn", []string{`[{"id":"a"},{"id":"b"}]`, `[{"id":"c"},{"id":"d"}]`}, []string{"a", "b"}, clerk.ErrListChanged, 4},
	} {
		requests := 0
		c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
			write(w, test.pages[requests%len(test.pages)])
			requests++
		})
		ids, err := walk(t, c, clerk.Set(2), clerk.Optional[int]{}, 0)
		if diff := cmp.Diff(test.want, ids); diff != "" || !errors.Is(err, test.err) || requests != test.requests {
			t.Errorf("%s: error %v after %d requests\n%s", test.name, err, requests, diff)
		}
	}
}

func TestPagesYieldsAnErrorLast(t *testing.T) {
	t.Parallel()
	requests := 0
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		if requests++; requests > 1 {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		write(w, `[{"id":"a"}]`)
	})
	ids, err := walk(t, c, clerk.Set(1), clerk.Optional[int]{}, 0)
	if len(ids) != 1 || !errors.Is(err, clerk.ErrForbidden) || requests != 2 {
		t.Errorf("items %v, error %v after %d requests", ids, err, requests)
	}
	requests = 0
	for _, size := range []int{0, -1} {
		if _, err := walk(t, c, clerk.Set(size), clerk.Optional[int]{}, 0); !errors.Is(err, clerk.ErrInvalidRequest) {
			t.Errorf("limit of %d: error %v", size, err)
		}
	}
	_, err = walk(t, c, clerk.Set(501), clerk.Optional[int]{}, 0)
	var refused *clerk.RequestError
	if !errors.As(err, &refused) || refused.Field != "limit" || requests != 0 {
		t.Errorf("limit of 501: error %v after %d requests", err, requests)
	}
	_, err = walk(t, c, clerk.Null[int](), clerk.Optional[int]{}, 0)
	if !errors.As(err, &refused) || refused.Field != "limit" || requests != 0 {
		t.Errorf("limit of null: error %v after %d requests", err, requests)
	}
}

func TestPagesCanBeUsedTwice(t *testing.T) {
	t.Parallel()
	all := clerk.Pages(clerk.Set(2), clerk.Set(1), func(_, offset clerk.Optional[int]) (*clerk.List[mail], error) {
		l := &clerk.List[mail]{}
		for i := offset.Or(0); i < min(5, offset.Or(0)+2); i++ {
			l.Data = append(l.Data, &mail{fmt.Sprint(i)})
		}
		return l, nil
	}, mailID)
	for range 2 {
		var text strings.Builder
		for m, err := range all {
			if err != nil {
				t.Fatal(err)
			}
			text.WriteString(m.ID)
		}
		if text.String() != "1234" {
			t.Errorf("items %s, want 1234", text.String())
		}
	}
}

// letterID returns the id of an item. Small letters are items without an id.
func letterID(m *mail) string {
	if strings.ToUpper(m.ID) == m.ID {
		return m.ID
	}
	return ""
}

// letters returns an item for each letter.
func letters(text string) *clerk.List[mail] {
	l := &clerk.List[mail]{}
	for _, letter := range text {
		l.Data = append(l.Data, &mail{string(letter)})
	}
	return l
}

// collect returns the letters that all yields, and its error.
func collect(all iter.Seq2[*mail, error]) (got string, failed error) {
	for m, err := range all {
		if failed = err; err == nil {
			got += m.ID
		}
	}
	return got, failed
}

// The lists consist of letters, one list per request, with a dot for one that is empty.
// The last one stays. Pages have three letters.
func TestPagesNoticesItemsThatMove(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, lists, want string
		err               error
	}{
		{"nothing moves", "ABCDEFG", "ABCDEFG", nil},
		{"one that was read is deleted", "ABCDEFG ACDEFG", "ABCDEFG", nil},
		{"the last that was read is deleted", "ABCDEFG ABDEFG", "ABCDEFG", nil},
		{"all that were read are deleted", "ABCDEFG DEFG", "ABCDEFG", nil},
		{"two pages are deleted", "ABCDEFG ABCDEFG FG", "ABCDEFG", nil},
		{"all are deleted", "ABCDEFG .", "ABC", nil},
		{"one that was not read is deleted", "ABCDEFG ABCEFG", "ABCEFG", nil},
		{"one is deleted while the iteration goes back", "ABCDEFGH BCDEFGH CDEFGH", "ABCDEFGH", nil},
		{"one is added in front", "ABCDEFG XABCDEFG", "ABCDEFG", nil},
		{"one is added where the page begins", "ABCDEFG ABXCDEFG", "ABCXDEFG", nil},
		{"a page is added in front", "ABCDEFG XYZABCDEFG", "ABCXYZDEFG", nil},
		{"two pages are added in front", "ABCDEFG UVWXYZABCDEFG", "ABCUVWXYZDEFG", nil},
		{"the rest moves to the front", "ABCDEFG DEFGABC", "ABCDEFG", nil},
		{"items that were read move behind the others", "ABCDEFGHI ABCDEFGHI CDEFGHIABC", "ABCDEFGHI", nil},
		{"pages of a list and of another in turn", "ABCDEFG VWXYZ ABCDEFG VWXYZ", "ABC", clerk.ErrListChanged},
		{"one is added, another deleted", "ABCDEFG XBCDEFG", "ABCDEFG", nil},
		{"all are replaced", "ABC XYZ", "ABCXYZ", nil},
		{"an empty page in the middle", "ABCDEFG . ABCDEFG", "ABCDEFG", nil},
		{"an item twice on a page", "AABCD", "ABCD", nil},
		{"no ids", "abcdefg bcdefg", "abcdefg", nil},
		{"some ids", "AbCdEfG bCdEfG", "AbCdEfG", nil},
	} {
		for _, counted := range []bool{false, true} {
			lists := strings.Fields(test.lists)
			requests := 0
			got, err := collect(clerk.Pages(clerk.Set(3), clerk.Optional[int]{}, func(limit, offset clerk.Optional[int]) (*clerk.List[mail], error) {
				list := strings.Trim(lists[min(requests, len(lists)-1)], ".")
				requests++
				l := letters(list[min(offset.Or(0), len(list)):min(offset.Or(0)+limit.Or(0), len(list))])
				if counted {
					l.TotalCount = clerk.Set(int64(len(list)))
				}
				return l, nil
			}, letterID))
			if got != test.want || !errors.Is(err, test.err) || requests > 10 {
				t.Errorf("%s (with a total %v): items %s, error %v after %d requests; want %s, %v", test.name, counted, got, err, requests, test.want, test.err)
			}
		}
	}
}

// There is one group of letters per page. Pages have two letters.
func TestPagesAfterYieldsEachItemOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, pages, want string
		err               error
	}{
		{"new items on each page", "AB CD E", "ABCDE", nil},
		{"a cursor that is also on its page", "AB BC CD E", "ABCDE", nil},
		{"a repeated cursor", "AB CB", "AB", clerk.ErrNotAdvancing},
		{"alternating cursors", "AB CD AB CD", "ABCD", clerk.ErrNotAdvancing},
		{"a last item without an id", "Ab cd", "Ab", clerk.ErrNotAdvancing},
	} {
		pages := strings.Fields(test.pages)
		got, err := collect(clerk.PagesAfter(clerk.Set(2), clerk.Optional[string]{}, func(clerk.Optional[int], clerk.Optional[string]) (*clerk.List[mail], error) {
			page := letters(pages[0])
			pages = append(pages[1:], "")
			return page, nil
		}, letterID))
		if got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: items %s, error %v; want %s, %v", test.name, got, err, test.want, test.err)
		}
	}
}

// If items without ids could not be encoded, nothing would end the iteration over a
// page that the server repeats.
func TestItemsThatCannotBeComparedAreNotYielded(t *testing.T) {
	t.Parallel()
	type opaque struct{ C chan int }
	same := &clerk.List[opaque]{Data: []*opaque{{}, {}}}
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
		t.Errorf("%d items, error %v", steps, failed)
	}
}
