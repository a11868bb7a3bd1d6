// Command tables writes the request side of the description in openapi/ as Go tables.
// The emulated instance of package clerktest checks requests with them.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "tables: "+err.Error())
		}
		os.Exit(1)
	}
}

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("tables", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("openapi", "openapi", "the `directory` of the description")
	out := flags.String("out", "clerktest/internal/description/tables.gen.go", "the Go `file` to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	doc, err := description.LoadAmended(*dir)
	if err != nil {
		return err
	}
	operations, components, err := read(doc)
	if err != nil {
		return err
	}
	source, err := tables(operations, components)
	if err != nil {
		return err
	}
	return os.WriteFile(*out, source, 0o644)
}
