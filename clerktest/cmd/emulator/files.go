package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// checkFiles returns an error for files that cannot be used together, and for an export
// that could not be written at the end. The export may replace the seed.
func (s settings) checkFiles() error {
	switch {
	case s.persist == "":
	case sameFile(s.persist, s.export):
		return errors.New("-persist and -export are the same file, which the export would overwrite")
	case sameFile(s.persist, s.seed):
		return errors.New("-persist and -seed are the same file, but the content that is kept is not a seed")
	}
	if s.export == "" {
		return nil
	}
	f, _, err := createExport(s.export)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// sameFile reports whether two paths, of which the second may be empty, lead to one file.
func sameFile(a, b string) bool {
	if b == "" {
		return false
	}
	first, err := os.Stat(a)
	second, errSecond := os.Stat(b)
	if err == nil && errSecond == nil {
		return os.SameFile(first, second)
	}
	return place(a) == place(b)
}

// place returns the path of a file, which may not exist yet, without symbolic links to its
// folder.
func place(path string) string {
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return filepath.Clean(path)
	}
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	return filepath.Join(folder, filepath.Base(path))
}

// createExport returns a new file, which only its owner can read, beside the one that it is
// to replace: the target, to which symbolic links may lead.
func createExport(path string) (f *os.File, target string, err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, "", fmt.Errorf("export: %s is not a regular file", path)
	}
	target, err = filepath.EvalSymlinks(path)
	if err != nil {
		target = path // not there yet
	}
	f, err = os.CreateTemp(filepath.Dir(target), ".export-*")
	if err != nil {
		return nil, "", exportError(path, err)
	}
	return f, target, nil
}

// exportError names the export in place of the file that is renamed to it.
func exportError(path string, err error) error {
	if failed, ok := errors.AsType[*os.PathError](err); ok {
		err = failed.Err
	}
	if failed, ok := errors.AsType[*os.LinkError](err); ok {
		err = failed.Err
	}
	return fmt.Errorf("export: %s: %w", path, err)
}

// writeSeed writes a seed, which has secrets, to a file that only its owner can read.
func writeSeed(path string, seed clerktest.Seed) error {
	data, err := json.MarshalIndent(seed, "", "  ")
	if err != nil {
		return err
	}
	f, target, err := createExport(path)
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), target)
	}
	if err != nil {
		os.Remove(f.Name())
		return exportError(path, err)
	}
	return nil
}
