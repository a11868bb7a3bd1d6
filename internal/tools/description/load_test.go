package description

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
	dir := write(t, map[string]string{"users.yaml": usersPart, "billing.yaml": billingPart})
	doc, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	packages, err := ReadPackages(dir)
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
	files, err := packages.Files(doc)
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
