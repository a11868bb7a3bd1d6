package clerk_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestAbsentNullAndZeroEncodeDifferently(t *testing.T) {
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
	one, same := clerk.Set(1), clerk.Set(1)
	if one != same || clerk.Set(0) == clerk.Null[int]() || clerk.Null[int]() == (clerk.Optional[int]{}) {
		t.Error("Optionals of a comparable type are not compared by state and value")
	}
}

func TestOptionalsAreEqualIfTheirValuesAre(t *testing.T) {
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
		t.Error("metadata is not compared by content")
	}
}

func FuzzOptionalRoundTrip(f *testing.F) {
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
			t.Fatalf("%q decoded into %+v", raw, o)
		}
		again, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		var back clerk.Optional[any]
		if err := json.Unmarshal(again, &back); err != nil || !back.Equal(o) {
			t.Fatalf("%q became %q after a round trip, error %v", raw, again, err)
		}
	})
}
