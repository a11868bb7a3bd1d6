package examples

import "testing"

// TestObjects checks that examples have every property and branch of their mode.
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

// TestAllOf checks that a later part of an allOf narrows an earlier one, and that a
// required property which nothing declares is there.
func TestAllOf(t *testing.T) {
	t.Parallel()
	m := &Maker{Mode: Required}
	got := text(t, m.All(schema(t, `{"allOf":[
		{"type":"object","properties":{"s":{"type":"string","enum":["a","b"]},"t":{"type":"boolean"}}},
		{"type":"object","required":["s","t","u"],"properties":{"s":{"type":"string","enum":["b"]}}}]}`)))
	if want := `[{"s":"b","t":true,"u":"undeclared"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
