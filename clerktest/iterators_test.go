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

// listServer serves pages of a list under every path, by cursor if the request has one,
// otherwise by offset. It refuses a cursor that is not in the list.
type listServer struct {
	ids      []string
	total    func(s *listServer, page int) any // total_count; a bare array if nil
	between  func(s *listServer)               // called before each request except the first
	empty    int                               // the number of the request that receives an empty page
	perPage  int                               // the most that it sends, 0 for as much as it is asked for
	stuck    bool                              // always serves the first page
	deletes  bool                              // the loop deletes each item
	requests []string
}

func (s *listServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(s.requests) > 0 && s.between != nil {
		s.between(s)
	}
	s.requests = append(s.requests, r.Method+" "+r.URL.RawQuery)
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	from, _ := strconv.Atoi(r.FormValue("offset"))
	if after := r.FormValue("starting_after"); after != "" {
		from = slices.Index(s.ids, after) + 1
		if from == 0 && !s.stuck {
			http.Error(w, `{"errors":[{"code":"form_resource_not_found"}]}`, http.StatusUnprocessableEntity)
			return
		}
	}
	if s.stuck {
		from = 0
	}
	if s.perPage > 0 {
		limit = s.perPage
	}
	page := []map[string]string{}
	for i := from; i < min(len(s.ids), from+limit) && len(s.requests) != s.empty; i++ {
		page = append(page, map[string]string{"id": s.ids[i], "token": s.ids[i]}) // some types have no ID
	}
	var answer any = page
	if s.total != nil {
		answer = map[string]any{"data": page, "total_count": s.total(s, len(page))}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// sevenIDs returns the initial items of a list.
func sevenIDs() []string { return []string{"i1", "i2", "i3", "i4", "i5", "i6", "i7"} }

// byCursor lists the operations whose iterators continue after an item, not at an
// offset.
var byCursor = []string{"ListUsers"}

// habit is a way in which a server may serve a list.
type habit struct {
	name     string
	shelf    listServer
	want     []string
	err      error
	requests int  // 0 for any number
	offset   bool // only where pages are requested by offset
}

var habits = []habit{
	{"a total", listServer{total: honest}, sevenIDs(), nil, 3, false},
	{"no total", listServer{}, sevenIDs(), nil, 4, false},
	{"no items", listServer{ids: []string{}, total: honest}, nil, nil, 1, false},
	{"full pages and no total", listServer{ids: sevenIDs()[:5]}, sevenIDs()[:5], nil, 3, false},
	{"full pages and a total", listServer{ids: sevenIDs()[:5], total: honest}, sevenIDs()[:5], nil, 2, false},
	{"a total that is too low", listServer{total: always(1)}, sevenIDs(), nil, 4, false},
	{"a total that is too high", listServer{total: always(1000)}, sevenIDs(), nil, 5, false},
	{"a total of nothing", listServer{total: always(0)}, sevenIDs(), nil, 4, false},
	{"a total of each page", listServer{total: func(_ *listServer, page int) any { return page }}, sevenIDs(), nil, 4, false},
	{"a total that is null", listServer{total: always(nil)}, sevenIDs(), nil, 4, false},
	{"pages of two", listServer{total: honest, perPage: 2}, sevenIDs(), nil, 6, true},
	{"pages of one item", listServer{ids: sevenIDs()[:3], total: honest, perPage: 1}, sevenIDs()[:3], nil, 5, true},
	{"an empty page in the middle", listServer{total: honest, empty: 2}, sevenIDs(), nil, 5, true},
	{"additions in front", listServer{between: grow}, sevenIDs(), nil, 0, false},
	{"additions in front and a total", listServer{between: grow, total: honest}, sevenIDs(), nil, 0, false},
	{"deletions in front", listServer{between: shrink}, sevenIDs(), nil, 7, false},
	{"deletions in front and a total", listServer{between: shrink, total: honest}, sevenIDs(), nil, 7, false},
	{"deletions by the loop", listServer{deletes: true}, sevenIDs(), nil, 5, false},
	{"deletions by the loop and a total", listServer{deletes: true, total: honest}, sevenIDs(), nil, 5, false},
	{"no advance", listServer{stuck: true}, sevenIDs()[:3], clerk.ErrNotAdvancing, 2, false},
	{"no advance and a different total each time", listServer{stuck: true, total: rising}, sevenIDs()[:3], clerk.ErrNotAdvancing, 2, false},
	{"no advance and additions", listServer{stuck: true, between: grow, total: honest}, append(sevenIDs()[:3], "new2", "new1"), clerk.ErrListChanged, 4, true},
}

func honest(s *listServer, _ int) any { return len(s.ids) }

func rising(s *listServer, _ int) any { return 100 + len(s.requests) }

func always(total any) func(*listServer, int) any { return func(*listServer, int) any { return total } }

func grow(s *listServer) {
	s.ids = append([]string{fmt.Sprintf("new%d", len(s.requests))}, s.ids...)
}

func shrink(s *listServer) { s.ids = s.ids[1:] }

// TestIterators iterates over every list in pages of three, on servers with each habit.
func TestIterators(t *testing.T) {
	t.Parallel()
	for _, h := range habits {
		t.Run(h.name, func(t *testing.T) {
			walked := 0
			for _, f := range functions {
				if f.iterator == nil || h.offset && slices.Contains(byCursor, f.field) {
					continue
				}
				walked++
				s := h.shelf
				if s.ids == nil {
					s.ids = sevenIDs()
				}
				got, err := s.walk(t, f)
				if !errors.Is(err, h.err) {
					t.Errorf("%s: %v", f.field, err)
				}
				if diff := cmp.Diff(h.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", f.field, diff)
				}
				s.checkRequests(t, f, h.requests)
			}
			if walked < 35 {
				t.Errorf("%d iterators", walked)
			}
		})
	}
}

// walk calls an iterator with pages of three and returns the IDs that it yields. It
// reports IDs that occur twice.
func (s *listServer) walk(t *testing.T, f function) (ids []string, failed error) {
	t.Helper()
	server := httptest.NewServer(s)
	defer server.Close()
	client, err := clerk.New("sk_test_walk", clerk.WithBaseURL(server.URL), clerk.WithMaxRetries(0))
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
	seq := callFunction(t, client, f.iterator, args)[0]
	yield := reflect.MakeFunc(seq.Type().In(0), func(in []reflect.Value) []reflect.Value {
		failed, _ = in[1].Interface().(error)
		if failed == nil {
			item := in[0].Elem()
			if field := item.FieldByName("ID"); field.IsValid() {
				ids = append(ids, field.String())
			} else {
				ids = append(ids, item.FieldByName("Token").String())
			}
			if s.deletes {
				s.ids = slices.DeleteFunc(s.ids, func(id string) bool { return id == ids[len(ids)-1] })
			}
			if id := ids[len(ids)-1]; slices.Index(ids, id) < len(ids)-1 {
				t.Errorf("%s: %s occurs twice", f.field, id)
			}
		}
		return []reflect.Value{reflect.ValueOf(len(ids) < 100)}
	})
	seq.Call([]reflect.Value{yield})
	return ids, failed
}

// checkRequests checks the requests that fetched the pages.
func (s *listServer) checkRequests(t *testing.T, f function, requests int) {
	t.Helper()
	byCursor := slices.Contains(byCursor, f.field)
	if byCursor && requests > 1 {
		requests = len(s.requests) // the end of a cursor depends only on the size of the page
	}
	if requests > 0 && len(s.requests) != requests || len(s.requests) > 7 {
		t.Errorf("%s: %d requests, want %d: %q", f.field, len(s.requests), requests, s.requests)
	}
	for i, q := range s.requests {
		r := httptest.NewRequest(q[:3], "/?"+q[4:], nil)
		offset, after := r.FormValue("offset"), r.FormValue("starting_after")
		if r.FormValue("limit") != "3" || (i > 0 && !byCursor) != (offset != "") ||
			!(byCursor && s.deletes) && (i > 0 && byCursor) != (after != "") {
			t.Errorf("%s: request %d is %s", f.field, i, q)
		}
	}
}
