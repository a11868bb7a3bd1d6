package examples

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func schema(t *testing.T, text string) *openapi3.SchemaRef {
	t.Helper()
	var s openapi3.SchemaRef
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

func text(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestObjects makes every property and branch, and leaves out what a mode does.
func TestObjects(t *testing.T) {
	t.Parallel()
	const union = `{"type":"object","required":["a"],
		"properties":{"a":{"type":"boolean"},"b":{"type":"boolean","nullable":true},"c":{"type":"array","items":{"type":"boolean"}}},
		"discriminator":{"propertyName":"k"},
		"oneOf":[
			{"type":"object","required":["k"],"properties":{"k":{"type":"string","enum":["one"]},"x":{"type":"boolean"}}},
			{"type":"object","required":["k"],"properties":{"k":{"type":"string","enum":["two"]},"y":{"type":"boolean"}}}]}`
	for mode, want := range map[Mode]string{
		Full:     `[{"a":true,"b":true,"c":[true,true],"k":"one","x":true},{"a":true,"b":true,"c":[true,true],"k":"two","y":true}]`,
		Required: `[{"a":true,"k":"one"},{"a":true,"k":"two"}]`,
		Nulls:    `[{"a":true,"b":null,"c":[true,true],"k":"one","x":true},{"a":true,"b":null,"c":[true,true],"k":"two","y":true}]`,
	} {
		m := &Maker{Mode: mode}
		if got := text(t, m.All(schema(t, union))); got != want {
			t.Errorf("%s:\n got %s\nwant %s", mode, got, want)
		}
	}
}

// TestParts lets a later part of an allOf narrow an earlier one, and gives a
// property that is required and nowhere declared.
func TestParts(t *testing.T) {
	t.Parallel()
	m := &Maker{Mode: Required}
	got := text(t, m.All(schema(t, `{"allOf":[
		{"type":"object","properties":{"s":{"type":"string","enum":["a","b"]},"t":{"type":"boolean"}}},
		{"type":"object","required":["s","t","u"],"properties":{"s":{"type":"string","enum":["b"]}}}]}`)))
	if want := `[{"s":"b","t":true,"u":"undeclared"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestEnums makes an example for each value, and no value twice in one array.
func TestEnums(t *testing.T) {
	t.Parallel()
	s := schema(t, `{"type":"object","properties":{"e":{"type":"string","enum":["a","b","c"]},
		"l":{"type":"array","uniqueItems":true,"items":{"type":"string","enum":["a","b","c"]}}}}`)
	if got, want := text(t, (&Maker{}).All(s)), `[{"e":"a","l":["a","b"]}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want := `[{"e":"a","l":["a","b"]},{"e":"b","l":["c"]},{"e":"c","l":["a","b"]}]`
	if got := text(t, (&Maker{Enums: true}).All(s)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestScalars keeps within limits, patterns and formats, and repeats nothing.
func TestScalars(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"type":"integer"}`, `{"type":"integer","format":"int32"}`, `{"type":"integer","minimum":1,"maximum":500}`,
		`{"type":"integer","minimum":0,"exclusiveMinimum":true,"maximum":20}`, `{"type":"number","format":"double"}`,
		`{"type":"number","minimum":0,"maximum":100}`, `{"type":"string","minLength":40}`, `{"type":"string","maxLength":3}`,
		`{"type":"string","format":"email"}`, `{"type":"string","format":"date-time"}`, `{"type":"string","format":"date"}`,
		`{"type":"string","pattern":"^(user|org)_\\w{27}$"}`, `{"type":"string","pattern":"^ak_[0-9A-F]{32}$"}`,
	} {
		m, s := &Maker{}, schema(t, text)
		first, second := m.All(s)[0], m.All(s)[0]
		if first == second {
			t.Errorf("%s: twice %v", text, first)
		}
		for _, v := range []any{first, second} {
			if tm, ok := v.(Time); ok {
				v = string(tm)
			}
			if err := s.Value.VisitJSON(v); err != nil {
				t.Errorf("%s: %v: %v", text, v, err)
			}
		}
	}
	pattern := `^(\S(.*\S)?)?$`
	if got := (&Maker{}).All(schema(t, `{"type":"string","pattern":"^(\\S(.*\\S)?)?$"}`))[0].(string); got == "" || !regexp.MustCompile(pattern).MatchString(got) {
		t.Errorf("%q does not match %s", got, pattern)
	}
}
