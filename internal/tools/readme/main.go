// Command readme copies compiled example code into README.md, so that no reader
// meets a program that does not build.
//
//	readme          rewrite README.md
//	readme -check   fail when README.md differs from its examples
//
// A block of Go code is copied where a comment in front of it names its source:
// a whole file, or a file and one of its functions, whose body is taken, if
// wanted without the first paragraph and the output.
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
