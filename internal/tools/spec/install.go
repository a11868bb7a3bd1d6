package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// install makes the files in dir have this content; nil removes one. All are written
// aside and then renamed, so that a full disk leaves the old ones. It returns the names
// of the files that changed, sorted.
func install(dir string, files map[string][]byte) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
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
	if len(changed) == 0 {
		return nil, nil
	}
	aside, err := os.MkdirTemp(dir, ".spec-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(aside)
	for _, name := range changed {
		if files[name] == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(aside, name), files[name], 0o644); err != nil {
			return nil, fmt.Errorf("write aside: %w", err)
		}
	}
	for _, name := range changed {
		to := filepath.Join(dir, name)
		if files[name] == nil {
			err = os.Remove(to)
		} else {
			err = os.Rename(filepath.Join(aside, name), to)
		}
		if err != nil {
			return nil, err
		}
	}
	return changed, nil
}
