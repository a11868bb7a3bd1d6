package growth

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/conformance/example"
)

// TestWalk visits each place once for each form of the object around it, and
// changes the tree in that place.
func TestWalk(t *testing.T) {
	t.Parallel()
	tree := map[string]any{
		"kind": example.Enum("a"),
		"list": []any{
			map[string]any{"n": int64(1)},
			map[string]any{"n": int64(2)},
			map[string]any{"text": "b"},
			map[string]any{"text": "c", "none": example.Undeclared("")},
		},
		"open": example.Dictionary{"key": map[string]any{"deep": true}},
	}
	var visited []string
	w := walker{seen: map[string]bool{}, visit: func(at site) { visited = append(visited, at.path) }}
	w.walk("", "", tree, 9)
	w.walk("", "", clone(tree), 9)
	want := []string{"kind", "list", "list[3]", "list[3].text", "list[2]", "list[2].text", "list[1]", "list[1].n", "open", "open.key"}
	if diff := cmp.Diff(want, visited); diff != "" {
		t.Errorf("visited (-want +got):\n%s", diff)
	}
	top := 0
	w = walker{seen: map[string]bool{}, visit: func(at site) {
		top++
		at.set(nil)
		at.remove()
	}}
	w.walk("", "", tree, 1)
	if top != 3 || len(tree) != 0 {
		t.Errorf("%d places, %v is left", top, tree)
	}
}

// TestClone shares nothing.
func TestClone(t *testing.T) {
	t.Parallel()
	shared := map[string]any{"n": int64(1)}
	tree := clone([]any{shared, shared}).([]any)
	tree[0].(map[string]any)["n"] = int64(2)
	if diff := cmp.Diff([]any{map[string]any{"n": int64(2)}, map[string]any{"n": int64(1)}}, tree); diff != "" {
		t.Error(diff)
	}
}
