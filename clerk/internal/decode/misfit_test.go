package decode_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

func TestWhatDoesNotFitIsLeftOutAndTheFirstIsReported(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, raw string
		path      string
		kind      string // the JSON type that does not fit, empty for other errors
		err       error
		want      account
	}{
		{"text", `{"id":1,"tags":["a"]}`, "id", "number", nil, account{Tags: []string{"a"}}},
		{"named text", `{"kind":[],"id":"x"}`, "kind", "array", nil, account{ID: "x"}},
		{"pointer to text", `{"name":{},"id":"x"}`, "name", "object", nil, account{ID: "x"}},
		{"pointer", `{"id":"x","count":"many"}`, "count", "string", nil, account{ID: "x"}},
		{"boolean", `{"active":"true","id":"x"}`, "active", "string", nil, account{ID: "x"}},
		{"number", `{"ratio":true,"id":"x"}`, "ratio", "bool", nil, account{ID: "x"}},
		{"number beyond its type", `{"ratio":1e400,"id":"x"}`, "ratio", "number", nil, account{ID: "x"}},
		{"negative number", `{"unsigned":-1,"id":"x"}`, "unsigned", "number", nil, account{ID: "x"}},
		{"time", `{"at":"yesterday","id":"x"}`, "at", "string", nil, account{ID: "x"}},
		{"time as a number", `{"at":1,"id":"x"}`, "at", "number", nil, account{ID: "x"}},
		{"element", `{"tags":["a",{},"c"]}`, "tags[1]", "object", nil, account{Tags: []string{"a", "", "c"}}},
		{"element of elements", `{"nested":[[],[{"a":1},{"b":"x"}]],"id":"x"}`, "nested[1][1].b", "string", nil, account{
			ID: "x", Nested: [][]map[string]*int{{}, {{"a": new(1)}, {"b": nil}}},
		}},
		{"the first of two", `{"contacts":{"b":{"email":1},"a":{"email":2},"c":{"email":"c"}}}`, "contacts.b.email", "number", nil, account{
			Contacts: map[string]contact{"a": {}, "b": {}, "c": {Email: "c"}},
		}},
		{"array for a map", `{"id":"x","contacts":[1]}`, "contacts", "array", nil, account{ID: "x"}},
		{"object for an array", `{"id":"x","tags":{"a":1}}`, "tags", "object", nil, account{ID: "x"}},
		{"text for an object", `{"id":"x","primary":"a","fallback":1}`, "primary", "string", nil, account{ID: "x"}},
		{"within a pointer", `{"primary":{"email":1,"phone":"p"}}`, "primary.email", "number", nil, account{Primary: &contact{Phone: "p"}}},
		{"within itself", `{"friends":[{"id":"a"},{"friends":[null,{"id":true}]}]}`, "friends[1].friends[1].id", "bool", nil, account{
			Friends: []*account{{ID: "a"}, {Friends: []*account{nil, {}}}},
		}},
		{"union", `{"id":"x","union":{"kind":"a","mail":{"email":"m"}}}`, "union.kind", "string", nil, account{
			ID: "x", Union: union{Raw: json.RawMessage(`{"kind":"a","mail":{"email":"m"}}`), Mail: contact{Email: "m"}},
		}},
		{"text for a union, which keeps it", `{"unions":["new",{"kind":1}]}`, "unions[0]", "string", nil, account{
			Unions: []*union{{Raw: json.RawMessage(`"new"`)}, {Raw: json.RawMessage(`{"kind":1}`), Kind: 1}},
		}},
		{"number within any value", `{"any":[1,{"a":1e400}],"id":"x"}`, "any[1].a", "number", nil, account{
			ID: "x", Any: []any{1.0, map[string]any{"a": nil}},
		}},
		{"UnmarshalJSON", `{"custom":7,"id":"x"}`, "custom", "", errRefused, account{ID: "x", Custom: custom{"7"}}},
		{"UnmarshalText", `{"text":"longer","id":"x"}`, "text", "", errRefused, account{ID: "x", Text: 6}},
		{"array of another type", `{"pair":"x","id":"x"}`, "pair", "string", nil, account{ID: "x"}},
		{"not in a string", `{"quoted":"x","id":"x"}`, "quoted", "", nil, account{ID: "x"}},
		{"plan of its own", `{"reversed":{"First":1,"Second":"x"},"id":"x"}`, "reversed.Second", "string", nil, account{ID: "x", Reversed: reversed{Second: 1}}},
		{"plan of its own that refuses", `{"reversed":[],"id":"x"}`, "reversed", "", errRefused, account{ID: "x"}},
		{"untagged", `{"Untagged":"x","id":"x"}`, "Untagged", "string", nil, account{ID: "x"}},
		{"embedded", `{"inner":"x","id":"x"}`, "inner", "string", nil, account{ID: "x"}},
		{"embedded pointer", `{"deep":7,"id":"x"}`, "deep", "number", nil, account{ID: "x", Deeper: &Deeper{}}},
		{"names that are not looked for", `{"-":1,"Secret":1,"secret":1,"ID":1,"id":7}`, "id", "number", nil, account{}},
		{"name with an escape", `{"\u0069d":7,"tags":["a"]}`, "id", "number", nil, account{Tags: []string{"a"}}},
		{"empty name", `{"contacts":{"":{"email":1}}}`, `contacts[""].email`, "number", nil, account{Contacts: map[string]contact{"": {}}}},
		{"root", `["x"]`, "", "array", nil, account{}},
		{"root, after blanks", ` "x" `, "", "string", nil, account{}},
		{"after a member with the same text", `{"zz":{"id":7},"id":7}`, "id", "number", nil, account{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got account
			err := into(test.raw, &got)
			m, ok := errors.AsType[*decode.Misfit](err)
			if !ok {
				t.Fatal(err)
			}
			var mistyped *json.UnmarshalTypeError
			switch {
			case m.Path != test.path:
				t.Errorf("path %q, want %q", m.Path, test.path)
			case test.err != nil && !errors.Is(err, test.err):
				t.Errorf("error %v, want %v", err, test.err)
			case test.kind != "" && (!errors.As(err, &mistyped) || !strings.HasPrefix(mistyped.Value, test.kind)):
				t.Errorf("error %v, want one about a JSON %s", err, test.kind)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(account{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheErrorOfATimeDoesNotShowIt(t *testing.T) {
	t.Parallel()
	var v struct{ At time.Time }
	if err := into(`{"At":"hunter2"}`, &v); !isMisfit(err) || strings.Contains(err.Error(), "hunter2") {
		t.Error(err)
	}
}

func TestNullLeavesZero(t *testing.T) {
	t.Parallel()
	var want, got account
	var names []string
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(encode(t, account{Deeper: &Deeper{}})), &members); err != nil {
		t.Fatal(err)
	}
	for name := range members {
		names = append(names, `"`+name+`":null`)
	}
	if err := into("{"+strings.Join(names, ",")+"}", &got); err != nil {
		t.Error(err)
	}
	// These are told of null.
	want.Union.Raw, want.Claims, want.Custom.Text, want.Deeper = json.RawMessage("null"), json.RawMessage("null"), "null", &Deeper{}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(account{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOfAMemberThatIsThereTwiceTheLastOneCounts(t *testing.T) {
	t.Parallel()
	const twice = `{"fallback":{"email":"a"},"id":"a","fallback":{"phone":"b"},"tags":["a","b"],"id":null,"tags":["c"],"primary":{"email":"a"},"primary":{"phone":"b"},
		"contacts":{"a":{"email":"a"},"a":{"phone":"b"}},"contacts":{"b":{}},"name":"x","name":null,"inner":1,"inner":null}`
	var got account
	if err := into(twice, &got); err != nil {
		t.Error(err)
	}
	want := account{
		Fallback: contact{Phone: "b"}, Tags: []string{"c"}, Primary: &contact{Phone: "b"}, Contacts: map[string]contact{"b": {}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(account{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
