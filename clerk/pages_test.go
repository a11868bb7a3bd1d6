package clerk_test

import (
	"encoding/json"
	"errors"
	"fmt"
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
		{"full pages", pages{total: 200, perPage: 500}, absent, absent, 0, 200, []string{"limit=100", "limit=100&offset=100", "limit=100&offset=200"}},
		{"full pages with a total", pages{total: 200, perPage: 500, counted: true}, absent, absent, 0, 200, []string{"limit=100", "limit=100&offset=100"}},
		{"own size", pages{total: 7, perPage: 500}, clerk.Set(3), absent, 0, 7, []string{"limit=3", "limit=3&offset=3", "limit=3&offset=6"}},
		{"own beginning", pages{total: 7, perPage: 500}, clerk.Set(3), clerk.Set(2), 0, 5, []string{"limit=3&offset=2", "limit=3&offset=5"}},
		{"beyond the end", pages{total: 7, perPage: 500, counted: true}, clerk.Set(3), clerk.Set(9), 0, 0, []string{"limit=3&offset=9"}},
		{"break", pages{total: 7, perPage: 500}, clerk.Set(3), absent, 4, 4, []string{"limit=3", "limit=3&offset=3"}},
		{"break at the end of a page", pages{total: 7, perPage: 500}, clerk.Set(3), absent, 3, 3, []string{"limit=3"}},
		{"smaller pages than asked for", pages{total: 5, perPage: 2, counted: true}, clerk.Set(4), absent, 0, 5, []string{"limit=4", "limit=4&offset=2", "limit=4&offset=4"}},
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
	var requests int
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		requests++
		page := []string{`[{"id":"a"},{"id":"b"}]`, `[{"id":"c"},{"id":"d"}]`}[(requests-1)%2]
		write(w, page)
	})
	ids, err := walk(t, c, clerk.Set(2), clerk.Optional[int]{}, 0)
	if diff := cmp.Diff([]string{"a", "b", "c", "d"}, ids); diff != "" || !errors.Is(err, clerk.ErrNotAdvancing) || requests != 3 {
		t.Errorf("error %v after %d requests\n%s", err, requests, diff)
	}

	same := &clerk.List[mail]{Data: []*mail{{"a"}}}
	n, errs := 0, 0
	for _, err := range clerk.Pages(clerk.Set(1), clerk.Optional[int]{}, func(_, _ clerk.Optional[int]) (*clerk.List[mail], error) { return same, nil }, mailID) {
		if err != nil {
			errs++
			continue
		}
		n++
	}
	if n != 1 || errs != 1 {
		t.Errorf("%d items and %d errors, want 1 of each", n, errs)
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

// The lists consist of letters, with two letters per page. Small letters are items
// without an id.
func TestEachItemIsYieldedOnce(t *testing.T) {
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
		{"new items on each page", "AB CD E", id, "ABCDE", nil, false},
		{"overlaps", "AB BC CD E", id, "ABCDE", nil, false},
		{"the last page has nothing new", "AB CD D", id, "ABCD", nil, false},
		{"an item twice on one page", "AAB", id, "AB", nil, false},
		{"a page that ends with an item already seen", "AB CD EB", id, "ABCD", clerk.ErrNotAdvancing, false},
		{"no ids", "ab ba b", id, "abbab", nil, false},
		{"no ids, and a repeated page", "ab ba ab", id, "abba", clerk.ErrNotAdvancing, false},
		{"no id function", "AB BA A", nil, "ABBAA", nil, false},
		{"no id function, and a repeated page", "AB AB", nil, "AB", clerk.ErrNotAdvancing, false},
		{"some ids", "Ab Ac", id, "Abc", nil, false},
		{"cursor", "AB CD E", id, "ABCDE", nil, true},
		{"a cursor that is also on its page", "AB BC CD E", id, "ABCDE", nil, true},
		{"a repeated cursor", "AB CB", id, "AB", clerk.ErrNotAdvancing, true},
		{"alternating cursors", "AB CD AB CD", id, "ABCD", clerk.ErrNotAdvancing, true},
		{"a last item without an id", "Ab cd", id, "Ab", clerk.ErrNotAdvancing, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pages := strings.Fields(test.pages)
			next := func() (*clerk.List[mail], error) {
				l := &clerk.List[mail]{}
				if len(pages) > 0 {
					for _, letter := range pages[0] {
						l.Data = append(l.Data, &mail{string(letter)})
					}
					pages = pages[1:]
				}
				return l, nil
			}
			all := clerk.Pages(clerk.Set(2), clerk.Optional[int]{}, func(_, _ clerk.Optional[int]) (*clerk.List[mail], error) { return next() }, test.id)
			if test.byCursor {
				all = clerk.PagesAfter(clerk.Set(2), clerk.Optional[string]{}, func(clerk.Optional[int], clerk.Optional[string]) (*clerk.List[mail], error) { return next() }, test.id)
			}
			var got strings.Builder
			var failed error
			for m, err := range all {
				if failed = err; err == nil {
					got.WriteString(m.ID)
				}
			}
			if got.String() != test.want || !errors.Is(failed, test.err) {
				t.Errorf("items %s, error %v; want %s, %v", got.String(), failed, test.want, test.err)
			}
		})
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
