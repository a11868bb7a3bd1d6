package roundtrip

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
)

// TestWalk checks that each place is found once per form of the object around it, and
// that a change there reaches the tree.
func TestWalk(t *testing.T) {
	t.Parallel()
	tree := map[string]any{
		"kind": examples.Enum("a"),
		"list": []any{
			map[string]any{"n": int64(1)},
			map[string]any{"n": int64(2)},
			map[string]any{"text": "b"},
			map[string]any{"text": "c", "none": examples.Undeclared("")},
		},
		"open": examples.Dictionary{"key": map[string]any{"deep": true}},
	}
	w := walker{seen: map[string]bool{}}
	w.walk("", "", tree, 1)
	w.walk("", "", clone(tree), 1)
	want := []string{"kind", "list", "list[3]", "list[3].text", "list[2]", "list[2].text", "list[1]", "list[1].n", "open", "open.key"}
	if diff := cmp.Diff(want, paths(w.found)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	for _, at := range w.found {
		if at.path == "list[1].n" {
			at.set(nil)
		}
		if at.path == "kind" {
			at.remove()
		}
	}
	if _, kind := tree["kind"]; kind || tree["list"].([]any)[1].(map[string]any)["n"] != nil {
		t.Errorf("the tree after the changes is %v", tree)
	}
}

// TestWalkDeep checks that a model is found in each response down to some level, and
// once below it.
func TestWalkDeep(t *testing.T) {
	t.Parallel()
	model := func() any { return map[string]any{"id": "x"} }
	w := walker{seen: map[string]bool{}}
	w.walk("", "a", map[string]any{"p": map[string]any{"q": model(), "r": map[string]any{"s": model()}}}, 1)
	w.walk("", "b", map[string]any{"q": model(), "t": map[string]any{"u": map[string]any{"s": model()}}}, 1)
	want := []string{"p", "p.q", "p.q.id", "p.r", "p.r.s", "p.r.s.id", "q", "q.id", "t", "t.u", "t.u.s"}
	if diff := cmp.Diff(want, paths(w.found)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

func paths(found []site) []string {
	var all []string
	for _, at := range found {
		all = append(all, at.path)
	}
	return all
}

// TestClone checks that copies share nothing.
func TestClone(t *testing.T) {
	t.Parallel()
	shared := map[string]any{"n": int64(1)}
	tree := clone([]any{shared, shared}).([]any)
	tree[0].(map[string]any)["n"] = int64(2)
	if diff := cmp.Diff([]any{map[string]any{"n": int64(2)}, map[string]any{"n": int64(1)}}, tree); diff != "" {
		t.Error(diff)
	}
}
