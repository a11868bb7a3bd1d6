package description

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// write puts a description with these package files into a folder; the other packages
// have no paths.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{componentsFile: "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {Book: {type: object}}}\n"}
	for _, name := range Packages() {
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

const usersPart = `openapi: 3.0.3
info: {title: T, description: keeps users., version: '1'}
paths:
  /books:
    parameters: [{name: a, in: query, schema: {type: string}}]
    get: {operationId: A, tags: [Users], responses: {'200': {description: d, content: {application/json: {schema: {$ref: 'components.yaml#/components/schemas/Book'}}}}}}
`

const billingPart = `openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /books:
    parameters: [{name: a, in: query, schema: {type: string}}]
    post: {operationId: B, tags: [Users, Billing], responses: {'200': {description: d}}}
`

func TestLoadJoinsWhatFilesSplits(t *testing.T) {
	t.Parallel()
	doc, err := Load(write(t, map[string]string{"users.yaml": usersPart, "billing.yaml": billingPart}))
	if err != nil {
		t.Fatal(err)
	}
	get := Get(doc, "paths", "/books", "get")
	if got := Text(get, PackageKey); got != "users" {
		t.Errorf("GET /books is in package %q", got)
	}
	if got := Text(doc, "paths", "/books", "post", PackageKey); got != "billing" {
		t.Errorf("POST /books is in package %q", got)
	}
	ref := Get(get, "responses", "200", "content", "application/json", "schema")
	if Resolve(doc, ref) != Get(doc, "components", "schemas", "Book") {
		t.Errorf("the reference is %s", Value(ref))
	}
	if got := Text(doc, "info", PackagesKey, "users"); got != "keeps users." {
		t.Errorf("the text on package users is %q", got)
	}
	files, err := Files(doc)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"users.yaml": usersPart, "billing.yaml": billingPart} {
		want, err := render(parse(t, strings.Replace(text, "title: T", "title: 'Clerk Backend API, package "+strings.TrimSuffix(name, ".yaml")+"'", 1)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(files[name])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLoadRefusesAnOperationInTwoFiles(t *testing.T) {
	t.Parallel()
	_, err := Load(write(t, map[string]string{"users.yaml": usersPart, "billing.yaml": usersPart}))
	if err == nil || !strings.Contains(err.Error(), "GET /books") || !strings.Contains(err.Error(), "billing.yaml") {
		t.Errorf("Load = %v", err)
	}
}

func TestFilesRefusesAnUnknownTag(t *testing.T) {
	t.Parallel()
	doc, err := Load(write(t, map[string]string{"users.yaml": strings.Replace(usersPart, "[Users]", "[Teleporters]", 1)}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Files(doc); err == nil || !strings.Contains(err.Error(), `GET /books: no package serves the tag "Teleporters"`) {
		t.Errorf("Files = %v", err)
	}
}

func TestLockRoundTrip(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := Lock{Version: "2026-05-12", SHA256: "0e1", Facts: "ab"}
	if err := os.WriteFile(filepath.Join(dir, LockFile), want.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadLock(dir)
	if err != nil || got != want {
		t.Errorf("ReadLock = %+v, %v, want %+v", got, err, want)
	}
}
