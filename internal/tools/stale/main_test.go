package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// committed is a small repository. Its target generate writes made.txt from
// source.txt, and format removes spaces at the end of text.txt.
var committed = map[string]string{
	".gitignore": "/.bin/\n/ignored.txt\n",
	"Makefile":   "generate:\n\tcp source.txt made.txt\n\tcp source.txt ignored.txt\nformat:\n\tsed -i.old 's/ *$$//' text.txt && rm text.txt.old\nbroken:\n\t@echo some trouble && false\n",
	"source.txt": "one\n",
	"made.txt":   "one\n",
	"text.txt":   "text\n",
}

func TestStale(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change map[string]string // content by name; an empty one deletes the file
		commit bool
		target []string
		want   []string
		err    string
	}{
		{name: "as committed"},
		{name: "a change of something else", change: map[string]string{"other.txt": "mine\n", "text.txt": "other\n"}},
		{name: "a generated file changed by hand", change: map[string]string{"made.txt": "two\n"}, want: []string{"make generate changes made.txt"}},
		{name: "the same, committed", change: map[string]string{"made.txt": "two\n"}, commit: true, want: []string{"make generate changes made.txt"}},
		{name: "a source changed alone", change: map[string]string{"source.txt": "two\n"}, want: []string{"make generate changes made.txt"}},
		{name: "a source changed and generated", change: map[string]string{"source.txt": "two\n", "made.txt": "two\n"}},
		{name: "a generated file deleted", change: map[string]string{"made.txt": ""}, want: []string{"make generate adds made.txt"}},
		{name: "a file that is generated no longer", change: map[string]string{"Makefile": "generate:\n\trm made.txt\nformat:\n"}, want: []string{"make generate removes made.txt"}},
		{name: "each target", change: map[string]string{"made.txt": "two\n", "text.txt": "text \n"}, want: []string{"make generate changes made.txt", "make format changes text.txt"}},
		{name: "a target that fails", target: []string{"broken"}, err: "make broken: exit status 2\nsome trouble"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := repository(t)
			write(t, root, tt.change)
			if tt.commit {
				git(t, root, "commit", "-qam", "change")
			}
			mine := contents(t, root)
			targets := tt.target
			if targets == nil {
				targets = []string{"generate", "format"}
			}
			got, err := stale(root, targets)
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(mine, contents(t, root)); diff != "" {
				t.Errorf("the tree itself was changed:\n%s", diff)
			}
		})
	}
}

func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	write(t, root, committed)
	git(t, root, "init", "-q")
	git(t, root, "add", ".")
	git(t, root, "commit", "-qm", "first")
	return root
}

func git(t *testing.T, root string, args ...string) {
	t.Helper()
	command := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
}

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(root, name)
		err := os.WriteFile(path, []byte(files[name]), 0o644)
		if files[name] == "" {
			err = os.Remove(path)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// contents returns the files directly in root.
func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			content, err := os.ReadFile(filepath.Join(root, entry.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[entry.Name()] = string(content)
		}
	}
	return files
}
