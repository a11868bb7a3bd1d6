// Package documents tests what people read and what GitHub reads: README.md, docs/
// and .github/.
package documents

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "../../.."

// read returns a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(module, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// exists reports whether the repository has a file or folder of that name.
func exists(name string) bool {
	_, err := os.Stat(filepath.Join(module, name))
	return err == nil
}

// tracked returns the files of the repository that match one of the patterns of git,
// new ones included and deleted ones not.
func tracked(t *testing.T, patterns ...string) []string {
	t.Helper()
	list := exec.Command("git", append([]string{"ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--"}, patterns...)...)
	list.Dir = module
	out, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	names := strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
	names = slices.DeleteFunc(names, func(name string) bool { return !exists(name) })
	if len(names) == 0 {
		t.Fatalf("no files match %q", patterns)
	}
	return names
}

// folders returns the folders of the files that match.
func folders(t *testing.T, patterns ...string) []string {
	t.Helper()
	var all []string
	for _, name := range tracked(t, patterns...) {
		all = append(all, path.Dir(name))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
