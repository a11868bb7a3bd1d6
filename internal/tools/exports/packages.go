package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// listed is what `go list` says of a package.
type listed struct {
	ImportPath, Name, Export string
	DepOnly                  bool
	Module                   *struct{ Path string }
}

// public reports whether other modules can import the package.
func (p listed) public() bool {
	return !p.DepOnly && p.Name != "main" && !slices.Contains(strings.Split(p.ImportPath, "/"), "internal")
}

// exported returns the lines of every public package of the module at root, sorted.
// The compiler's export data is read, so that each type is the one that a caller
// gets, and a module that was just built is not checked again.
func exported(root string) ([]string, error) {
	packages, err := list(root)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	compiled := importer.ForCompiler(token.NewFileSet(), "gc", open)
	var lines []string
	for _, p := range packages {
		if !p.public() {
			continue
		}
		pkg, err := compiled.Import(p.ImportPath)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
		lines = append(lines, declarations(pkg, p.Module.Path)...)
	}
	if len(lines) == 0 {
		return nil, errors.New("the module exports nothing")
	}
	slices.Sort(lines)
	return slices.Compact(lines), nil
}

// list compiles the packages of the module at root and what they import.
func list(root string) ([]listed, error) {
	command := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Name,Export,DepOnly,Module", "./...")
	command.Dir = root
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, strings.TrimSpace(stderr.String()))
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages, nil
		}
		if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

// declarations returns the lines of one package, in no order.
func declarations(pkg *types.Package, module string) []string {
	p := printer{pkg: pkg, module: module}
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			p.declare(pkg.Scope().Lookup(name))
		}
	}
	return p.lines
}
