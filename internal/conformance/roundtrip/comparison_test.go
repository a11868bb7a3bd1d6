package roundtrip

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

type inner struct {
	N *int64 `json:"n,omitempty"`
}

type union struct {
	Raw  json.RawMessage `json:"-"`
	Kind string          `json:"kind"`
}

type outer struct {
	S    string                 `json:"s"`
	In   []inner                `json:"in"`
	At   clerk.Timestamp        `json:"at"`
	M    clerk.Metadata         `json:"m"`
	O    clerk.Optional[string] `json:"o"`
	U    *union                 `json:"u"`
	Any  any                    `json:"any"`
	Dict map[string]string      `json:"dict"`
}

const sent = `{"s":"a","in":[{"n":1},{"n":2}],"at":3,"m":{"k":9007199254740993},"o":"b",
	"u":{"kind":"x","more":1},"any":[1.5],"dict":{"k":"v"}}`

func value(t *testing.T, text string) (tree any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	object := tree.(map[string]any)
	object["at"] = int64(object["at"].(float64))
	for _, in := range object["in"].([]any) {
		in.(map[string]any)["n"] = int64(in.(map[string]any)["n"].(float64))
	}
	object["m"] = json.RawMessage(`{"k":9007199254740993}`)
	return tree
}

func read(t *testing.T) *outer {
	t.Helper()
	var v outer
	if err := json.Unmarshal([]byte(sent), &v); err != nil {
		t.Fatal(err)
	}
	v.U.Raw = json.RawMessage(`{"kind":"x","more":1}`)
	return &v
}

// TestCompareEqual checks that equal values are counted.
func TestCompareEqual(t *testing.T) {
	t.Parallel()
	c := comparison{ignore: "more"}
	c.compare(value(t, sent), read(t))
	if len(c.problems) > 0 || c.values != 9 {
		t.Errorf("%d values, %q", c.values, c.problems)
	}
}

// TestCompareDifferent checks that every difference is found, and can be skipped.
func TestCompareDifferent(t *testing.T) {
	t.Parallel()
	for path, change := range map[string]func(*outer){
		"s":       func(v *outer) { v.S = "other" },
		"in":      func(v *outer) { v.In = v.In[:1] },
		"in[1].n": func(v *outer) { v.In[1].N = nil },
		"at":      func(v *outer) { v.At++ },
		"m":       func(v *outer) { v.M = clerk.NewMetadata(map[string]any{"k": 9007199254740992}) },
		"o":       func(v *outer) { v.O = clerk.Null[string]() },
		"u":       func(v *outer) { v.U.Raw = json.RawMessage(`{"kind":"x"}`) },
		"u.kind":  func(v *outer) { v.U.Kind = "" },
		"any":     func(v *outer) { v.Any = nil },
		"dict.k":  func(v *outer) { v.Dict = map[string]string{"l": "v"} },
	} {
		v := read(t)
		change(v)
		c := comparison{ignore: "more"}
		c.compare(value(t, sent), v)
		if len(c.problems) != 1 || !strings.HasPrefix(c.problems[0], path+": ") {
			t.Errorf("%s: %q", path, c.problems)
		}
		c = comparison{ignore: "more", skip: path}
		if c.compare(value(t, sent), v); len(c.problems) > 0 {
			t.Errorf("%s, skipped: %q", path, c.problems)
		}
	}
}

// TestCompareMembers checks that a member without a field is found, and a field without
// a member.
func TestCompareMembers(t *testing.T) {
	t.Parallel()
	var c comparison
	c.compare(value(t, sent), read(t))
	if len(c.problems) != 1 || !strings.HasPrefix(c.problems[0], "u.more: ") {
		t.Errorf("%q", c.problems)
	}
	tree := value(t, sent)
	delete(tree.(map[string]any), "s")
	c = comparison{ignore: "more"}
	c.compare(tree, read(t))
	if len(c.problems) != 1 || !strings.HasPrefix(c.problems[0], "s: ") {
		t.Errorf("%q", c.problems)
	}
}

// TestCompareNull checks that null differs from a zero value, unless the comparison is
// lenient.
func TestCompareNull(t *testing.T) {
	t.Parallel()
	tree := map[string]any{"s": nil, "in": nil, "o": nil, "u": nil}
	v := &outer{O: clerk.Null[string]()}
	var c comparison
	if c.compare(tree, v); len(c.problems) != 1 || !strings.HasPrefix(c.problems[0], "s: ") {
		t.Errorf("%q", c.problems)
	}
	c = comparison{lenient: true}
	if c.compare(tree, v); len(c.problems) > 0 {
		t.Errorf("%q", c.problems)
	}
}
