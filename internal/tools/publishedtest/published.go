// Package publishedtest finds the published OpenAPI documents for tests; they are not
// part of this repository. The environment variable CLERK_PUBLISHED_SPEC names one of
// them or a folder with several.
package publishedtest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

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
	files := []string{root}
	for _, pattern := range []string{"*.yml", "*.yaml", "*.json"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // the folder itself
		}
		doc, err := description.Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		// Documents of other kinds, such as those for webhooks, have versions too.
		if description.Text(doc, "info", "version") == version && description.Get(doc, "components", "securitySchemes") != nil {
			return file
		}
	}
	t.Skipf("%s=%s has no document of version %s", variable, root, version)
	return ""
}
