// Command exports keeps docs/surface.txt: the exported declarations of every public
// package of the module, one a line, so that a change of them is seen in review.
//
//	exports          write docs/surface.txt
//	exports -check   fail when docs/surface.txt is not what the code exports
//
// Both refuse to drop or change a line that the file had at the base, unless
// CHANGELOG.md has the name in backquotes under Breaking of Unreleased. The base
// is the last tag, else the merge base with the branch of origin, else HEAD. A base
// without the file allows everything.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	surfaceFile   = "docs/surface.txt"
	changelogFile = "CHANGELOG.md"
)

func main() {
	check := flag.Bool("check", false, "compare instead of writing")
	flag.Parse()
	if err := run(".", *check); err != nil {
		fmt.Fprintln(os.Stderr, "exports:", err)
		os.Exit(1)
	}
}

func run(root string, check bool) error {
	lines, err := exported(root)
	if err != nil {
		return err
	}
	was, err := atBase(root)
	if err != nil {
		return err
	}
	changelog, err := os.ReadFile(filepath.Join(root, changelogFile))
	if err != nil {
		return err
	}
	if broken := unannounced(was, lines, breaking(string(changelog))); len(broken) > 0 {
		return fmt.Errorf("these names were removed or changed and do not stand in backquotes under Breaking of Unreleased in %s:\n%s",
			changelogFile, strings.Join(broken, "\n"))
	}
	path := filepath.Join(root, surfaceFile)
	if !check {
		return os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
	}
	written, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return compare(split(string(written)), lines)
}

// compare returns an error that names the lines in which the file and the code differ.
func compare(written, lines []string) error {
	if slices.Equal(written, lines) {
		return nil
	}
	var differences []string
	for _, line := range written {
		if _, found := slices.BinarySearch(lines, line); !found {
			differences = append(differences, "- "+line)
		}
	}
	for _, line := range lines {
		if !slices.Contains(written, line) {
			differences = append(differences, "+ "+line)
		}
	}
	if len(differences) == 0 {
		return errors.New(surfaceFile + " is not sorted or has a line twice; make surface writes it")
	}
	return fmt.Errorf("%s is not what the code exports; make surface writes it:\n%s", surfaceFile, strings.Join(differences, "\n"))
}

func split(text string) []string {
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
