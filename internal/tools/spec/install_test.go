package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInstallIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	before := content(t, dir)
	// A folder in place of a file cannot be read.
	if err := os.Mkdir(filepath.Join(dir, "zebra.yaml"), 0o700); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"users.yaml": []byte("other"), "zebra.yaml": []byte("stripes")}
	if changed, err := install(dir, files); err == nil {
		t.Errorf("install = %v, want an error", changed)
	}
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// TestInterruptedImportIsFinished sets a folder up as after a crash in the middle of an
// import that also adds a file and removes one.
func TestInterruptedImportIsFinished(t *testing.T) {
	t.Parallel()
	want, dir := empty(t), imported(t)
	tool(t, fine, want, "import", second)
	if err := os.WriteFile(filepath.Join(dir, retiredFile), []byte("a: {b: c}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "users.yaml")); err != nil {
		t.Fatal(err)
	}
	complete := filepath.Join(dir, completeFolder)
	if err := os.Mkdir(complete, 0o700); err != nil {
		t.Fatal(err)
	}
	files := content(t, want)
	files[retiredFile] = "" // removes the file
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(complete, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tool(t, fine, dir, "diff", second)
	if diff := cmp.Diff(content(t, want), content(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := os.Stat(complete); err == nil {
		t.Error("the folder of the interrupted import still exists")
	}
}
