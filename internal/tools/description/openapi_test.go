package description_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

const dir = "../../../openapi"

func load(t *testing.T) *yaml.Node {
	t.Helper()
	doc, err := description.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func packages(t *testing.T) *description.Packages {
	t.Helper()
	p, err := description.ReadPackages(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestFilesAreCanonical(t *testing.T) {
	t.Parallel()
	files, err := packages(t).Files(load(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(packages(t).Names())+1 {
		t.Errorf("%d files, want one per package and the components", len(files))
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if string(got) != string(want) {
			t.Errorf("%s is not in canonical form: run spec format", name)
		}
	}
}

// TestEveryFileIsOpenAPI validates with the library that the code generator reads
// documents with.
func TestEveryFileIsOpenAPI(t *testing.T) {
	t.Parallel()
	for _, name := range append(packages(t).Names(), "components", "webhooks") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loader := openapi3.NewLoader()
			loader.IsExternalRefsAllowed = true
			doc, err := loader.LoadFromFile(filepath.Join(dir, name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			// A reference may have our description, which readers of OpenAPI 3.0 must
			// ignore.
			if err := doc.Validate(t.Context(), openapi3.AllowExtraSiblingFields("description")); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOperationsByPackage(t *testing.T) {
	t.Parallel()
	doc := load(t)
	got, total, places := map[string]int{}, 0, packages(t)
	for p := range description.Places(doc) {
		if p.Kind != description.Operation {
			continue
		}
		pkg := description.Text(p.Node, description.PackageKey)
		if want, err := places.Of(description.Strings(description.Get(p.Node, "tags"))); err != nil || pkg != want {
			t.Errorf("%s is in %s.yaml, its tags say %q, %v", p.Address, pkg, want, err)
		}
		got[pkg]++
		total++
	}
	if version := description.Text(doc, "info", "version"); version != "2026-05-12" {
		t.Skipf("version %s has %d operations: %v", version, total, got)
	}
	want := map[string]int{
		"users": 46, "sessions": 19, "organizations": 47, "invitations": 16, "machines": 21,
		"oauth": 9, "enterprise": 34, "billing": 18, "instance": 39,
	}
	if diff := cmp.Diff(want, got); diff != "" || total != 249 {
		t.Errorf("%d operations, want 249 (-want +got):\n%s", total, diff)
	}
}

// TestGoNamesOfOperations requires an exported name for each operation, unique within
// the package.
func TestGoNamesOfOperations(t *testing.T) {
	t.Parallel()
	taken := map[string]string{}
	for p := range description.Places(load(t)) {
		if p.Kind != description.Operation {
			continue
		}
		name := description.Text(p.Node, "x-go-name")
		if name == "" || strings.ToUpper(name[:1]) != name[:1] {
			t.Errorf("%s: %q is not the name of an exported Go function", p.Address, name)
		}
		full := description.Text(p.Node, description.PackageKey) + "." + name
		if other, twice := taken[full]; twice {
			t.Errorf("%s and %s are both %s", other, p.Address, full)
		}
		taken[full] = p.Address
	}
}

// TestWordsOfUsersAndSessions requires both sentences for every operation of the
// packages that most people use first.
func TestWordsOfUsersAndSessions(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for p := range description.Places(load(t)) {
		pkg := description.Text(p.Node, description.PackageKey)
		if p.Kind != description.Operation || pkg != "users" && pkg != "sessions" {
			continue
		}
		seen[pkg]++
		for _, key := range []string{"summary", "description"} {
			if strings.TrimSpace(description.Text(p.Node, key)) == "" {
				t.Errorf("%s has no %s", p.Address, key)
			}
		}
	}
	if len(seen) != 2 {
		t.Errorf("read only %v", slices.Collect(maps.Keys(seen)))
	}
}

func TestReferencesResolve(t *testing.T) {
	t.Parallel()
	doc := load(t)
	for p := range description.Places(doc) {
		if ref := description.Text(p.Node, "$ref"); ref != "" && description.Resolve(doc, p.Node) == nil {
			t.Errorf("%s refers to %s, which does not exist", p.Address, ref)
		}
	}
}
