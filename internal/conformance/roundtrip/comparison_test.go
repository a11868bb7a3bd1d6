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

// TestSame counts what agrees.
func TestSame(t *testing.T) {
	t.Parallel()
	c := Comparison{Ignore: "more"}
	c.Compare(value(t, sent), read(t))
	if len(c.Problems) > 0 || c.Values != 9 {
		t.Errorf("%d values, %q", c.Values, c.Problems)
	}
}

// TestDifferences finds everything that is read otherwise than it was sent.
func TestDifferences(t *testing.T) {
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
		c := Comparison{Ignore: "more"}
		c.Compare(value(t, sent), v)
		if len(c.Problems) != 1 || !strings.HasPrefix(c.Problems[0], path+": ") {
			t.Errorf("%s: %q", path, c.Problems)
		}
		c = Comparison{Ignore: "more", Skip: path}
		if c.Compare(value(t, sent), v); len(c.Problems) > 0 {
			t.Errorf("%s, skipped: %q", path, c.Problems)
		}
	}
}

// TestMembers finds a member without a field, and a field without a member.
func TestMembers(t *testing.T) {
	t.Parallel()
	var c Comparison
	c.Compare(value(t, sent), read(t))
	if len(c.Problems) != 1 || !strings.HasPrefix(c.Problems[0], "u.more: ") {
		t.Errorf("%q", c.Problems)
	}
	tree := value(t, sent)
	delete(tree.(map[string]any), "s")
	c = Comparison{Ignore: "more"}
	c.Compare(tree, read(t))
	if len(c.Problems) != 1 || !strings.HasPrefix(c.Problems[0], "s: ") {
		t.Errorf("%q", c.Problems)
	}
}

// TestNull tells null from zero, unless it is to be lenient.
func TestNull(t *testing.T) {
	t.Parallel()
	tree := map[string]any{"s": nil, "in": nil, "o": nil, "u": nil}
	v := &outer{O: clerk.Null[string]()}
	var c Comparison
	if c.Compare(tree, v); len(c.Problems) != 1 || !strings.HasPrefix(c.Problems[0], "s: ") {
		t.Errorf("%q", c.Problems)
	}
	c = Comparison{Lenient: true}
	if c.Compare(tree, v); len(c.Problems) > 0 {
		t.Errorf("%q", c.Problems)
	}
}
