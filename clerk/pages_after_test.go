package clerk_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

// cursor serves the numbers below total, starting after the id in the request. If it
// is stuck, it ignores that id.
type cursor struct {
	total    int
	stuck    bool
	requests []string
}

func (c *cursor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests = append(c.requests, r.URL.RawQuery)
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	from := 0
	if after := r.FormValue("starting_after"); after != "" && !c.stuck {
		last, _ := strconv.Atoi(after)
		from = last + 1
	}
	data := []mail{}
	for i := from; i < min(c.total, from+limit); i++ {
		data = append(data, mail{strconv.Itoa(i)})
	}
	_ = json.NewEncoder(w).Encode(data)
}

func TestPagesAfter(t *testing.T) {
	t.Parallel()
	var start clerk.Optional[string]
	var absent clerk.Optional[int]
	for _, test := range []struct {
		name     string
		server   cursor
		limit    clerk.Optional[int]
		after    clerk.Optional[string]
		stop     int
		first    string
		want     int
		requests []string
		err      error
	}{
		{"empty", cursor{}, absent, start, 0, "", 0, []string{"limit=100"}, nil},
		{"a short page", cursor{total: 7}, absent, start, 0, "0", 7, []string{"limit=100"}, nil},
		{"full pages", cursor{total: 4}, clerk.Set(2), start, 0, "0", 4, []string{"limit=2", "limit=2&starting_after=1", "limit=2&starting_after=3"}, nil},
		{"after an item", cursor{total: 5}, clerk.Set(2), clerk.Set("1"), 0, "2", 3, []string{"limit=2&starting_after=1", "limit=2&starting_after=3"}, nil},
		{"a loop that breaks", cursor{total: 5}, clerk.Set(2), start, 2, "0", 2, []string{"limit=2"}, nil},
		{"a server that does not advance", cursor{total: 5, stuck: true}, clerk.Set(2), start, 0, "0", 2, []string{"limit=2", "limit=2&starting_after=1"}, clerk.ErrNotAdvancing},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := test.server
			c := newClient(t, server.ServeHTTP)
			var ids []string
			var failed error
			for m, err := range clerk.PagesAfter(test.limit, test.after, func(limit clerk.Optional[int], after clerk.Optional[string]) (*clerk.List[mail], error) {
				req := get("/things")
				req.Query = clerk.Query{"limit": limit, "starting_after": after}
				return clerk.Call[clerk.List[mail]](t.Context(), c, req, clerk.WithMaxRetries(0))
			}, mailID) {
				if failed = err; err != nil {
					break
				}
				if ids = append(ids, m.ID); len(ids) == test.stop {
					break
				}
			}
			if !errors.Is(failed, test.err) || len(ids) != test.want || len(ids) > 0 && ids[0] != test.first || !slices.IsSortedFunc(ids, byNumber) {
				t.Errorf("items %q, error %v", ids, failed)
			}
			if diff := cmp.Diff(test.requests, server.requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func byNumber(a, b string) int {
	m, _ := strconv.Atoi(a)
	n, _ := strconv.Atoi(b)
	return m - n
}

// PagesAfter sends nothing for a page that is too large, and yields an error of the API.
func TestPagesAfterFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var calls int
	page := func(clerk.Optional[int], clerk.Optional[string]) (*clerk.List[mail], error) {
		calls++
		return nil, broken
	}
	for _, test := range []struct {
		limit int
		calls int
	}{{501, 0}, {500, 1}} {
		calls = 0
		var failed error
		for m, err := range clerk.PagesAfter(clerk.Set(test.limit), clerk.Optional[string]{}, page, mailID) {
			if m != nil {
				t.Error("an item was yielded with the error")
			}
			failed = err
		}
		if calls != test.calls || failed == nil || errors.Is(failed, broken) != (test.calls == 1) {
			t.Errorf("limit %d: %d calls, error %v", test.limit, calls, failed)
		}
	}
}
