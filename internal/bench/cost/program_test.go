package main

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestModules builds each program as a user does, in a module outside this one, and
// compares the modules that are linked into it.
func TestModules(t *testing.T) {
	t.Parallel()
	linked := []string{
		"github.com/apapsch/go-jsonmerge/v2", // needed by oapi-codegen/runtime
		"github.com/google/uuid",             // needed by oapi-codegen/runtime
		"github.com/hashicorp/go-cleanhttp",
		"github.com/hashicorp/go-retryablehttp",
		"github.com/oapi-codegen/runtime",
	}
	for _, tc := range []struct {
		program *program
		linked  []string
	}{
		{&program{source: "plain"}, nil},
		{&program{source: "sdk", sdk: ours}, linked},
		{&program{source: "service", sdk: ours}, linked},
	} {
		t.Run(tc.program.source, func(t *testing.T) {
			t.Parallel()
			p := tc.program
			if err := p.prepare(t.Context(), t.TempDir()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.linked, p.linked); diff != "" {
				t.Errorf("modules in the program (-want +got):\n%s", diff)
			}
			if len(p.sums) < len(p.linked) {
				t.Errorf("go.sum has %d modules, %d are linked", len(p.sums), len(p.linked))
			}
			if _, err := run(t.Context(), p.dir, "build", "-o", filepath.Join(p.dir, "program"), "."); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestModulesLeavesOutTheSDK(t *testing.T) {
	t.Parallel()
	p := &program{sdk: published}
	lines := published + " v2.4.2 h1:a=\n" + published + " v2.4.2/go.mod h1:b=\n" +
		"example.com/b v1.0.0/go.mod h1:e=\nexample.com/a v1.0.0 h1:c=\nexample.com/a v1.0.0/go.mod h1:d=\n\n"
	if diff := cmp.Diff([]string{"example.com/a", "example.com/b"}, p.modules(lines)); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
}
