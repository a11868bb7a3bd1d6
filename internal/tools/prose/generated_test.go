package prose

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

const module = "../../.."

// TestGeneratedPackages reads package api and every package of operations.
func TestGeneratedPackages(t *testing.T) {
	t.Parallel()
	packages := map[string]*Source{}
	all, err := description.ReadPackages(filepath.Join(module, "openapi"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(all.Names(), "api") {
		s, err := Parse(files(t, name))
		if err != nil {
			t.Fatal(err)
		}
		packages[name] = s
	}
	var operations, deprecated, unsaid, fields int
	for name, s := range packages {
		for _, o := range s.operations {
			operations++
			if o.deprecation() != "" {
				deprecated++
			}
		}
		for _, f := range s.fields {
			fields++
			if f.words == "" && name != "api" {
				unsaid++
			}
		}
	}
	for _, problem := range Silence(packages) {
		t.Error(problem)
	}
	t.Logf("%d operations, %d of them deprecated; %d fields, %d of them parameters whose name says everything", operations, deprecated, fields, unsaid)
	if operations != 249 || deprecated != 14 {
		t.Errorf("%d operations, %d deprecated", operations, deprecated)
	}
}

// TestModelsOfWebhooks reads the models that only events have.
func TestModelsOfWebhooks(t *testing.T) {
	t.Parallel()
	models := []string{filepath.Join(module, "webhooks", "models.gen.go")}
	s, err := Parse(contents(t, models))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.fields) < 150 {
		t.Errorf("%d fields", len(s.fields))
	}
	for _, problem := range Silence(map[string]*Source{"webhooks": s}) {
		if problem != "webhooks: the package comment says too little" { // it is in a file of its own
			t.Error(problem)
		}
	}
}

func files(t *testing.T, pkg string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(module, pkg, "*.gen.go"))
	if err != nil || len(names) != 2 {
		t.Fatalf("package %s has %d generated files, %v", pkg, len(names), err)
	}
	return contents(t, names)
}

func contents(t *testing.T, names []string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(data)
	}
	return all
}
