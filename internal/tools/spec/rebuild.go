package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// brokenError says that a taken over description no longer fits the rest of the code.
type brokenError struct {
	what  string
	files []string
}

func (e *brokenError) Error() string {
	if len(e.files) == 0 {
		return e.what
	}
	return e.what + ": " + strings.Join(e.files, ", ")
}

// rebuild generates the code of the module at root from its description, and builds and
// vets every module there. It writes what fails to out, and returns a brokenError with
// the files that no longer build.
func rebuild(root string, out io.Writer) error {
	if failed, ok := runGo(root, out, "generate", "./..."); !ok {
		return &brokenError{what: "go generate fails", files: failed}
	}
	modules, err := modulesIn(root)
	if err != nil {
		return err
	}
	var broken []string
	builds := true
	for _, module := range modules {
		if packages, err := exec.Command("go", "list", "-C", filepath.Join(root, module), "./...").Output(); err == nil && len(packages) == 0 {
			continue // a module of tools has nothing to build
		}
		failed, ok := runGo(filepath.Join(root, module), out, "build", "-o", os.DevNull, "./...")
		if !ok {
			// The compiler stops at ten errors of a package, unless it is told not to.
			failed, _ = runGo(filepath.Join(root, module), io.Discard, "build", "-o", os.DevNull, "-gcflags=-e", "./...")
		}
		vetted, okToo := runGo(filepath.Join(root, module), out, "vet", "./...")
		for _, file := range append(failed, vetted...) {
			broken = append(broken, filepath.ToSlash(filepath.Join(module, file)))
		}
		builds = builds && ok && okToo
	}
	if builds {
		return nil
	}
	slices.Sort(broken)
	return &brokenError{what: "taken over, but code no longer builds", files: slices.Compact(broken)}
}

// fileName matches the file of a line that go build or go vet prints.
var fileName = regexp.MustCompile(`(?m)^(?:vet: )?(\S+\.go):\d+`)

// runGo runs a go command in a module, and returns the files that it complains about.
func runGo(dir string, out io.Writer, args ...string) (files []string, ok bool) {
	command := exec.Command("go", args...)
	command.Dir = dir
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		fmt.Fprintf(out, "go %s in %s: %v\n%s", strings.Join(args, " "), dir, err, &output)
		for _, match := range fileName.FindAllStringSubmatch(output.String(), -1) {
			files = append(files, match[1])
		}
		return files, false
	}
	return nil, true
}

// modulesIn lists the folders with a go.mod, relative to root and root first.
func modulesIn(root string) ([]string, error) {
	var modules []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules"):
			return fs.SkipDir
		case name == "go.mod":
			module, err := filepath.Rel(root, filepath.Dir(path))
			modules = append(modules, module)
			return err
		}
		return nil
	})
	slices.Sort(modules)
	return modules, err
}

// isModule reports whether a folder is the root of a Go module.
func isModule(root string) bool {
	_, err := os.Stat(filepath.Join(root, "go.mod"))
	return !errors.Is(err, fs.ErrNotExist)
}
