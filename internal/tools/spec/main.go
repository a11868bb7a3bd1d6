// Command spec keeps the description of the API, openapi/*.yaml, in sync with Clerk's
// published OpenAPI document.
//
//	spec import SPEC   take over the facts of a document (a path or an http(s) address)
//	spec diff SPEC     print what an import would change, and change nothing
//	spec check fail if a file is not in canonical form or a fact was changed by hand
//	spec format        bring files that were edited by hand into canonical form
//
// An import keeps our words and Go decisions in place, and with an operation whose path
// has changed. The words of what the document no longer has move to
// openapi/retired.yaml and return from there.
//
// The exit status is 0 on success, which for diff means no difference; 1 if diff finds
// a difference or check a fault; 2 if the arguments are wrong or our own files cannot
// be used; 3 if the published document cannot be used. In the last two cases nothing is
// written, except that an interrupted import is finished.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// The exit statuses.
const (
	fine      = 0
	differing = 1
	unusable  = 2
	refused   = 3
)

func main() {
	dir := flag.String("dir", "openapi", "the folder of the description")
	flag.Usage = func() { fmt.Fprintln(os.Stderr, "usage: spec [-dir openapi] import SPEC | diff SPEC | check | format") }
	flag.Parse()
	os.Exit(run(*dir, flag.Args(), os.Stdout, os.Stderr))
}

func run(dir string, args []string, out, errs io.Writer) int {
	if err := settle(dir); err != nil {
		fmt.Fprintln(errs, "spec: finish an interrupted import:", err)
		return unusable
	}
	switch {
	case len(args) == 2 && (args[0] == "import" || args[0] == "diff"):
		return takeOver(dir, args[0] == "import", args[1], out, errs)
	case len(args) == 1 && args[0] == "check":
		if err := check(dir); err != nil {
			fmt.Fprintln(errs, "spec:", err)
			return differing
		}
		return fine
	case len(args) == 1 && args[0] == "format":
		return format(dir, out, errs)
	}
	fmt.Fprintln(errs, "spec: want import SPEC, diff SPEC, check or format")
	return unusable
}

func takeOver(dir string, write bool, source string, out, errs io.Writer) int {
	p, err := readPublished(source)
	if err != nil {
		return refuse(errs, source, err)
	}
	t, err := take(dir, p)
	switch {
	case errors.Is(err, errCollision):
		return refuse(errs, source, err)
	case err != nil:
		fmt.Fprintln(errs, "spec:", err)
		return unusable
	}
	t.report(out)
	switch {
	case write:
		t.reportAllWordless(out)
		return save(dir, t.files, out, errs)
	case t.difference.Empty():
		return fine
	}
	return differing
}

// refuse reports in one line why the published document cannot be used.
func refuse(errs io.Writer, source string, err error) int {
	fmt.Fprintf(errs, "spec: %s: %s\n", source, firstLine(err))
	return refused
}

// firstLine shortens an error with several lines, such as a validator's.
func firstLine(err error) string {
	lines := slices.DeleteFunc(strings.Split(err.Error(), "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(lines) == 0 {
		return "unknown error"
	}
	return strings.TrimSpace(lines[0])
}

func format(dir string, out, errs io.Writer) int {
	files, err := canonical(dir)
	if err != nil {
		fmt.Fprintln(errs, "spec:", err)
		return unusable
	}
	return save(dir, files, out, errs)
}

func save(dir string, files map[string][]byte, out, errs io.Writer) int {
	changed, err := install(dir, files)
	if err != nil {
		fmt.Fprintln(errs, "spec: write the description:", err)
		return unusable
	}
	if len(changed) == 0 {
		fmt.Fprintln(out, "no file changed")
	}
	for _, name := range changed {
		fmt.Fprintln(out, "wrote", name)
	}
	return fine
}
