package clerk_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

// shopping stands for the parameters of an operation with required fields.
type shopping struct {
	Items  []item                         `json:"items"`
	Prices map[string]item                `json:"prices"`
	Notes  clerk.Optional[[]item]         `json:"notes,omitzero"`
	More   clerk.Optional[item]           `json:"more,omitzero"`
	Other  *item                          `json:"other"`
	Extra  clerk.Optional[clerk.Metadata] `json:"extra,omitzero"`
}

type item struct {
	Tags []string `json:"tags"`
}

// needs stands for the parameters of an operation that must have an object.
type needs struct {
	Claims clerk.Metadata `json:"claims"`
	At     time.Time      `json:"at"`
}

// sendParams sends params and returns the body that arrived.
func sendParams(t *testing.T, req clerk.Request) (body string, err error) {
	t.Helper()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		body = string(raw)
		write(w, `{}`)
	})
	_, err = clerk.Call[thing](t.Context(), c, req)
	return body, err
}

func TestWhatIsNilInParamsIsSentEmpty(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, want string
		params     any
	}{
		{"required", `{"items":[],"prices":{},"other":null}`, shopping{}},
		{"nested in a slice", `{"items":[{"tags":[]},{"tags":["a"]}],"prices":{},"other":null}`, shopping{Items: []item{{}, {[]string{"a"}}}}},
		{"nested in an Optional", `{"items":[],"prices":{},"notes":[{"tags":[]}],"more":{"tags":[]},"other":null}`, shopping{Notes: clerk.Set([]item{{}}), More: clerk.Set(item{})}},
		{"behind a pointer", `{"items":[],"prices":{},"other":{"tags":[]}}`, shopping{Other: &item{}}},
		{"set", `{"tags":[],"attrs":{},"meta":{}}`, patch{Tags: clerk.Set([]string(nil)), Attrs: clerk.Set(map[string]int(nil)), Meta: clerk.Set(clerk.Metadata{})}},
		{"null", `{"tags":null,"attrs":null,"meta":null}`, patch{Tags: clerk.Null[[]string](), Attrs: clerk.Null[map[string]int](), Meta: clerk.Null[clerk.Metadata]()}},
		{"a list", `[]`, []item(nil)},
		{"anything", `{"any":[]}`, struct {
			Any clerk.Optional[any] `json:"any"`
		}{clerk.Set[any]([]string(nil))}},
		{"bytes and raw JSON", `{"bytes":null,"raw":null}`, struct {
			Bytes []byte          `json:"bytes"`
			Raw   json.RawMessage `json:"raw"`
		}{}},
	} {
		req := post("/things", nil)
		req.Params = test.params
		if got, err := sendParams(t, req); got != test.want || err != nil {
			t.Errorf("%s: sent %s, want %s; error %v", test.name, got, test.want, err)
		}
	}
}

func TestParamsOfTheCallerDoNotChange(t *testing.T) {
	t.Parallel()
	p := shopping{Items: []item{{}}, Notes: clerk.Set([]item{{}}), Other: &item{}}
	req := post("/things", nil)
	req.Params = p
	if _, err := sendParams(t, req); err != nil {
		t.Fatal(err)
	}
	if notes, _ := p.Notes.Get(); p.Items[0].Tags != nil || notes[0].Tags != nil || p.Other.Tags != nil || p.Prices != nil {
		t.Errorf("the params became %+v", p)
	}
}

func TestABodyIsEncodedAsEncodingJSONDoes(t *testing.T) {
	t.Parallel()
	for _, body := range []any{shopping{}, needs{}, []item(nil), shopping{Notes: clerk.Set([]item{{}})}} {
		want, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := sendParams(t, post("/things", body)); got != string(want) || err != nil {
			t.Errorf("sent %s, want %s; error %v", got, want, err)
		}
	}
}

func TestARequiredObjectThatIsAbsentIsRefused(t *testing.T) {
	t.Parallel()
	complete := needs{Claims: clerk.NewMetadata(map[string]any{})}
	for _, test := range []struct {
		name, field string
		params      any
	}{
		{"metadata", "claims", needs{}},
		{"metadata in a list", "claims", []needs{complete, {}}},
		{"nothing", "", complete},
	} {
		req := post("/things", nil)
		req.Params = test.params
		body, err := sendParams(t, req)
		refused, is := errors.AsType[*clerk.RequestError](err)
		if is != (test.field != "") || is && refused.Field != test.field || is == (body != "") {
			t.Errorf("%s: sent %q, error %v", test.name, body, err)
		}
	}
}

func TestARequestHasOneBody(t *testing.T) {
	t.Parallel()
	for _, req := range []clerk.Request{
		{Body: 1, Params: item{}}, {Body: 1, Form: clerk.Form{}}, {Params: item{}, Form: clerk.Form{}},
	} {
		req.Method, req.Path = http.MethodPost, "/things"
		body, err := sendParams(t, req)
		if _, refused := errors.AsType[*clerk.RequestError](err); !refused || body != "" {
			t.Errorf("sent %q, error %v", body, err)
		}
	}
}

func TestNilAndEmptyAreEqual(t *testing.T) {
	t.Parallel()
	for name, equal := range map[string]bool{
		"slices":           clerk.Set([]string(nil)).Equal(clerk.Set([]string{})),
		"maps":             clerk.Set(map[string]int{}).Equal(clerk.Set(map[string]int(nil))),
		"metadata":         clerk.Set(clerk.Metadata{}).Equal(clerk.SetMetadata(map[string]int{})),
		"slices in an any": clerk.Set[any]([]string(nil)).Equal(clerk.Set[any]([]string{})),
		"nothing":          clerk.Set[any](nil).Equal(clerk.Set[any](nil)),
		"by cmp":           cmp.Equal(patch{Tags: clerk.Set([]string(nil))}, patch{Tags: clerk.Set([]string{})}),
	} {
		if !equal {
			t.Errorf("%s: nil and empty differ", name)
		}
	}
	if clerk.Set([]string(nil)).Equal(clerk.Null[[]string]()) || clerk.Set([]string{}).Equal(clerk.Optional[[]string]{}) {
		t.Error("what is set equals what is not")
	}
}
