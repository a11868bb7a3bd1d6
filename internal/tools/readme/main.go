// Command readme copies compiled example code into README.md, so that every program
// there builds.
//
//	readme          rewrite README.md
//	readme -check fail if README.md differs from its examples
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
	"flag"
	"fmt"
	"os"
)

func main() {
	check := flag.Bool("check", false, "compare instead of writing")
	file := flag.String("file", "README.md", "the file that holds the blocks")
	flag.Parse()
	if err := run(*file, *check); err != nil {
		fmt.Fprintln(os.Stderr, "readme:", err)
		os.Exit(1)
	}
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
