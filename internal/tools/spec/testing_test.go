package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

const (
	first  = "testdata/first.yaml"
	second = "testdata/second.yaml"
)

// tool runs the command and returns its output; the test fails on any other status.
func tool(t *testing.T, want int, dir string, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	c := command{dir: dir, out: &o, errs: &e}
	if got := c.run(args); got != want {
		t.Fatalf("spec %v exits with %d, want %d\n%s%s", args, got, want, &o, &e)
	}
	return o.String(), e.String()
}

// empty returns a folder without a description, in which every tag of the project's own
// has its package.
func empty(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	data, err := os.ReadFile("../../../openapi/" + description.PackagesFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, description.PackagesFile), data, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// imported returns a folder with the facts of the first document.
func imported(t *testing.T) string {
	t.Helper()
	dir := empty(t)
	tool(t, fine, dir, "import", first)
	return dir
}

// content reads all files of a folder.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, dir+string(filepath.Separator))] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// replace changes a text that must occur once in a file.
func replace(t *testing.T, path, old, text string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(data, []byte(old)); n != 1 {
		t.Fatalf("%q occurs %d times in %s", old, n, path)
	}
	if err := os.WriteFile(path, bytes.Replace(data, []byte(old), []byte(text), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

func contains(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("missing %q in:\n%s", want, text)
		}
	}
}

// edited returns the path of a copy with texts replaced, each of which must occur once.
func edited(t *testing.T, document string, pairs ...string) string {
	t.Helper()
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "spec.yaml")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		replace(t, file, pairs[i], pairs[i+1])
	}
	return file
}

// turn reverses the keys of every mapping.
func turn(n *yaml.Node) {
	for _, child := range n.Content {
		turn(child)
	}
	if n.Kind == yaml.MappingNode {
		pairs := slices.Collect(slices.Chunk(slices.Clone(n.Content), 2))
		slices.Reverse(pairs)
		n.Content = slices.Concat(pairs...)
	}
}
