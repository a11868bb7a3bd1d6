package shortcode

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	scope := map[string]any{
		"user": map[string]any{
			"id": "user_1", "first_name": "Ada", "nickname": nil, "banned": false, "logins": json.Number("3"),
			"public_metadata": map[string]any{"plan": map[string]any{"name": "gold"}, "tags": []any{"a", "b"}},
		},
	}
	for text, want := range map[string]any{
		"plain":                              "plain",
		"{{user.id}}":                        "user_1",
		" {{ user.id }} ":                    "user_1",
		"id: {{user.id}}":                    "id: user_1",
		"{{user.logins}}":                    json.Number("3"),
		"n={{user.logins}}":                  "n=3",
		"{{user.banned}}":                    false,
		"{{user.nickname}}":                  nil,
		"x{{user.nickname}}":                 "xnull",
		"{{user.missing.id}}":                nil,
		"{{nobody}}":                         nil,
		"{{user.public_metadata.plan.name}}": "gold",
		"{{user.public_metadata.tags}}":      []any{"a", "b"},
		"t={{user.public_metadata.tags}}":    `t=["a","b"]`,
		"{{user.nickname || 'nobody'}}":      "nobody",
		"{{user.banned || user.first_name}}": "Ada",
		"{{user.nickname || user.banned}}":   false,
		"{{'a || b'}}":                       "a || b",
		"{{true}}":                           true,
		"{{42}}":                             json.Number("42"),
		"{{}}":                               nil,
		"{{''}}":                             "",
		"{{user.id}}{{user.first_name}}":     "user_1Ada",
		"{{user.id":                          "{{user.id",
	} {
		if diff := cmp.Diff(want, Expand(text, scope)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestExpandGoesIntoListsAndObjects(t *testing.T) {
	t.Parallel()
	template := map[string]any{"a": []any{"{{id}}", map[string]any{"b": "{{id}}"}, json.Number("1"), nil, true}}
	want := map[string]any{"a": []any{"u", map[string]any{"b": "u"}, json.Number("1"), nil, true}}
	if diff := cmp.Diff(want, Expand(template, map[string]any{"id": "u"})); diff != "" {
		t.Errorf("expanded (-want +got):\n%s", diff)
	}
	if template["a"].([]any)[0] != "{{id}}" {
		t.Error("the template was changed")
	}
}
