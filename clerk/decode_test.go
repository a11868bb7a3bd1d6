package clerk_test

import (
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestDecodeKeepsWhatFits(t *testing.T) {
	t.Parallel()
	got := thing{ID: "before", Tags: []string{"before"}}
	err := clerk.Decode([]byte(`{"count":"many","created_at":1.7e12,"email_addresses":[{"id":"a"},{"id":7}]}`), &got)
	e, ok := errors.AsType[*clerk.DecodeError](err)
	if !ok || e.StatusCode != 0 || e.Operation != "" || e.Path != "count" || e.Partial != &got || e.Body != nil {
		t.Fatalf("%#v", e)
	}
	if err.Error() != "clerk: cannot decode: count: JSON string does not fit int" {
		t.Error(err)
	}
	at := clerk.Timestamp(1_700_000_000_000)
	if diff := cmp.Diff(thing{At: &at, Mails: []mail{{"a"}, {}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := clerk.Decode([]byte(` {"ID":7,"Id":7,"id":"a"} `), &got); err != nil || got.ID != "a" || got.Mails != nil {
		t.Errorf("%+v, %v", got, err)
	}
	if err := clerk.Decode([]byte(`null`), &got); err != nil || got.ID != "" {
		t.Errorf("null is %+v, %v", got, err)
	}
}

func TestDecodeRefusesWhatItCannotDecode(t *testing.T) {
	t.Parallel()
	var v thing
	var absent *thing
	for _, test := range []struct {
		raw  string
		out  any
		want string
	}{
		{`{"id":"hunter2"`, &v, "unexpected end of JSON input"},
		{``, &v, "unexpected end of JSON input"},
		{"\ufeff{}", &v, "invalid character 'ï' looking for beginning of value"},
		{`["hunter2"]`, &v, "JSON array does not fit clerk_test.thing"},
		{`{}`, nil, "json: Unmarshal(nil)"},
		{`{}`, v, "json: Unmarshal(non-pointer clerk_test.thing)"},
		{`{}`, absent, "json: Unmarshal(nil *clerk_test.thing)"},
	} {
		err := clerk.Decode([]byte(test.raw), test.out)
		e, ok := errors.AsType[*clerk.DecodeError](err)
		if !ok || e.Partial != nil || e.Path != "" || err.Error() != "clerk: cannot decode: "+test.want {
			t.Errorf("%q into a %T: %v", test.raw, test.out, err)
		}
	}
}

// Whole numbers of responses may be written with a fraction of zero or an exponent, as
// gateways and recorded fixtures do.
func TestNumbersOfResponsesMayBeWrittenInAnyWay(t *testing.T) {
	t.Parallel()
	type item struct {
		At      clerk.Timestamp      `json:"at"`
		Maybe   *clerk.Timestamp     `json:"maybe"`
		Members int                  `json:"members_count"`
		Limit   clerk.Optional[int8] `json:"limit"`
	}
	var got clerk.List[item]
	const raw = `{"total_count":1e0,"data":[{"at":1.7e12,"maybe":1700000000000.999,"members_count":2.0,"limit":12e1},{"at":-0.5,"maybe":17e11}]}`
	if err := clerk.Decode([]byte(raw), &got); err != nil {
		t.Fatal(err)
	}
	at := clerk.Timestamp(1_700_000_000_000)
	want := clerk.List[item]{TotalCount: clerk.Set[int64](1), Data: []*item{{At: at, Maybe: &at, Members: 2, Limit: clerk.Set[int8](120)}, {Maybe: &at}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	err := clerk.Decode([]byte(`{"total_count":1.5,"data":[{"members_count":2}]}`), &got)
	if e, ok := errors.AsType[*clerk.DecodeError](err); !ok || e.Path != "total_count" || !got.TotalCount.IsZero() || got.Data[0].Members != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

// A type that embeds one of this package has its methods, but is not decoded like it.
func TestATypeThatEmbedsAnotherDecodesItself(t *testing.T) {
	t.Parallel()
	var v struct {
		Own    ownMetadata
		Number ownNumber
		Time   struct{ time.Time }
	}
	const raw = `{"Own":"text","Number":{"n":7},"Time":"2026-01-02T03:04:05Z"}`
	if err := clerk.Decode([]byte(raw), &v); err != nil || v.Own.text != `"text"` || v.Number.N != 7 || v.Time.Year() != 2026 {
		t.Errorf("%+v, %v", v, err)
	}
}

type ownMetadata struct {
	clerk.Metadata
	text string
}

func (m *ownMetadata) UnmarshalJSON(b []byte) error {
	m.text = string(b)
	return nil
}

type ownNumber struct {
	clerk.Optional[string]
	N int
}

func (n *ownNumber) UnmarshalJSON(b []byte) error {
	var v struct{ N int }
	err := json.Unmarshal(b, &v)
	n.N = v.N
	return err
}

// One entry that is kept must not hold the memory of the others, in every form of a list.
// The test counts the memory of the whole program, so it is not parallel.
func TestAKeptEntryOfAListHoldsNoOther(t *testing.T) {
	type named struct{ Name *string } // many pointers have room in one block
	entry := `{"Name":"` + strings.Repeat("text ", 40) + `"}`
	list := "[" + strings.Repeat(entry+",", 5000) + entry + "]"
	for _, raw := range []string{list, `{"data":` + list + `,"total_count":9}`, `{"total_count":9,"m2m_tokens":` + list + `}`} {
		kept := make([]*named, 10)
		before := inUse()
		for i := range kept {
			var got clerk.List[named]
			if err := clerk.Decode([]byte(raw), &got); err != nil {
				t.Fatal(err)
			}
			kept[i] = got.Data[100*i]
		}
		held := (inUse() - before) / int64(len(kept))
		if runtime.KeepAlive(kept); held > 2<<10 {
			t.Errorf("%.20s…: a kept entry holds %d bytes", raw, held)
		}
	}
}

func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestDecodeCopiesTheBody(t *testing.T) {
	t.Parallel()
	raw := []byte(`{"id":"a","tags":["b"],"public_metadata":{"k":"v"},"by_name":{"key":{"id":"c"}},"email_addresses":[{"id":"` + strings.Repeat("long", 500) + `"}]}`)
	var want, got thing
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if err := clerk.Decode(raw, &got); err != nil {
		t.Fatal(err)
	}
	clear(raw)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after the body was overwritten (-want +got):\n%s", diff)
	}
}
