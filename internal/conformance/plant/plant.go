// Package plant puts mistakes into copies of a package of this repository. A comparison
// that does not find them compares too little.
package plant

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Fault is a mistake in one expression of a package.
type Fault struct {
	Name  string
	Code  string // source text of the package, with the expression in « »
	Wrong string // the expression that replaces it
}

// Variable names the fault that is active in a build with faults.
const Variable = "PLANTED_FAULT"

// chooser is the file that a build with faults adds to the package.
const chooser = `package %s

import "os"

func faulty[T any](name string, wrong, right T) T {
	if os.Getenv("` + Variable + `") == name {
		return wrong
	}
	return right
}
`

// Overlay writes copies of the sources of a package in a folder of the root module to
// dir, with every fault in them, each active under its name alone. It returns the path
// of the overlay file for the compiler.
func Overlay(folder, dir string, faults []Fault) (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/backend-sdk/clerk-go").Output()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	from := filepath.Join(strings.TrimSpace(string(root)), folder)
	sources, err := readSources(from)
	if err != nil {
		return "", err
	}
	changed := map[string]string{"faulty.go": fmt.Sprintf(chooser, filepath.Base(folder))}
	for _, f := range faults {
		name, err := f.insert(sources)
		if err != nil {
			return "", fmt.Errorf("package %s %w", folder, err)
		}
		changed[name] = sources[name]
	}
	replace := map[string]string{}
	for name, text := range changed {
		replace[filepath.Join(from, name)] = filepath.Join(dir, name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, text, 0o644)
}

// readSources returns the sources of a package by file name, without its tests.
func readSources(dir string) (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	sources := map[string]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		sources[filepath.Base(path)] = string(text)
	}
	return sources, nil
}

// insert puts the fault into the source that has its code, and returns the name of
// that file. The code must occur exactly once.
func (f *Fault) insert(sources map[string]string) (name string, err error) {
	before, rest, _ := strings.Cut(f.Code, "«")
	right, after, _ := strings.Cut(rest, "»")
	code := before + right + after
	count := 0
	for file, text := range sources {
		if n := strings.Count(text, code); n > 0 {
			name, count = file, count+n
		}
	}
	if count != 1 {
		return "", fmt.Errorf("has the code %q %d times, want once", code, count)
	}
	either := fmt.Sprintf("%sfaulty(%q, %s, %s)%s", before, f.Name, f.Wrong, right, after)
	sources[name] = strings.Replace(sources[name], code, either, 1)
	return name, nil
}
