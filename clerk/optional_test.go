package clerk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

type patch struct {
	Name  clerk.Optional[string]         `json:"name,omitzero"`
	Age   clerk.Optional[int]            `json:"age,omitzero"`
	Tags  clerk.Optional[[]string]       `json:"tags,omitzero"`
	Attrs clerk.Optional[map[string]int] `json:"attrs,omitzero"`
	Meta  clerk.Optional[clerk.Metadata] `json:"meta,omitzero"`
}

func TestAbsentNullAndZeroAreThreeThings(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]patch{
		`{}`:                        {},
		`{"name":"ada","age":7}`:    {Name: clerk.Set("ada"), Age: clerk.Set(7)},
		`{"name":"","age":0}`:       {Name: clerk.Set(""), Age: clerk.Set(0)},
		`{"name":null,"age":null}`:  {Name: clerk.Null[string](), Age: clerk.Null[int]()},
		`{"tags":[],"attrs":{}}`:    {Tags: clerk.Set([]string{}), Attrs: clerk.Set(map[string]int{})},
		`{"tags":null,"meta":null}`: {Tags: clerk.Null[[]string](), Meta: clerk.Null[clerk.Metadata]()},
		`{"meta":{"a":1}}`:          {Meta: clerk.SetMetadata(map[string]any{"a": 1})},
	} {
		got, err := json.Marshal(p)
		if err != nil || string(got) != want {
			t.Errorf("%s, error %v; want %s", got, err, want)
		}
		var back patch
		if err := json.Unmarshal([]byte(want), &back); err != nil {
			t.Errorf("%s: %v", want, err)
		}
		if diff := cmp.Diff(p, back); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want, diff)
		}
	}
}

func TestOptional(t *testing.T) {
	t.Parallel()
	text := "a"
	for _, test := range []struct {
		name   string
		o      clerk.Optional[string]
		value  string
		set    bool
		isNull bool
		isZero bool
		or     string
	}{
		{"zero", clerk.Optional[string]{}, "", false, false, true, "x"},
		{"nil", clerk.From[string](nil), "", false, false, true, "x"},
		{"null", clerk.Null[string](), "", false, true, false, "x"},
		{"set", clerk.Set("a"), "a", true, false, false, "a"},
		{"empty", clerk.Set(""), "", true, false, false, ""},
		{"pointer", clerk.From(&text), "a", true, false, false, "a"},
	} {
		value, set := test.o.Get()
		if value != test.value || set != test.set || test.o.IsNull() != test.isNull || test.o.IsZero() != test.isZero || test.o.Or("x") != test.or {
			t.Errorf("%s: Get %q, %v; IsNull %v; IsZero %v; Or %q", test.name, value, set, test.o.IsNull(), test.o.IsZero(), test.o.Or("x"))
		}
	}
	if clerk.Set(1) != clerk.Set(1) || clerk.Set(0) == clerk.Null[int]() || clerk.Null[int]() == (clerk.Optional[int]{}) {
		t.Error("an Optional of a comparable type does not compare")
	}
}

func TestOptionalsAreEqualWhereTheirValuesAre(t *testing.T) {
	t.Parallel()
	now := time.Now()
	if !clerk.Set(now).Equal(clerk.Set(now.UTC())) || clerk.Set(now).Equal(clerk.Null[time.Time]()) {
		t.Error("times are not compared as times")
	}
	if !clerk.Set([]int{1}).Equal(clerk.Set([]int{1})) || clerk.Set([]int{1}).Equal(clerk.Set([]int{2})) {
		t.Error("slices are not compared by their elements")
	}
	if clerk.Set(0).Equal(clerk.Optional[int]{}) || !clerk.Null[int]().Equal(clerk.Null[int]()) {
		t.Error("states are not compared")
	}
	a, b := clerk.SetMetadata(json.RawMessage(`{"a":1,"b":2}`)), clerk.SetMetadata(json.RawMessage(`{"b":2,"a":1}`))
	if !a.Equal(b) || !cmp.Equal(a, b) {
		t.Error("metadata is not compared by what it says")
	}
}

func FuzzAnOptionalComesBack(f *testing.F) {
	for _, seed := range []string{`null`, `{"a":[1,null]}`, `"x"`, `12345678901234567890`, ` [ ] `, `{`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var o clerk.Optional[any]
		if err := json.Unmarshal(raw, &o); err != nil {
			if json.Valid(raw) && !strings.Contains(err.Error(), "exceeded max depth") && !strings.Contains(err.Error(), "cannot unmarshal number") {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		if _, set := o.Get(); set == o.IsNull() || o.IsZero() {
			t.Fatalf("%q is %+v", raw, o)
		}
		again, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		var back clerk.Optional[any]
		if err := json.Unmarshal(again, &back); err != nil || !back.Equal(o) {
			t.Fatalf("%q came back as %q (%v)", raw, again, err)
		}
	})
}

func TestTimestampsAreMilliseconds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 12, 1, 2, 3, 4_999_999, time.UTC)
	if got := clerk.At(at); got != 1778547723004 || !got.Time().Equal(at.Truncate(time.Millisecond)) {
		t.Errorf("%d, %v", got, got.Time())
	}
	var v struct{ At *clerk.Timestamp }
	if err := json.Unmarshal([]byte(`{"At":1778547723004}`), &v); err != nil || *v.At != clerk.At(at) {
		t.Errorf("%v, error %v", v.At, err)
	}
	if text := fmt.Sprint(v.At, clerk.Timestamp(0)); text != "2026-05-12T01:02:03.004Z 1970-01-01T00:00:00.000Z" {
		t.Errorf("printed as %s", text)
	}
	if raw, err := json.Marshal(v); err != nil || string(raw) != `{"At":1778547723004}` {
		t.Errorf("encoded as %s, error %v", raw, err)
	}
}

func TestMetadataSurvivesAReadAndAWrite(t *testing.T) {
	t.Parallel()
	const raw = `{"z":12345678901234567890,"a":1.10,"html":"<b>","e":1e3,"deep":{"n":null}}`
	var sent string
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = string(body)
		write(w, `{"id":"a","public_metadata":`+raw+`}`)
	})
	v, err := clerk.Call[thing](t.Context(), c, get("/things"))
	if err != nil || v.Extra.String() != raw {
		t.Fatalf("%s, error %v", v.Extra, err)
	}
	var members map[string]json.RawMessage
	if err := v.Extra.Decode(&members); err != nil {
		t.Fatal(err)
	}
	members["new"] = json.RawMessage(`true`)
	for _, m := range []clerk.Optional[clerk.Metadata]{clerk.Set(v.Extra), clerk.SetMetadata(v.Extra), clerk.SetMetadata(members), clerk.SetMetadata(json.RawMessage(raw))} {
		if _, err := clerk.Call[thing](t.Context(), c, post("/things", patch{Meta: m})); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{`"z":12345678901234567890`, `"a":1.10`, `"e":1e3`, `"deep":{"n":null}`} {
			if !strings.Contains(sent, part) {
				t.Errorf("sent %s without %s", sent, part)
			}
		}
	}
}

func TestMetadataThatIsNoObjectIsRefusedByTheCall(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	var null map[string]any
	var zero clerk.Metadata
	for _, v := range []any{nil, null, zero, 1, "hunter2", []string{"hunter2"}, []byte(`{}`), json.RawMessage(`[]`), json.RawMessage(`{`), make(chan int)} {
		m := clerk.SetMetadata(v)
		_, err := clerk.Call[thing](t.Context(), c, post("/things", patch{Meta: m}))
		var refused *clerk.RequestError
		if !errors.As(err, &refused) || refused.Field != "body" || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "MarshalJSON") {
			t.Errorf("%T: %v, want a RequestError of the body", v, err)
		}
		got, _ := m.Get()
		if got.IsZero() || got.Decode(&v) == nil {
			t.Errorf("%T: the error is not kept", v)
		}
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	var m clerk.Metadata
	v := 7
	if err := m.Decode(&v); err != nil || v != 7 || !m.IsZero() || m.String() != "" {
		t.Errorf("absent metadata: %v, error %v", v, err)
	}
	for raw, want := range map[string]string{`null`: "", `{}`: "{}", `{"b":[1],"a":null}`: `{"b":[1],"a":null}`} {
		if err := json.Unmarshal([]byte(raw), &m); err != nil || m.String() != want {
			t.Errorf("%s: %q, error %v", raw, m, err)
		}
		if back, err := json.Marshal(m); err != nil || string(back) != raw {
			t.Errorf("%s came back as %s, error %v", raw, back, err)
		}
	}
	for raw, kind := range map[string]string{`[1]`: "array", `"secret"`: "string", `true`: "bool", `7`: "number"} {
		var mistyped *json.UnmarshalTypeError
		if err := json.Unmarshal([]byte(raw), &m); !errors.As(err, &mistyped) || mistyped.Value != kind || !m.IsZero() {
			t.Errorf("%s: %q, error %v, want one that names the %s", raw, m, err, kind)
		}
	}
	equal := func(a, b string) bool {
		var x, y clerk.Metadata
		_, _ = x.UnmarshalJSON([]byte(a)), y.UnmarshalJSON([]byte(b))
		return x.Equal(y)
	}
	if !equal(`{"a":1}`, `{ "a" : 1 }`) || equal(`{"a":1}`, `{"a":2}`) || equal(`{"a":9007199254740993}`, `{"a":9007199254740992}`) || equal(`{}`, `null`) || !equal(`null`, `null`) {
		t.Error("metadata is not compared by what it says")
	}
}
