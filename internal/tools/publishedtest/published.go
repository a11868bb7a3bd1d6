// Package publishedtest finds the published OpenAPI documents for tests; they are not
// part of this repository. The environment variable CLERK_PUBLISHED_SPEC names one of
// them or a folder with several, whose folder history may have earlier publications,
// also compressed with xz.
package publishedtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// variable names the file or folder of the published documents.
const variable = "CLERK_PUBLISHED_SPEC"

// Path returns the path of the published document of a version, such as 2026-05-12. The
// test is skipped if the variable is not set or has no document of that version.
func Path(t *testing.T, version string) string {
	t.Helper()
	root := os.Getenv(variable)
	if root == "" {
		t.Skipf("%s is not set: nothing to compare with", variable)
	}
	for _, file := range files(t, root, "yml", "yaml", "json") {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // the folder itself
		}
		doc, err := description.Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if description.Text(doc, "info", "version") == version && hasOperations(doc) {
			return file
		}
	}
	t.Skipf("%s=%s has no document of version %s", variable, root, version)
	return ""
}

// hasOperations distinguishes documents of other kinds, such as those for webhooks, which
// have versions too.
func hasOperations(doc *yaml.Node) bool {
	paths := description.Get(doc, "paths")
	return paths != nil && len(paths.Content) > 0
}

// files lists root, if it is a file, and the files in it with one of these extensions.
func files(t *testing.T, root string, extensions ...string) []string {
	t.Helper()
	found := []string{root}
	for _, extension := range extensions {
		more, err := filepath.Glob(filepath.Join(root, "*."+extension))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, more...)
	}
	slices.Sort(found)
	return found
}

// All returns the path of every published document with operations, by the name of its
// file, earlier publications included. The test is skipped without any.
func All(t *testing.T) map[string]string {
	t.Helper()
	root := os.Getenv(variable)
	if root == "" {
		t.Skipf("%s is not set: there are no published documents", variable)
	}
	all := map[string]string{}
	for _, file := range slices.Concat(files(t, root, "yml", "yaml", "json"), files(t, filepath.Join(root, "history"), "yml", "yaml", "json", "xz")) {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // a folder
		}
		name := filepath.Base(file)
		if filepath.Ext(file) == ".xz" {
			name = strings.TrimSuffix(name, ".xz")
			data, file = unpacked(t, file)
		}
		doc, err := description.Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if hasOperations(doc) {
			all[name] = file
		}
	}
	return all
}

// unpacked returns the content of a compressed file, and the path of a copy with it.
func unpacked(t *testing.T, file string) (data []byte, path string) {
	t.Helper()
	data, err := exec.Command("xz", "-dc", file).Output()
	if err != nil {
		t.Skipf("the earlier publications are not read: xz: %v", err)
	}
	path = filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(file), ".xz"))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return data, path
}
