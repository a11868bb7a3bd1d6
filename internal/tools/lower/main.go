// Command lower turns the description in openapi/ into lowered documents for
// oapi-codegen, one per package, with every Go name and type decided. It also writes
// the files without a template: the version of the API and the package comments.
//
// go generate runs it in the folder of the module.
package main

import (
	"flag"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/document"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

func main() {
	in := flag.String("in", "openapi", "folder of the description")
	out := flag.String("out", ".lowered", "folder for the lowered documents")
	root := flag.String("root", ".", "folder of the module that is generated")
	flag.Parse()
	notes, err := run(*in, *out, *root)
	for _, n := range notes {
		fmt.Fprintln(os.Stderr, "lower:", n)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lower:", err)
		os.Exit(1)
	}
}

// run lowers the description in the folder in. It returns notes on places without a type.
func run(in, out, root string) (notes []string, err error) {
	doc, err := description.LoadAmended(in)
	if err != nil {
		return nil, err
	}
	events, err := description.LoadWebhooks(in)
	if err != nil {
		return nil, err
	}
	description.AddWebhooks(doc, events)
	lock, err := description.ReadLock(in)
	if err != nil {
		return nil, err
	}
	s, notes, err := rules.Lower(doc, lock.Version, func(op *yaml.Node) string {
		return description.Text(op, description.PackageKey)
	})
	if err != nil {
		return notes, err
	}
	if err := document.Write(out, s, s.HandlerNames(rules.GoName)); err != nil {
		return notes, err
	}
	if err := writeVersion(root, lock.Version); err != nil {
		return notes, err
	}
	return notes, writeComments(root, doc, s)
}
