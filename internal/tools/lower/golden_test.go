package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/document"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden lowers a small description with one of everything, and one of events, and
// prints them with the project's own configs and templates.
func TestGolden(t *testing.T) {
	doc := parsed(t, "testdata/mini.yaml")
	description.AddWebhooks(doc, parsed(t, "testdata/events.yaml"))
	s, notes, err := rules.Lower(doc, "2000-01-01", packageOf)
	if err != nil {
		t.Fatal(err)
	}
	wantNotes := []string{"response of POST /stuff/verify, property until: the branches have different types, so it is raw JSON unless an x-go-type decides"}
	if diff := cmp.Diff(wantNotes, notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	lowered := t.TempDir()
	if err := document.Write(lowered, s, s.HandlerNames(rules.GoName)); err != nil {
		t.Fatal(err)
	}
	for _, file := range []struct{ document, config, golden string }{
		{"api", "models", "api"}, {"things", "package", "things"}, {"stuff", "package", "stuff"},
		{"webhooks", "webhooks", "webhooks"}, {"webhooks", "events", "events"},
		{"handlers", "handlers", "handlers"}, {"handlers", "roundtrip", "roundtrip"}, {"handlers", "conformance", "conformance"},
	} {
		got := printed(t, filepath.Join(lowered, file.document+".yaml"), file.config, file.document)
		golden := filepath.Join("testdata", file.golden+".go.golden")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", golden, diff)
		}
	}
}

func parsed(t *testing.T, file string) *yaml.Node {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := description.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func packageOf(op *yaml.Node) string { return description.Text(op, description.PackageKey) }

// printed runs the generator on a lowered document, as go generate does.
func printed(t *testing.T, file, config, pkg string) string {
	t.Helper()
	const root = "../../.."
	var c codegen.Configuration
	data, err := os.ReadFile(filepath.Join(root, "openapi/config", config+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	c.PackageName = pkg
	for name, path := range c.OutputOptions.UserTemplates {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		c.OutputOptions.UserTemplates[name] = string(text)
	}
	spec, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		t.Fatal(err)
	}
	code, err := codegen.Generate(spec, c)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(code, "\n")
	if !strings.HasPrefix(head, "// Code generated ") || !strings.HasSuffix(head, " DO NOT EDIT.") {
		t.Errorf("%s: the first line is %q", file, head)
	}
	return rest // the first line has the version of the generator, which is unknown in a test binary
}
