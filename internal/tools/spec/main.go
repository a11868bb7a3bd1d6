// Command spec keeps the description of the API, openapi/*.yaml, in sync with Clerk's
// published OpenAPI document.
//
//	spec import SPEC   take over the facts of a document (a path or an http(s) address)
//	spec diff SPEC     print what an import would change, and change nothing
//	spec check         fail if a file is not in canonical form or a fact was changed by hand
//	spec format        bring files that were edited by hand into canonical form
//
// An import keeps our words and Go decisions in place, and with an operation whose path
// has changed. The words of what the document no longer has move to
// openapi/retired.yaml and return from there.
//
// In a Go module, an import also generates the code, and builds and vets every module.
//
// The last line says how much a document changes: "breaks" or "adds" something for Go
// callers, is "invisible" to them, or that "nothing differs". What "needs a decision" is
// answered first: tags that packages.yaml does not place, schemas that may be renamed,
// names that are required without a property, Go names that are taken.
//
// The exit status is 0 on success, which for diff means no difference, and 2 if the
// arguments are wrong or our own files cannot be used. Otherwise it is the worst of
//
//	1  diff finds something that breaks nothing, check finds a fault, or an import took
//	   the document over and code no longer builds
//	3  the published document cannot be used
//	4  diff finds something that breaks Go callers
//	5  the published document needs a decision
//
// With 2, 3 and 5 nothing is written, except that an interrupted import is finished.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The exit statuses.
const (
	fine       = 0
	differing  = 1
	unusable   = 2
	refused    = 3
	breaks     = 4
	unanswered = 5
)

func main() {
	dir := flag.String("dir", "openapi", "the folder of the description")
	flag.Usage = func() { fmt.Fprintln(os.Stderr, "usage: spec [-dir openapi] import SPEC | diff SPEC | check | format") }
	flag.Parse()
	c := command{dir: *dir, out: os.Stdout, errs: os.Stderr}
	if root := filepath.Join(*dir, ".."); isModule(root) {
		c.rebuild = func() error { return rebuild(root, os.Stdout) }
	}
	os.Exit(c.run(flag.Args()))
}

// command works on the description in the folder dir.
type command struct {
	dir       string
	out, errs io.Writer
	// rebuild makes the code from a description that was taken over; nil without code.
	rebuild func() error
}

func (c command) run(args []string) int {
	if err := settle(c.dir); err != nil {
		return c.fail("finish an interrupted import:", err)
	}
	switch {
	case len(args) == 2 && (args[0] == "import" || args[0] == "diff"):
		return c.takeOver(args[0] == "import", args[1])
	case len(args) == 1 && args[0] == "check":
		if err := check(c.dir); err != nil {
			fmt.Fprintln(c.errs, "spec:", err)
			return differing
		}
		return fine
	case len(args) == 1 && args[0] == "format":
		return c.format()
	}
	return c.fail("want import SPEC, diff SPEC, check or format")
}

// fail reports wrong arguments, or a folder that cannot be used.
func (c command) fail(why ...any) int {
	fmt.Fprintln(c.errs, append([]any{"spec:"}, why...)...)
	return unusable
}

func (c command) takeOver(write bool, source string) int {
	p, err := readPublished(source)
	if err != nil {
		// One line says why the published document cannot be used.
		fmt.Fprintf(c.errs, "refused: %s: %s\n", source, firstLine(err))
		return refused
	}
	of := take
	if p.webhooks {
		of = takeWebhooks
	}
	t, err := of(c.dir, p)
	if err != nil {
		return c.fail(err)
	}
	counts := t.report(c.out)
	last := t.conclusion(counts)
	if v := t.verdict(); !write || v == undecided {
		fmt.Fprintln(c.out, last)
		return v.status()
	}
	t.reportAllWordless(c.out)
	return c.install(t, last)
}

// firstLine shortens an error with several lines, such as a validator's.
func firstLine(err error) string {
	lines := slices.DeleteFunc(strings.Split(err.Error(), "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(lines) == 0 {
		return "unknown error"
	}
	return strings.TrimSpace(lines[0])
}

// install writes what a takeover makes of the description, and the code from it.
func (c command) install(t *takeover, last string) int {
	if err := c.save(t.files); err != nil {
		return c.fail(err)
	}
	if c.rebuild == nil {
		fmt.Fprintln(c.out, last)
		return fine
	}
	switch err := c.rebuild(); {
	case errors.As(err, new(*brokenError)):
		fmt.Fprintf(c.out, "%s; %v\n", last, err)
		return differing
	case err != nil:
		return c.fail(err)
	}
	fmt.Fprintln(c.out, last)
	return fine
}

func (c command) format() int {
	files, err := canonical(c.dir)
	if err == nil {
		err = c.save(files)
	}
	if err != nil {
		return c.fail(err)
	}
	return fine
}

// save writes files of the description and names those that changed.
func (c command) save(files map[string][]byte) error {
	changed, err := install(c.dir, files)
	if err != nil {
		return fmt.Errorf("write the description: %w", err)
	}
	if len(changed) == 0 {
		fmt.Fprintln(c.out, "no file changed")
	}
	for _, name := range changed {
		fmt.Fprintln(c.out, "wrote", name)
	}
	return nil
}
