package jsonfold

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
	"github.com/google/go-cmp/cmp"
)

type inner struct {
	Role string `json:"role"`
}

type own struct{ Role string }

func (*own) UnmarshalJSON([]byte) error { return nil }

type (
	flat    struct{ Role string }
	renamed struct {
		Inner inner `json:"x"`
	}
	pointer struct{ Inner **inner }
	list    struct{ Inner []inner }
	array   struct{ Inner [1]inner }
	table   struct{ Inner map[string]inner }
	loose   struct{ Inner map[string]any }
	open    struct{ Inner any }
	raw     struct{ Inner json.RawMessage }
	custom  struct{ Inner own }
	ignored struct {
		Inner inner `json:"-"`
	}
	hidden    struct{ inner inner }
	embedded  struct{ inner }
	deep      struct{ *embedding }
	embedding struct{ Inner inner }
	endless   struct {
		*endless
		Next *endless
		Role string
	}
)

func TestNamesThatDifferOnlyInCase(t *testing.T) {
	t.Parallel()
	const twice, nested = `{"role":1,"ROLE":2}`, `{"inner":{"role":1,"Role":2}}`
	for name, test := range map[string]struct {
		text   string
		target any
		want   bool // whether it is refused
	}{
		"struct":                        {twice, new(flat), true},
		"struct, other names":           {`{"a":1,"A":2}`, new(flat), true},
		"struct, one name":              {`{"ROLE":1}`, new(flat), false},
		"struct, nested":                {nested, new(embedding), true},
		"struct, nested elsewhere":      {`{"other":{"role":1,"Role":2}}`, new(embedding), false},
		"field with another name":       {`{"X":{"role":1,"Role":2}}`, new(renamed), true},
		"field with another name, own":  {nested, new(renamed), false},
		"pointers":                      {nested, new(pointer), true},
		"list":                          {`{"inner":[{},{"role":1,"Role":2}]}`, new(list), true},
		"array":                         {`{"inner":[{"role":1,"Role":2}]}`, new(array), true},
		"map of structs":                {`{"inner":{"a":{"role":1,"Role":2}}}`, new(table), true},
		"map of structs, names of map":  {`{"inner":{"a":{},"A":{}}}`, new(table), false},
		"map":                           {twice, new(map[string]any), false},
		"map in a struct":               {nested, new(loose), false},
		"any":                           {twice, new(any), false},
		"any in a struct":               {nested, new(open), false},
		"any that holds a struct":       {nested, &open{Inner: new(inner)}, true},
		"any that holds a plain struct": {nested, &open{Inner: inner{}}, false},
		"raw":                           {nested, new(raw), false},
		"type that decodes itself":      {nested, new(custom), false},
		"the same at the top":           {twice, new(own), false},
		"ignored field":                 {nested, new(ignored), false},
		"unexported field":              {nested, &hidden{inner: inner{}}, false},
		"embedded struct":               {twice, new(embedded), true},
		"embedded pointer, nested":      {nested, new(deep), true},
		"embeds itself":                 {`{"next":{"next":{"role":1,"Role":2}}}`, &endless{endless: nil}, true},
		"time":                          {`{"T":"2026-01-01T00:00:00Z"}`, new(struct{ T time.Time }), false},
		"Kelvin sign":                   {`{"key":1,"\u212Aey":2}`, new(flat), true},
		"long s":                        {`{"s":1,"\u017f":2}`, new(flat), true},
		"accents are letters":           {`{"e":1,"\u00e9":2}`, new(flat), false},
		"no object where one belongs":   {`{"inner":[1]}`, new(embedding), false},
		"nil":                           {twice, nil, false},
		"nil pointer":                   {twice, (*flat)(nil), true},
	} {
		if err := Check(test.text, test.target); (err != nil) != test.want {
			t.Errorf("%s: error is %v, want one: %t", name, err, test.want)
		}
	}
}

// Whatever encoding/json decodes into one field has one folded name.
func TestFoldingIsThatOfEncodingJSON(t *testing.T) {
	t.Parallel()
	type letter struct {
		K int `json:"k"`
		S int `json:"s"`
		E int `json:"é"`
	}
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		name, _ := json.Marshal(string(r))
		var got letter
		if err := json.Unmarshal([]byte(`{`+string(name)+`:1}`), &got); err != nil {
			t.Fatal(err)
		}
		for field, matched := range map[string]int{"k": got.K, "s": got.S, "é": got.E} {
			if same := fold(string(r)) == fold(field); same != (matched == 1) {
				t.Errorf("%q and %q have one folded name: %t; encoding/json: %t", r, field, same, matched == 1)
			}
		}
	}
}

// FuzzCheck checks that what is accepted means the same in whatever order its members
// stand, and that what is refused has two names that differ only in case.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{
		`{"role":"a","ROLE":"b"}`, `{"role":"a","other":{"x":1,"X":2}}`, `{"inner":{"role":"a","Role":"b"}}`, `{"Inner":{},"inner":{"role":"a"}}`,
		`{"inners":[{},{"role":"a","rolE":"b"}]}`, `{"one":[{"role":"a","Role":"b"}]}`, `{"table":{"a":{"role":"x"},"A":{"role":"y"}}}`,
		`{"table":{"a":{"role":"x","Role":"y"}}}`, `{"any":{"a":1,"A":2}}`, `{"loose":{"a":1,"A":2}}`, `{"Key":1,"\u212aey":2}`, `{"\u017f":"a","s":"b"}`,
		`{"next":{"next":{"role":"a","ROLE":"b"}}}`, `{"name":"a","NAME":"b"}`, `{"name":{"role":"a","Role":"b"}}`, `{"role":1,"roles":2}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		members, ok := strictMembers(text)
		if !ok {
			return
		}
		if err := Check(text, new(fuzzed)); err != nil {
			if !hasFoldedTwins(members) {
				t.Fatalf("%s: %v", text, err)
			}
			return
		}
		var forth, back fuzzed
		forthErr, backErr := json.Unmarshal(ordered(t, members, 1), &forth), json.Unmarshal(ordered(t, members, -1), &back)
		if diff := cmp.Diff(forth, back); diff != "" || (forthErr == nil) != (backErr == nil) {
			t.Errorf("%s in two orders (%v, %v):\n%s", text, forthErr, backErr, diff)
		}
	})
}

// fuzzed has a field of every kind that Check follows.
type fuzzed struct {
	Role   string `json:"role"`
	Key    int
	S      *string
	Inner  inner
	Inners []inner
	One    [1]*inner
	Table  map[string]inner
	Loose  map[string]any
	Any    any
	Next   *fuzzed
	Named
}

// Named is embedded, so it is exported.
type Named struct {
	Name any `json:"name"`
}

// strictMembers decodes text if it is what Check takes: a JSON object in which no name
// stands twice.
func strictMembers(text string) (members map[string]any, ok bool) {
	if !strictjson.Object(text, func(string, strictjson.Value) {}) {
		return nil, false
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	return members, decoder.Decode(&members) == nil
}

// ordered encodes v with the members of every object by name, upwards or downwards.
func ordered(t *testing.T, v any, direction int) []byte {
	var b []byte
	switch v := v.(type) {
	case map[string]any:
		names := slices.SortedFunc(maps.Keys(v), func(x, y string) int { return direction * strings.Compare(x, y) })
		for _, name := range names {
			b = append(append(append(append(b, ','), ordered(t, name, 0)...), ':'), ordered(t, v[name], direction)...)
		}
		return append(append([]byte{'{'}, bytes.TrimPrefix(b, []byte{','})...), '}')
	case []any:
		for _, element := range v {
			b = append(append(b, ','), ordered(t, element, direction)...)
		}
		return append(append([]byte{'['}, bytes.TrimPrefix(b, []byte{','})...), ']')
	default:
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// hasFoldedTwins reports whether an object anywhere in v has two names that differ only in
// case.
func hasFoldedTwins(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for a, value := range v {
			for b := range v {
				if a != b && strings.EqualFold(a, b) {
					return true
				}
			}
			if hasFoldedTwins(value) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, hasFoldedTwins)
	}
	return false
}
