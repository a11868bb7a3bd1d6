package clerktest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

// shelf serves a list to whoever asks for a page of it, whatever the path: by
// cursor where there is one, else by offset.
type shelf struct {
	ids     []string
	total   func(s *shelf, page int) any // total_count; a bare array without
	between func(s *shelf)               // what happens before each request but the first
	empty   int                          // the number of a request that gets an empty page
	stuck   bool                         // always gives the first page
	queries []string
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(s.queries) > 0 && s.between != nil {
		s.between(s)
	}
	s.queries = append(s.queries, r.Method+" "+r.URL.RawQuery)
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	from, _ := strconv.Atoi(r.FormValue("offset"))
	if after := r.FormValue("starting_after"); after != "" {
		from = slices.Index(s.ids, after) + 1
	}
	if s.stuck {
		from = 0
	}
	page := []map[string]string{}
	for i := from; i < min(len(s.ids), from+limit) && len(s.queries) != s.empty; i++ {
		page = append(page, map[string]string{"id": s.ids[i], "token": s.ids[i]}) // some have no id
	}
	var answer any = page
	if s.total != nil {
		answer = map[string]any{"data": page, "total_count": s.total(s, len(page))}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// seven are the items that a list has at first.
func seven() []string { return []string{"i1", "i2", "i3", "i4", "i5", "i6", "i7"} }

// nameless are the iterators whose items have no id, so that one that comes twice
// cannot be known again.
var nameless = []string{"ListOAuthAccessTokens"}

// cursors are the iterators that go on after an item and not at an offset.
var cursors = []string{"ListUsers"}

// habit is something that servers do to those who walk a list.
type habit struct {
	name     string
	shelf    shelf
	want     []string
	err      error
	requests int  // 0 for any number
	ids      bool // only where items have ids
}

var habits = []habit{
	{"a total", shelf{total: honest}, seven(), nil, 3, false},
	{"no total", shelf{}, seven(), nil, 3, false},
	{"no items", shelf{ids: []string{}, total: honest}, nil, nil, 1, false},
	{"full pages and no total", shelf{ids: seven()[:6]}, seven()[:6], nil, 3, false},
	{"full pages and a total", shelf{ids: seven()[:6], total: honest}, seven()[:6], nil, 2, false},
	{"a total that is too low", shelf{total: always(1)}, seven(), nil, 3, false},
	{"a total that is too high", shelf{total: always(1000)}, seven(), nil, 4, false},
	{"a total of nothing", shelf{total: always(0)}, seven(), nil, 3, false},
	{"a total of each page", shelf{total: func(_ *shelf, page int) any { return page }}, seven(), nil, 3, false},
	{"a total that is null", shelf{total: always(nil)}, seven(), nil, 3, false},
	{"an empty page in the middle", shelf{total: honest, empty: 2}, seven()[:3], nil, 2, false},
	{"additions in front", shelf{between: grow}, seven(), nil, 0, true},
	{"additions in front and a total", shelf{between: grow, total: honest}, seven(), nil, 0, true},
	{"no advance", shelf{stuck: true}, seven()[:3], clerk.ErrNotAdvancing, 2, false},
	{"no advance and another total each time", shelf{stuck: true, total: rising}, seven()[:3], clerk.ErrNotAdvancing, 2, false},
	{"no advance and additions", shelf{stuck: true, between: grow, total: honest}, seven()[:3], clerk.ErrNotAdvancing, 2, true},
}

func honest(s *shelf, _ int) any { return len(s.ids) }

func rising(s *shelf, _ int) any { return 100 + len(s.queries) }

func always(total any) func(*shelf, int) any { return func(*shelf, int) any { return total } }

func grow(s *shelf) {
	s.ids = append([]string{fmt.Sprintf("new%d", len(s.queries))}, s.ids...)
}

// TestIterators walks every list, in pages of three, on servers of each habit.
func TestIterators(t *testing.T) {
	t.Parallel()
	for _, h := range habits {
		t.Run(h.name, func(t *testing.T) {
			walked := 0
			for _, f := range functions {
				if f.iterator == nil || h.ids && slices.Contains(nameless, f.field) {
					continue
				}
				walked++
				s := h.shelf
				if s.ids == nil {
					s.ids = seven()
				}
				got, err := s.walk(t, f)
				if !errors.Is(err, h.err) {
					t.Errorf("%s: %v", f.field, err)
				}
				if diff := cmp.Diff(h.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", f.field, diff)
				}
				s.check(t, f, h.requests)
			}
			if walked < 35 {
				t.Errorf("%d iterators", walked)
			}
		})
	}
}

// walk calls an iterator with pages of three and returns the ids that it yields,
// each of which must come once.
func (s *shelf) walk(t *testing.T, f function) (ids []string, failed error) {
	t.Helper()
	server := httptest.NewServer(s)
	defer server.Close()
	client, err := clerk.New("sk_test_walk", clerk.WithBaseURL(server.URL), clerk.WithRetryLimit(0))
	if err != nil {
		t.Fatal(err)
	}
	var args []reflect.Value
	typ := reflect.TypeOf(f.iterator)
	for i := 2; i < typ.NumIn()-1; i++ {
		v := reflect.New(typ.In(i)).Elem()
		if v.Kind() == reflect.String {
			v.SetString("id_1")
		} else {
			v.FieldByName("Limit").Set(reflect.ValueOf(clerk.Set(3)))
		}
		args = append(args, v)
	}
	seq := call(t, client, f.iterator, args)[0]
	yield := reflect.MakeFunc(seq.Type().In(0), func(in []reflect.Value) []reflect.Value {
		failed, _ = in[1].Interface().(error)
		if failed == nil {
			item := in[0].Elem()
			if field := item.FieldByName("ID"); field.IsValid() {
				ids = append(ids, field.String())
			} else {
				ids = append(ids, item.FieldByName("Token").String())
			}
			if id := ids[len(ids)-1]; slices.Index(ids, id) < len(ids)-1 {
				t.Errorf("%s: %s comes twice", f.field, id)
			}
		}
		return []reflect.Value{reflect.ValueOf(len(ids) < 100)}
	})
	seq.Call([]reflect.Value{yield})
	return ids, failed
}

// check looks at how the pages were asked for.
func (s *shelf) check(t *testing.T, f function, requests int) {
	t.Helper()
	byCursor := slices.Contains(cursors, f.field)
	if byCursor && requests > 1 {
		requests = len(s.queries) // a cursor goes by the size of the page alone
	}
	if requests > 0 && len(s.queries) != requests || len(s.queries) > 6 {
		t.Errorf("%s: %d requests, want %d: %q", f.field, len(s.queries), requests, s.queries)
	}
	for i, q := range s.queries {
		r := httptest.NewRequest(q[:3], "/?"+q[4:], nil)
		offset, after := r.FormValue("offset"), r.FormValue("starting_after")
		if r.FormValue("limit") != "3" || (i > 0 && !byCursor) != (offset != "") || (i > 0 && byCursor) != (after != "") {
			t.Errorf("%s: request %d is %s", f.field, i, q)
		}
	}
}
