package main

import (
	"strings"
	"testing"
)

// TestRun changes a module in steps, as somebody who works on it does.
func TestRun(t *testing.T) {
	t.Parallel()
	const first, second = "package a\n\nfunc A() {}\n", "package a\n\nfunc B() {}\n"
	root := module(t, map[string]string{"a/a.go": first, "docs/README.md": "documents\n"})
	passes := func(step string, check bool) {
		t.Helper()
		if err := run(root, check); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	fails := func(step string, check bool, words ...string) {
		t.Helper()
		err := run(root, check)
		for _, w := range words {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v, want an error with %q", step, err, w)
			}
		}
	}
	fails("without the file", true, "no such file")
	passes("the first time", false)
	passes("as written", true)
	commit(t, root)

	write(t, root, "a/a.go", first+"\nfunc B() {}\n")
	fails("a function added", true, "make surface", "+ a.B func()")
	passes("a function added", false)
	passes("a function added and written", true)

	write(t, root, "a/a.go", second)
	fails("a function removed", true, "CHANGELOG.md", "a.A is gone, was func()")
	fails("a function removed, to be written", false, "CHANGELOG.md", "a.A is gone, was func()")
	write(t, root, surfaceFile, "a.B func()\n")
	fails("a function removed, the file written by hand", true, "CHANGELOG.md", "a.A is gone, was func()")

	write(t, root, "CHANGELOG.md", "# Changelog\n\n## Unreleased\n\nBreaking\n- `a.A`\n")
	passes("a function removed and announced", false)
	passes("a function removed, announced and written", true)

	write(t, root, surfaceFile, "a.B func()\na.B func()\n")
	fails("a line twice", true, "has a line twice")
}
