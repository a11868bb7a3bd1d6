package description

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"
)

func parse(t *testing.T, text string) *yaml.Node {
	t.Helper()
	doc, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// write puts a description with these package files into a folder; the other packages
// have no paths.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{componentsFile: "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {Book: {type: object}}}\n"}
	all[PackagesFile] = "Users: users\nSessions: sessions\nBilling: billing\n"
	for _, name := range []string{"users", "sessions", "billing"} {
		all[name+".yaml"] = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n"
	}
	maps.Copy(all, files)
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
