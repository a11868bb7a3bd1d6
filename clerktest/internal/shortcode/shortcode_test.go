package shortcode_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest/internal/shortcode"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	scope := map[string]any{
		"user": map[string]any{
			"name": "Ada", "age": json.Number("36"), "null": nil, "false": false, "empty": "",
			"list": []any{"a", json.Number("1")},
		},
	}
	for name, tc := range map[string]struct{ value, want any }{
		"no string":           {json.Number("7"), json.Number("7")},
		"no shortcode":        {"plain { text }}", "plain { text }}"},
		"string":              {"{{user.name}}", "Ada"},
		"number":              {"{{user.age}}", json.Number("36")},
		"list":                {"{{user.list}}", []any{"a", json.Number("1")}},
		"spaces":              {" {{ user.name }} ", "Ada"},
		"inside text":         {"{{user.name}} is {{user.age}}", "Ada is 36"},
		"list inside text":    {"list: {{user.list}}", `list: ["a",1]`},
		"missing":             {"{{user.nothing}}", nil},
		"missing inside text": {"<{{user.nothing}}>", "<null>"},
		"member of a string":  {"{{user.name.first}}", nil},
		"unclosed":            {"{{user.name", "{{user.name"},
		"after null":          {"{{user.null || user.name}}", "Ada"},
		"after false":         {"{{user.false || 'text'}}", "text"},
		"after empty":         {"{{user.empty || 'text'}}", ""},
		"last operand":        {"{{user.null || user.false}}", false},
		"bars in quotes":      {"{{user.null || 'a || b'}}", "a || b"},
		"true":                {"{{true}}", true},
		"literal number":      {"{{1.5}}", json.Number("1.5")},
		"nested":              {map[string]any{"a": []any{"{{user.name}}"}}, map[string]any{"a": []any{"Ada"}}},
	} {
		if diff := cmp.Diff(tc.want, shortcode.Expand(tc.value, scope)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
