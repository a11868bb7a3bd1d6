package examples

import "testing"

// TestEnums checks that each value has an example, and that no array repeats a value.
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
