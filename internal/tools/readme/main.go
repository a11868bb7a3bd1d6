// Command readme copies compiled example code into README.md and the pages of docs/, so
// that every program there builds.
//
//	readme        rewrite them
//	readme -check fail if one of them differs from its examples
//
// A comment before a block of Go code names its source: a whole file, or a file and one
// of its functions, whose body is copied, optionally without the first paragraph and
// the output.
//
//	<!-- code: examples/endpoints/main.go -->
//	<!-- code: auth/example_test.go ExampleAuthenticator_Middleware -->
//	<!-- code: users/example_test.go ExampleAllUsers without setup -->
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	check := flag.Bool("check", false, "compare instead of writing")
	flag.Parse()
	if err := fillAll(*check); err != nil {
		fmt.Fprintln(os.Stderr, "readme:", err)
		os.Exit(1)
	}
}

// fillAll fills every page of the repository, which is the current folder.
func fillAll(check bool) error {
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		return err
	}
	for _, page := range append(pages, "README.md") {
		err = errors.Join(err, run(page, check))
	}
	return err
}

func run(file string, check bool) error {
	before, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	after, err := fill(before, os.ReadFile)
	if err != nil {
		return err
	}
	switch {
	case bytes.Equal(before, after):
		return nil
	case check:
		return fmt.Errorf("%s differs from its examples; make readme copies them", file)
	}
	return os.WriteFile(file, after, 0o644)
}
