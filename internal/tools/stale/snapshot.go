package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// snapshot holds the files of a tree by their slash-separated path.
type snapshot map[string]file

type file struct {
	mode    fs.FileMode
	content []byte // of a symbolic link: where it points
}

// lister returns a function that lists the files of a copy of the repository at
// root: those that the repository tracks, and others that it does not ignore.
func lister(root string) (func(tree string) ([]string, error), error) {
	git, err := output(root, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return nil, err
	}
	return func(tree string) ([]string, error) {
		names, err := output(tree, "--git-dir", strings.TrimSpace(git), "--work-tree", tree,
			"ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
		return strings.FieldsFunc(names, func(r rune) bool { return r == 0 }), err
	}, nil
}

func output(dir string, args ...string) (string, error) {
	command := exec.Command("git", args...)
	command.Dir = dir
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return string(out), nil
}

// read takes a snapshot of a tree. A tracked file that was deleted is not in it.
func read(tree string, list func(string) ([]string, error)) (snapshot, error) {
	names, err := list(tree)
	if err != nil {
		return nil, err
	}
	files := snapshot{}
	for _, name := range names {
		f, err := readFile(filepath.Join(tree, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		files[name] = f
	}
	return files, nil
}

func readFile(path string) (file, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return file{}, err
	}
	if info.Mode().Type() == fs.ModeSymlink {
		target, err := os.Readlink(path)
		return file{info.Mode(), []byte(target)}, err
	}
	content, err := os.ReadFile(path)
	return file{info.Mode(), content}, err
}

// write puts the files of a snapshot into the folder tree.
func (s snapshot) write(tree string) error {
	for name, f := range s {
		path := filepath.Join(tree, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if f.mode.Type() == fs.ModeSymlink {
			if err := os.Symlink(string(f.content), path); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(path, f.content, f.mode.Perm()); err != nil {
			return err
		}
	}
	return nil
}

// changes says what became of each file that differs in after, sorted by name.
func (s snapshot) changes(after snapshot) []string {
	all := maps.Clone(s)
	maps.Copy(all, after)
	var changes []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		was, before := s[name]
		is, now := after[name]
		switch {
		case !now:
			changes = append(changes, "removes "+name)
		case !before:
			changes = append(changes, "adds "+name)
		case was.mode != is.mode || !bytes.Equal(was.content, is.content):
			changes = append(changes, "changes "+name)
		}
	}
	return changes
}
