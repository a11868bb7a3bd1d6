package publishedtest

import (
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// WebhooksPath returns the path of the published document of the webhook events of a
// version, which stands in the name of its file alone. The test is skipped as by [Path].
func WebhooksPath(t *testing.T, version string) string {
	t.Helper()
	root := os.Getenv(variable)
	if root == "" {
		t.Skipf("%s is not set: nothing to compare with", variable)
	}
	file := filepath.Join(root, "webhooks-"+version+".yml")
	if _, err := os.Stat(file); err != nil {
		t.Skipf("%s=%s has no document of the webhook events of version %s", variable, root, version)
	}
	return file
}

// Webhooks returns the document at [WebhooksPath].
func Webhooks(t *testing.T, version string) *yaml.Node {
	t.Helper()
	file := WebhooksPath(t, version)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := description.Parse(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return doc
}
