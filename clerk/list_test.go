package clerk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

var decoders = map[string]func([]byte, any) error{"clerk": clerk.Decode, "encoding/json": json.Unmarshal}

func TestListsDecodeFromEveryForm(t *testing.T) {
	t.Parallel()
	two := []*mail{{"a"}, {"b"}}
	for raw, want := range map[string]clerk.List[mail]{
		`[{"id":"a"},{"id":"b"}]`: {Data: two},
		" \n[]":                   {Data: []*mail{}},
		`{"data":[{"id":"a"},{"id":"b"}],"total_count":7}`: {Data: two, TotalCount: clerk.Set[int64](7)},
		`{"total_count":0,"data":[]}`:                      {Data: []*mail{}, TotalCount: clerk.Set[int64](0)},
		`{"data":null,"total_count":0}`:                    {TotalCount: clerk.Set[int64](0)},
		`{"total_count":0}`:                                {TotalCount: clerk.Set[int64](0)},
		`{"data":[],"total_count":null}`:                   {Data: []*mail{}, TotalCount: clerk.Null[int64]()},
		`null`:                                             {},
		`{"data":null}`:                                    {},
		`{"data":null,"m2m_tokens":[{"id":"a"}]}`:          {Data: two[:1]},
		`[{"id":"a"},null]`:                                {Data: []*mail{{"a"}, {}}},
		`{"data":[null],"total_count":1}`:                  {Data: []*mail{{}}, TotalCount: clerk.Set[int64](1)},
		`{"m2m_tokens":[{"id":"a"},{"id":"b"}],"total_count":2,"more":{}}`: {Data: two, TotalCount: clerk.Set[int64](2)},
	} {
		for name, decode := range decoders {
			var got clerk.List[mail]
			if err := decode([]byte(raw), &got); err != nil {
				t.Errorf("%s: %s: %v", name, raw, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", name, raw, diff)
			}
		}
	}
	for _, raw := range []string{`{}`, `{"object":"user"}`, `{"data":{}}`, `"x"`, `7`, `true`} {
		for name, decode := range decoders {
			var got clerk.List[mail]
			if err := decode([]byte(raw), &got); err == nil {
				t.Errorf("%s: %s decoded into %+v, want an error", name, raw, got)
			}
		}
	}
}

func FuzzAListDecodesOrFails(f *testing.F) {
	for _, seed := range []string{`[{"id":"a"}]`, `{"data":[],"total_count":1}`, `{"m2m_tokens":[{}]}`, `{}`, `[`, `null`, `{"data":[1]}`, "\ufeff[]"} {
		f.Add([]byte(seed))
	}
	var body []byte
	c, err := clerk.New(testKey, clerk.WithTransport(roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: -1}, nil
	})))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		body = raw
		l, err := clerk.Call[clerk.List[thing]](t.Context(), c, get("/things"))
		var e *clerk.DecodeError
		switch {
		case err == nil && l != nil:
			if _, err := json.Marshal(l); err != nil {
				t.Fatalf("%q: %v", raw, err)
			}
		case !errors.As(err, &e) || strings.Contains(err.Error(), "\n"):
			t.Fatalf("%q: %v", raw, err)
		case e.Partial != nil && e.Path == "":
			t.Fatalf("%q: Partial without a Path: %v", raw, err)
		}
	})
}
