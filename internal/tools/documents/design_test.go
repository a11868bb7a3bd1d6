package documents

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDesignDrawsTheHouse compares the drawing with the tree: each drawn folder exists,
// and each package is drawn, or is in a folder that is drawn without folders in it.
func TestDesignDrawsTheHouse(t *testing.T) {
	t.Parallel()
	design := read(t, "docs/DESIGN.md")
	_, picture, found := strings.Cut(design, "\n## The house\n\n```\n")
	picture, _, closed := strings.Cut(picture, "```")
	if !found || !closed {
		t.Fatal("docs/DESIGN.md has no drawing under The house")
	}
	drawn := rooms(picture)
	for _, room := range drawn {
		if !exists(room) {
			t.Errorf("%s is drawn, but does not exist", room)
		}
	}
	var packages []string
	for _, folder := range folders(t, "*.go") {
		if folder != "." && !strings.Contains(folder, "testdata") {
			packages = append(packages, folder)
		}
	}
	for _, folder := range undrawn(drawn, packages) {
		t.Errorf("package %s is not drawn", folder)
	}
}

// rooms returns the folders of a drawing. Two spaces at the start of a line lead into
// the folder above it, and a name ends with a slash.
func rooms(picture string) []string {
	var all []string
	var above []string // the last folder of each depth
	for line := range strings.Lines(picture) {
		names := strings.TrimLeft(line, " ")
		depth := (len(line) - len(names)) / 2
		if depth > len(above) {
			continue // more words about the line before
		}
		above = above[:depth]
		for name := range strings.FieldsSeq(names) {
			room, ok := strings.CutSuffix(name, "/")
			if !ok {
				break
			}
			if depth > 0 {
				room = above[depth-1] + "/" + room
			}
			above = append(above[:depth], room)
			all = append(all, room)
		}
	}
	return all
}

// undrawn returns the packages that the drawing does not show.
func undrawn(drawn, packages []string) []string {
	divided := map[string]bool{}
	for _, room := range drawn {
		for outer := path.Dir(room); outer != "."; outer = path.Dir(outer) {
			divided[outer] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(packages), func(folder string) bool {
		if slices.Contains(drawn, folder) {
			return true
		}
		for outer := path.Dir(folder); outer != "."; outer = path.Dir(outer) {
			if slices.Contains(drawn, outer) {
				return !divided[outer]
			}
		}
		return false
	})
}

func TestRooms(t *testing.T) {
	t.Parallel()
	const picture = `
main.go        a file
a/             words
  internal/b/  words
  c/           words
    d/ e/      words
f/ g/
               words that go on
h/             words
`
	drawn := rooms(picture)
	want := []string{"a", "a/internal/b", "a/c", "a/c/d", "a/c/e", "f", "g", "h"}
	if diff := cmp.Diff(want, drawn); diff != "" {
		t.Errorf("rooms (-want +got):\n%s", diff)
	}
	packages := []string{"a", "a/c/d", "a/c/x", "a/internal/b", "a/internal/y", "a/z", "f/inner/most", "other"}
	if diff := cmp.Diff([]string{"a/c/x", "a/internal/y", "a/z", "other"}, undrawn(drawn, packages)); diff != "" {
		t.Errorf("not drawn (-want +got):\n%s", diff)
	}
}

// TestLength limits the lines of the documents.
func TestLength(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int{"README.md": 160, "docs/DESIGN.md": 150} {
		if lines := strings.Count(read(t, name), "\n"); lines > most {
			t.Errorf("%s has %d lines, want at most %d", name, lines, most)
		}
	}
}

// TestAuthCanBeRead limits package auth, and the packages that are its own, to what one
// reads before one trusts it. Tests do not count.
func TestAuthCanBeRead(t *testing.T) {
	t.Parallel()
	const mostFiles, mostLinesOfFile, mostLines, mostInternal = 45, 300, 9000, 3000
	files, lines, internal := 0, 0, 0
	for _, name := range tracked(t, "auth/*.go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		n := strings.Count(read(t, name), "\n")
		if n > mostLinesOfFile {
			t.Errorf("%s has %d lines, want at most %d", name, n, mostLinesOfFile)
		}
		switch {
		case path.Dir(name) == "auth":
			files++
			lines += n
		case strings.HasPrefix(name, "auth/internal/"):
			internal += n
		}
	}
	if files == 0 || files > mostFiles || lines > mostLines || internal > mostInternal {
		t.Errorf("package auth has %d files and %d lines, and auth/internal %d; want at most %d, %d and %d",
			files, lines, internal, mostFiles, mostLines, mostInternal)
	}
}

// TestCodeIsCompiled looks for blocks of Go that no example is copied into.
func TestCodeIsCompiled(t *testing.T) {
	t.Parallel()
	all := 0
	for _, name := range tracked(t, "README.md", "docs/*.md") {
		page := read(t, name)
		blocks := strings.Count(page, "\n```go\n")
		copied := len(regexp.MustCompile("(?m)^<!-- code: .* -->\n```go\n").FindAllString(page, -1))
		if all += blocks; blocks != copied {
			t.Errorf("%s has %d blocks of Go, %d of them copied from examples", name, blocks, copied)
		}
	}
	if all == 0 {
		t.Error("no page has a block of Go")
	}
}
