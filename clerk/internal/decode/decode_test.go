package decode_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

type account struct {
	ID       string             `json:"id"`
	Count    *int               `json:"count"`
	Tags     []string           `json:"tags"`
	Contacts map[string]contact `json:"contacts"`
	Union    union              `json:"union"`
	Reversed reversed           `json:"reversed"`
	Quoted   int                `json:"quoted,string"`
	Secret   string             `json:"-"`
	Untagged int
	embedded
}

type contact struct {
	Email string `json:"email"`
}

type embedded struct {
	Inner int `json:"inner"`
}

// union keeps its JSON beside its fields.
type union struct {
	Raw  string `json:"-"`
	Kind int    `json:"kind"`
}

func (u *union) UnmarshalJSON(b []byte) error {
	type plain union
	u.Raw = string(b)
	if err := json.Unmarshal(b, (*plain)(u)); err != nil {
		return err
	}
	if u.Kind < 0 {
		return errUnknownKind
	}
	return nil
}

var (
	errUnknownKind = errors.New("unknown kind")
	errNotAPair    = errors.New("not a pair")
)

// reversed is decoded from a pair by decodeReversed.
type reversed struct{ First, Second int }

func decodeReversed(d *decode.Decoder, raw []byte, out any, path string) bool {
	r, ok := out.(*reversed)
	if !ok {
		return false
	}
	var pair []json.RawMessage
	if json.Unmarshal(raw, &pair) != nil || len(pair) != 2 {
		d.Fail(path, errNotAPair)
		return true
	}
	d.Value(pair[0], &r.Second, decode.Member(path, "second"))
	d.Value(pair[1], &r.First, decode.Member(path, "first"))
	return true
}

func TestPartialKeepsWhatFitsAndReportsTheFirstMismatch(t *testing.T) {
	t.Parallel()
	zero := 0
	for _, test := range []struct {
		name, raw string
		path      string
		mismatch  string // the JSON type that does not fit, empty for other errors
		err       error
		want      account
	}{
		{"member", `{"id":1,"tags":["a"]}`, "id", "number", nil, account{Tags: []string{"a"}}},
		{"member in another case", `{"ID":true,"id2":1}`, "ID", "bool", nil, account{}},
		{"exact name before another case", `{"ID":"upper","id":"exact","tags":1}`, "tags", "number", nil, account{ID: "exact"}},
		{"pointer", `{"id":"x","count":"many"}`, "count", "string", nil, account{ID: "x", Count: &zero}},
		{"element", `{"tags":["a",{},"c"]}`, "tags[1]", "object", nil, account{Tags: []string{"a", "", "c"}}},
		{
			"entry, in order of the names", `{"contacts":{"b":{"email":1},"a":{"email":2},"c":{"email":"c"}}}`, "contacts.a.email", "number", nil,
			account{Contacts: map[string]contact{"a": {}, "b": {}, "c": {"c"}}},
		},
		{"array for an object", `{"id":"x","contacts":[1]}`, "contacts", "array", nil, account{ID: "x"}},
		{"object for an array", `{"id":"x","tags":{"a":1}}`, "tags", "object", nil, account{ID: "x"}},
		{"decoder of its own", `{"id":"x","union":{"kind":"a"}}`, "union.kind", "string", nil, account{ID: "x", Union: union{Raw: `{"kind":"a"}`}}},
		{"decoder of its own, error of its own", `{"id":"x","union":{"kind":-1}}`, "union", "", errUnknownKind, account{ID: "x", Union: union{Raw: `{"kind":-1}`, Kind: -1}}},
		{"custom", `{"id":"x","reversed":[1,"two"]}`, "reversed.first", "string", nil, account{ID: "x", Reversed: reversed{Second: 1}}},
		{"custom that fails", `{"id":"x","reversed":[1]}`, "reversed", "", errNotAPair, account{ID: "x"}},
		{"untagged", `{"Untagged":"x","id":"x"}`, "Untagged", "string", nil, account{ID: "x"}},
		{"embedded", `{"inner":"x","id":"x"}`, "inner", "string", nil, account{ID: "x"}},
		{"ignored members", `{"-":1,"Secret":1,"secret":1,"id":7}`, "id", "number", nil, account{}},
		{"nothing but the first", `{"id":1,"tags":2,"count":"x"}`, "id", "number", nil, account{Count: &zero}},
		{"root", `["x"]`, "", "array", nil, account{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got account
			path, err := decode.Partial([]byte(test.raw), &got, decodeReversed)
			var mistyped *json.UnmarshalTypeError
			switch {
			case path != test.path || err == nil:
				t.Errorf("path %q, error %v; want path %q", path, err, test.path)
			case test.err != nil && !errors.Is(err, test.err):
				t.Errorf("error %v, want %v", err, test.err)
			case test.err == nil && (!errors.As(err, &mistyped) || kindOf(mistyped) != test.mismatch):
				t.Errorf("error %v, want one about a JSON %s", err, test.mismatch)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(account{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// kindOf returns the JSON type of e without the value that may follow it.
func kindOf(e *json.UnmarshalTypeError) string {
	kind, _, _ := strings.Cut(e.Value, " ")
	return kind
}

func TestPartialWithoutAMismatch(t *testing.T) {
	t.Parallel()
	var got account
	path, err := decode.Partial([]byte(`{"id":"x","union":{"kind":1}}`), &got, nil)
	if path != "" || err != nil || got.ID != "x" || got.Union.Kind != 1 {
		t.Errorf("%+v, path %q, error %v", got, path, err)
	}
}

func FuzzPartialFailsWhereEncodingJSONFails(f *testing.F) {
	for _, seed := range []string{
		`{"id":"x","count":1,"tags":["a"],"contacts":{"a":{"email":"b"}},"union":{"kind":1}}`, `{"id":1}`, `{"tags":[1,[],{}]}`,
		`{"contacts":{"":{"email":1}}}`, `{"union":{"kind":-1}}`, `[]`, `null`, `{"quoted":"7"}`, `{"quoted":7}`, `{"Inner":""}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		var want, got account
		wantErr := json.Unmarshal(raw, &want)
		path, err := decode.Partial(raw, &got, nil)
		if (err == nil) != (wantErr == nil) || err == nil && path != "" {
			t.Fatalf("%q: path %q, error %v; encoding/json says %v", raw, path, err, wantErr)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(account{})); wantErr == nil && diff != "" {
			t.Fatalf("%q (-want +got):\n%s", raw, diff)
		}
	})
}
