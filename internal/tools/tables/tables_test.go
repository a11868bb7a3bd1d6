package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// document is a small description with the features of the real one.
const document = `
paths:
  /things/{thing_id}:
    parameters:
      - {name: thing_id, in: path, required: true, schema: {type: string, pattern: '^t_\w+$'}}
    post:
      operationId: changeThing
      x-go-package: things
      parameters:
        - {$ref: '#/components/parameters/Limit'}
        - {name: kinds, in: query, style: form, explode: false, schema: {type: array, items: {type: string, enum: [a, b]}}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string, nullable: true}
                free: {type: object}
                many: {type: array, uniqueItems: true, maxItems: 3, items: {type: string}}
                more: {nullable: true, allOf: [{$ref: '#/components/schemas/Part'}]}
                rate: {type: number, minimum: 0, exclusiveMinimum: true}
              anyOf: [{required: [free]}, {required: [many, rate]}]
    get:
      operationId: GetThing
      x-go-name: ReadThing
      x-go-package: things
      security: []
  /files:
    put:
      operationId: UploadFile
      x-go-package: things
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}}}
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 500}}
  schemas:
    Part: {type: object, additionalProperties: {type: string}}
`

func readText(t *testing.T, text string) ([]operation, map[string]any, error) {
	t.Helper()
	for _, name := range carried {
		text += "    " + name + ": {type: object}\n"
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return read(doc.Content[0])
}

func TestTables(t *testing.T) {
	t.Parallel()
	operations, components, err := readText(t, document)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tables(operations, components)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "tables.golden")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the tables differ from %s (UPDATE=1 rewrites it):\n%s", golden, got)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "tables.gen.go", got, parser.ParseComments); err != nil {
		t.Error(err)
	}
}

func TestTablesRefuse(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string][2]string{
		"a broken pattern":     {`'^t_\w+$'`, `'^t_(\w+$'`},
		"a dangling reference": {"schemas/Part", "schemas/Ghost"},
		"an unknown media":     {"application/json", "application/xml"},
		"a cookie parameter":   {"name: kinds, in: query", "name: kinds, in: cookie"},
		"a missing parameter":  {"parameters/Limit'", "parameters/Ghost'"},
		"no operations at all": {"paths:", "nothing:"},
	} {
		operations, components, err := readText(t, strings.Replace(document, edit[0], edit[1], 1))
		if err == nil {
			_, err = tables(operations, components)
		}
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestCommitted compares the committed tables with the committed description.
func TestCommitted(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..")
	doc, err := description.LoadAmended(filepath.Join(root, "openapi"))
	if err != nil {
		t.Fatal(err)
	}
	operations, components, err := read(doc)
	if err != nil {
		t.Fatal(err)
	}
	want, err := tables(operations, components)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, "clerktest", "internal", "description", "tables.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("tables.gen.go is out of date: run go generate ./...")
	}
}
