package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRun lowers the project's own description. It must write what is committed in the
// module, and a second run must change nothing, except for removing the document of a
// package that no longer exists.
func TestRun(t *testing.T) {
	t.Parallel()
	in, out, root := filepath.Join(module, "openapi"), t.TempDir(), t.TempDir()
	if _, err := run(in, out, root); err != nil {
		t.Fatal(err)
	}
	first := contents(t, out)
	if err := os.WriteFile(filepath.Join(out, "former.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := run(in, out, root); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, contents(t, out)); diff != "" {
		t.Errorf("the second run changed the documents:\n%s", diff)
	}
	written := []string{"clerk/api_version.gen.go", "api/doc.gen.go"}
	for _, p := range packages(t) {
		written = append(written, p+"/doc.gen.go")
	}
	for _, file := range written {
		got, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Error(err)
		}
		want, err := os.ReadFile(filepath.Join(module, file))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is out of date (-committed +written):\n%s", file, diff)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	if _, err := run(t.TempDir(), t.TempDir(), t.TempDir()); err == nil {
		t.Error("a folder without a description was lowered")
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 12 {
		t.Fatalf("%d lowered documents, %v", len(files), err)
	}
	all := map[string]string{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(f)] = string(data)
	}
	return all
}
