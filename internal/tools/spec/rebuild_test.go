package main

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// tree writes files into a new folder, by path.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// TestRebuildNamesEveryFileThatNoLongerBuilds breaks packages, tests and modules beside
// each other, one of them with more errors than the compiler prints.
func TestRebuildNamesEveryFileThatNoLongerBuilds(t *testing.T) {
	t.Parallel()
	const gomod = "module example.invalid/m\n\ngo 1.25\n"
	whole := map[string]string{
		"go.mod":              gomod,
		"gen.go":              "package m\n\n//go:generate cp source.txt made.go\n",
		"source.txt":          "package m\n\nfunc Made() {}\n",
		"use/use.go":          "package use\n\nimport \"example.invalid/m\"\n\nfunc Use() { m.Made() }\n",
		"use/use_test.go":     "package use\n\nimport \"testing\"\n\nfunc TestUse(*testing.T) { Use() }\n",
		"inner/go.mod":        strings.Replace(gomod, "/m", "/inner", 1),
		"inner/inner.go":      "package inner\n",
		"tools/go.mod":        strings.Replace(gomod, "/m", "/tools", 1),
		"testdata/bad/go.mod": gomod,
		"testdata/bad/bad.go": "package bad\n\nvar _ = missing\n",
		".hidden/go.mod":      gomod,
		".hidden/bad.go":      "package bad\n\nvar _ = missing\n",
	}
	tests := []struct {
		name, what string
		edits      map[string]string
		files      []string
	}{
		{"nothing", "", nil, nil},
		{
			"two packages", "taken over, but code no longer builds",
			map[string]string{"use/use.go": "package use\n\nvar _ = missing\n", "other/other.go": "package other\n\nvar _ = missing\n"},
			[]string{"other/other.go", "use/use.go"},
		},
		{
			"more errors than are printed", "taken over, but code no longer builds",
			map[string]string{"use/a.go": "package use\n" + strings.Repeat("\nvar _ = missing\n", 12), "use/z.go": "package use\n\nvar _ = missing\n"},
			[]string{"use/a.go", "use/z.go"},
		},
		{
			"only a test", "taken over, but code no longer builds",
			map[string]string{"use/use_test.go": "package use\n\nvar _ = missing\n"},
			[]string{"use/use_test.go"},
		},
		{
			"another module", "taken over, but code no longer builds",
			map[string]string{"inner/inner.go": "package inner\n\nvar _ = missing\n"},
			[]string{"inner/inner.go"},
		},
		{
			"generated code", "taken over, but code no longer builds",
			map[string]string{"source.txt": "package m\n\nvar _ = missing\n"},
			[]string{"made.go"},
		},
		{
			"the generator", "go generate fails",
			map[string]string{"gen.go": "package m\n\n//go:generate cp none.txt made.go\n"},
			[]string{"gen.go"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{}
			for _, from := range []map[string]string{whole, tt.edits} {
				maps.Copy(files, from)
			}
			var out bytes.Buffer
			err := rebuild(tree(t, files), &out)
			if tt.what == "" {
				if err != nil || out.Len() > 0 {
					t.Fatalf("rebuild = %v\n%s", err, &out)
				}
				return
			}
			broken, ok := errors.AsType[*brokenError](err)
			if !ok || broken.what != tt.what {
				t.Fatalf("rebuild = %v, want %q\n%s", err, tt.what, &out)
			}
			for _, file := range tt.files {
				if !strings.Contains(broken.Error(), file) {
					t.Errorf("%v does not name %s\n%s", err, file, &out)
				}
			}
			if extra := len(broken.files) - len(tt.files); extra > 0 {
				t.Errorf("%v names more than %v", err, tt.files)
			}
			contains(t, out.String(), "go ")
		})
	}
}

// TestImportThatBreaksCodeIsTakenOver reports in the last line and the status that code
// no longer builds, and leaves the new description.
func TestImportThatBreaksCodeIsTakenOver(t *testing.T) {
	t.Parallel()
	dir, want := imported(t), imported(t)
	tool(t, fine, want, "import", second)
	var out, errs bytes.Buffer
	c := command{dir: dir, out: &out, errs: &errs, rebuild: func() error {
		if diff := cmp.Diff(content(t, want), content(t, dir)); diff != "" {
			t.Errorf("code is made before the description (-want +got):\n%s", diff)
		}
		return &brokenError{what: "taken over, but code no longer builds", files: []string{"auth/machine_verify.go", "clerktest/users_list.go"}}
	}}
	if got := c.run([]string{"import", second}); got != differing || errs.Len() > 0 {
		t.Errorf("status %d, want %d\n%s", got, differing, &errs)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	last := lines[len(lines)-1]
	if !strings.HasPrefix(last, "breaks: ") || !strings.HasSuffix(last, "; taken over, but code no longer builds: auth/machine_verify.go, clerktest/users_list.go") {
		t.Errorf("the last line is %q", last)
	}
	if diff := cmp.Diff(content(t, want), content(t, dir)); diff != "" {
		t.Errorf("the new description is not left (-want +got):\n%s", diff)
	}
}

// TestNothingIsRebuiltBeforeItIsDecided reads documents that cannot be taken over.
func TestNothingIsRebuiltBeforeItIsDecided(t *testing.T) {
	t.Parallel()
	for status, document := range map[int]string{
		unanswered: edited(t, first, "tags: [Sessions]", "tags: [Loans]"),
		refused:    edited(t, first, "openapi: 3.0.3", "openapi: 2"),
	} {
		var out, errs bytes.Buffer
		c := command{dir: imported(t), out: &out, errs: &errs, rebuild: func() error {
			t.Error("code was made from a document that was not taken over")
			return nil
		}}
		if got := c.run([]string{"import", document}); got != status {
			t.Errorf("status %d, want %d", got, status)
		}
	}
}

// TestModuleIsFoundBesideTheDescription decides whether an import rebuilds.
func TestModuleIsFoundBesideTheDescription(t *testing.T) {
	t.Parallel()
	if !isModule("../../..") || isModule(filepath.Join("../../..", "openapi")) {
		t.Errorf("only the folder above %s is a module", description.PackagesFile)
	}
}
