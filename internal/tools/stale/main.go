// Command stale names the files that differ from what the project's own commands
// make of them: generated code, formatting, go.mod, the code in README.md.
//
//	stale TARGET...
//
// It copies the tree as it is, with uncommitted changes and new files, into
// .bin/tree and runs make with each target there. A file that a target changes,
// adds or removes is reported with the target, and stale exits with status 1.
// The tree itself is only read, so a generated file that was edited by hand keeps
// its edit until somebody runs the target.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: stale TARGET...")
		os.Exit(2)
	}
	found, err := stale(".", os.Args[1:])
	for _, line := range found {
		fmt.Fprintln(os.Stderr, line)
	}
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "stale:", err)
		os.Exit(1)
	case len(found) > 0:
		fmt.Fprintln(os.Stderr, "stale: run these targets, or make fix, and commit the result; edits in generated files are overwritten")
		os.Exit(1)
	}
}

// stale returns a line for each file that one of the targets changes in a copy of
// the tree at root.
func stale(root string, targets []string) ([]string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	tree := filepath.Join(root, ".bin", "tree")
	if err := os.RemoveAll(tree); err != nil {
		return nil, err
	}
	list, err := lister(root)
	if err != nil {
		return nil, err
	}
	before, err := read(root, list)
	if err != nil {
		return nil, err
	}
	if err := before.write(tree); err != nil {
		return nil, err
	}
	var found []string
	for _, target := range targets {
		if err := run(tree, target); err != nil {
			return found, err
		}
		after, err := read(tree, list)
		if err != nil {
			return found, err
		}
		for _, change := range before.changes(after) {
			found = append(found, fmt.Sprintf("make %s %s", target, change))
		}
		before = after
	}
	return found, nil
}

// run makes a target in the folder tree. Its output is shown only when it fails.
func run(tree, target string) error {
	command := exec.Command("make", "--no-print-directory", target)
	command.Dir = tree
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		return fmt.Errorf("make %s: %w\n%s", target, err, strings.TrimSpace(output.String()))
	}
	return nil
}
