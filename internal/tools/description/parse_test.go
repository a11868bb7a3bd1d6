package description

import (
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, want string }{
		{"nothing", "", "empty"},
		{"a scalar", "hello\n", "neither a YAML mapping"},
		{"a list", "- a\n", "neither a YAML mapping"},
		{"not YAML", "a: [b\n", "yaml"},
		{"two documents", "a: 1\n---\nb: 2\n", "more than one"},
		{"a key twice", "a:\n  b: 1\n  c: 2\n  b: 3\n", `line 4: "b" appears twice`},
		{"a key that is not a name", "? [a, b]\n: 1\n", "plain name"},
		{"a merge key", "a: &x {b: 1}\nc:\n  <<: *x\n", "plain name"},
		{"an alias in itself", "a: &x\n  b: *x\n", "contains itself"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(tt.doc))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Parse = %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestParseBoundsAliases(t *testing.T) {
	t.Parallel()
	var doc strings.Builder
	doc.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 9 {
		from, to := string(rune('0'+i)), string(rune('1'+i))
		doc.WriteString("a" + to + ": &a" + to + " [" + strings.Repeat("*a"+from+", ", 9) + "*a" + from + "]\n")
	}
	if _, err := Parse([]byte(doc.String())); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("Parse = %v", err)
	}
}

func TestParseReplacesAliases(t *testing.T) {
	t.Parallel()
	doc, err := Parse([]byte("a: &x {b: [1]}\nc: *x\n"))
	if err != nil {
		t.Fatal(err)
	}
	Set(Get(doc, "a"), "b", "changed")
	if got := Value(Get(doc, "c")); got != `{"b":[1]}` {
		t.Errorf("c is %s: the copies share their content", got)
	}
}

func TestParseReadsJSON(t *testing.T) {
	t.Parallel()
	doc, err := Parse([]byte(`{"openapi": "3.0.3", "paths": {"/a": {"get": {"deprecated": true}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := Value(doc); got != `{"openapi":"3.0.3","paths":{"/a":{"get":{"deprecated":true}}}}` {
		t.Errorf("got %s", got)
	}
}
