package publishedtest

import (
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// Webhooks returns the published document of the webhook events of a version, which stands
// in the name of its file alone. The test is skipped as by [Path].
func Webhooks(t *testing.T, version string) *yaml.Node {
	t.Helper()
	root := os.Getenv(variable)
	if root == "" {
		t.Skipf("%s is not set: nothing to compare with", variable)
	}
	file := filepath.Join(root, "webhooks-"+version+".yml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("%s=%s has no document of the webhook events of version %s", variable, root, version)
	}
	doc, err := description.Parse(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return doc
}
