package table

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// checkREADME checks that the table in README.md has the requests, and leaves out the same
// ones for the example in whose folder the test runs.
func checkREADME(t *testing.T, requests []request, without map[string]string) {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	module := folder
	for !exists(filepath.Join(module, "go.mod")) && module != filepath.Dir(module) {
		module = filepath.Dir(module)
	}
	text, err := os.ReadFile(filepath.Join(module, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(string(text), "\n| request | response | except for |\n")
	rows, _, _ = strings.Cut(rows, "\n\n")
	var names []string
	for row := range strings.Lines(rows) {
		cells := strings.Split(row, "|")
		if len(cells) != 5 || strings.HasPrefix(row, "|-") {
			continue
		}
		name := strings.TrimSpace(cells[1])
		names = append(names, name)
		folders, reason, _ := strings.Cut(strings.TrimSpace(cells[3]), ": ")
		if !slices.Contains(strings.Split(folders, ", "), filepath.Base(folder)) {
			reason = ""
		}
		if reason != without[name] {
			t.Errorf("README.md says of %q: %q, and the test %q", name, reason, without[name])
		}
	}
	for i, r := range requests {
		if i >= len(names) || names[i] != r.name {
			t.Errorf("README.md has no row %d for %q", i+1, r.name)
		}
	}
	if len(names) > len(requests) {
		t.Errorf("README.md has more rows than the table: %q", names)
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
