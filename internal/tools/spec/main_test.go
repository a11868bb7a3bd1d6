package main

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	before := content(t, dir)
	replace(t, filepath.Join(dir, "users.yaml"), "operationId: createBook", "operationId: 'createBook' # why")
	out, _ := tool(t, fine, dir, "format")
	contains(t, out, "wrote users.yaml")
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestWrongCalls(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"import"}, {"diff", "a", "b"}, {"check", "a"}, {"export", first}} {
		_, errs := tool(t, unusable, t.TempDir(), args...)
		contains(t, errs, "want import SPEC")
	}
}
