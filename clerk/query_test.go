package clerk_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

type order string

func TestQueriesHaveOneParameterPerValue(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Uri", r.RequestURI)
		write(w, `{}`)
	})
	var nothing *int
	seven := 7
	for _, test := range []struct {
		query clerk.Query
		want  string
	}{
		{nil, ""},
		{clerk.Query{"a": clerk.Optional[int]{}, "b": []string(nil), "d": nil, "e": nothing}, ""},
		{clerk.Query{"limit": clerk.Set(0), "paginated": clerk.Set(false), "query": clerk.Set("")}, "?limit=0&paginated=false&query="},
		{clerk.Query{"limit": clerk.Set(100), "offset": clerk.Set(int64(7)), "f": clerk.Set(1.5), "p": &seven}, "?f=1.5&limit=100&offset=7&p=7"},
		{clerk.Query{"order_by": clerk.Set(order("-created_at")), "plain": order("+x")}, "?order_by=-created_at&plain=%2Bx"},
		{clerk.Query{"user_id": []string{"b", "a", "b"}, "o": []order{"x"}, "n": []int{1, 2}}, "?n=1&n=2&o=x&user_id=b&user_id=a&user_id=b"},
		{clerk.Query{"q": []clerk.Optional[string]{clerk.Set("x")}, "any": []any{"y", 1, true}}, "?any=y&any=1&any=true&q=x"},
		{clerk.Query{"q": "a b+c&d=e?f#g/h:é%"}, "?q=a+b%2Bc%26d%3De%3Ff%23g%2Fh%3A%C3%A9%25"},
		{clerk.Query{"x[]&": []string{","}}, "?x%5B%5D%26=%2C"},
		{clerk.Query{"at": clerk.Timestamp(1778547723004), "f": 1e21}, "?at=1778547723004&f=1000000000000000000000"},
	} {
		var meta clerk.Response
		req := get("/things")
		req.Query = test.query
		if _, err := clerk.Call[thing](t.Context(), c, req, clerk.WithResponse(&meta)); err != nil {
			t.Errorf("%v: %v", test.query, err)
			continue
		}
		if got := meta.Header.Get("Uri"); got != "/trap/v1/things"+test.want {
			t.Errorf("%v was sent as %s, want %s", test.query, got, test.want)
		}
	}
}

func FuzzQueryRoundTrip(f *testing.F) {
	f.Add("name", "a b+c&d=e", "é")
	f.Add("user_id[]", "%", "\xff;")
	var sent *url.URL
	c, err := clerk.New(testKey, clerk.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
		sent = r.URL
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	})))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name, a, b string) {
		req := get("/things")
		req.Query = clerk.Query{name: []string{a, b}}
		if _, err := clerk.Call[clerk.None](t.Context(), c, req); err != nil {
			t.Fatal(err)
		}
		got, err := url.ParseQuery(sent.RawQuery)
		if diff := cmp.Diff(url.Values{name: {a, b}}, got); diff != "" || err != nil {
			t.Fatalf("%s: error %v (-want +got):\n%s", sent.RawQuery, err, diff)
		}
	})
}
