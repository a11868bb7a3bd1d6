package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
)

// completeFolder has completely written files, which only have to be moved to their
// places. An empty one removes the file at its place.
const completeFolder = ".complete"

// install writes files with this content into dir; nil removes one. All are written to
// another folder before the first is moved, so that a full disk leaves the old ones;
// after a crash, settle moves the rest. It returns the names of the changed files,
// sorted.
func install(dir string, files map[string][]byte) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	changed, err := changedFiles(dir, files)
	if err != nil || len(changed) == 0 {
		return nil, err
	}
	// An interrupt waits for the moves, so that the folder never has files of two
	// descriptions.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	defer signal.Reset(os.Interrupt, syscall.SIGTERM)
	aside, err := os.MkdirTemp(dir, ".spec-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(aside)
	for _, name := range changed {
		if err := os.WriteFile(filepath.Join(aside, name), files[name], 0o644); err != nil {
			return nil, fmt.Errorf("write the new files: %w", err)
		}
	}
	if err := os.Rename(aside, filepath.Join(dir, completeFolder)); err != nil {
		return nil, err
	}
	return changed, settle(dir)
}

func changedFiles(dir string, files map[string][]byte) ([]string, error) {
	var changed []string
	for name, data := range files {
		old, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if (err == nil) != (data != nil) || !bytes.Equal(old, data) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed, nil
}

// settle moves the files of an interrupted install to their places.
func settle(dir string) error {
	complete := filepath.Join(dir, completeFolder)
	entries, err := os.ReadDir(complete)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		from, to := filepath.Join(complete, entry.Name()), filepath.Join(dir, entry.Name())
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Size() == 0 {
			err = errors.Join(remove(to), remove(from))
		} else {
			err = os.Rename(from, to)
		}
		if err != nil {
			return err
		}
	}
	return os.Remove(complete)
}

func remove(file string) error {
	if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
