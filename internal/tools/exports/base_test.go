package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBreaking(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, changelog string
		want            []string
	}{
		{"no section", "# Changelog\n\n## v0.1.0\n\nBreaking\n- `a.A`\n", nil},
		{"no list", "## Unreleased\n\nAdded\n- `a.A`\n", nil},
		{"a list", "## Unreleased\n\nBreaking\n- `a.A`, `a.B.C`\n- `a.D` is now `a.E`\n\nAdded\n- `a.F`\n", []string{"a.A", "a.B.C", "a.D", "a.E"}},
		{"a list under a heading", "## Unreleased\n\n### Breaking\n\n- `a.A`\n\n### Added\n\n- `a.F`\n", []string{"a.A"}},
		{"of an older version", "## Unreleased\n\nAdded\n- `a.F`\n\n## v0.1.0\n\nBreaking\n- `a.A`\n", nil},
		{"not in backquotes", "## Unreleased\n\nBreaking\n- a.A\n", nil},
	} {
		if diff := cmp.Diff(tt.want, breaking(tt.changelog)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestUnannounced(t *testing.T) {
	t.Parallel()
	was := []string{"a.A type struct", "a.A.F field int", "a.A.M method func()", "a.B const int", "x/b.C func()"}
	without := func(drop ...string) []string {
		var lines []string
	next:
		for _, line := range was {
			for _, d := range drop {
				if line == d {
					continue next
				}
			}
			lines = append(lines, line)
		}
		return lines
	}
	for _, tt := range []struct {
		name          string
		is, announced []string
		want          []string
	}{
		{name: "the same", is: was},
		{name: "more", is: append(without(), "a.N func()")},
		{name: "less", is: without("a.B const int"), want: []string{"a.B is gone, was const int"}},
		{name: "less, announced", is: without("a.B const int"), announced: []string{"a.B"}},
		{name: "another announced", is: without("a.B const int"), announced: []string{"a.A", "a.", "a", "B", "a.B.C"}, want: []string{"a.B is gone, was const int"}},
		{name: "changed", is: append(without("a.B const int"), "a.B var int"), want: []string{"a.B: var int, was const int"}},
		{name: "changed, announced", is: append(without("a.B const int"), "a.B var int"), announced: []string{"a.B"}},
		{name: "a member", is: without("a.A.M method func()"), want: []string{"a.A.M is gone, was method func()"}},
		{name: "a member, its type announced", is: without("a.A.M method func()"), announced: []string{"a.A"}, want: []string{"a.A.M is gone, was method func()"}},
		{name: "a type, announced", is: without("a.A type struct", "a.A.F field int", "a.A.M method func()"), announced: []string{"a.A"}},
		{name: "a package, announced", is: without("x/b.C func()"), announced: []string{"x/b"}},
		{name: "a package", is: without("x/b.C func()"), want: []string{"x/b.C is gone, was func()"}},
	} {
		if diff := cmp.Diff(tt.want, unannounced(was, tt.is, tt.announced)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestBase changes a repository in steps, and each time a later rule decides first.
func TestBase(t *testing.T) {
	t.Parallel()
	root := module(t, map[string]string{surfaceFile: "first\n"})
	next := func(content string) {
		t.Helper()
		write(t, root, surfaceFile, content)
		commit(t, root)
	}
	want := func(rule string, lines ...string) {
		t.Helper()
		got, err := atBase(root)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(lines, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", rule, diff)
		}
	}
	runGit(t, root, "branch", "main-of-origin")
	next("second\nline\n")
	write(t, root, surfaceFile, "not committed\n")
	want("HEAD", "second", "line")

	runGit(t, root, "update-ref", "refs/remotes/origin/main", "main-of-origin")
	want("the merge base with origin", "first")

	next("third\n")
	runGit(t, root, "tag", "other")
	runGit(t, root, "tag", "v0.1.0")
	next("fourth\n")
	want("the last tag", "third")
}

func TestBaseWithoutTheFile(t *testing.T) {
	t.Parallel()
	if lines, err := atBase(module(t, nil)); lines != nil || err != nil {
		t.Errorf("%q, %v", lines, err)
	}
}
