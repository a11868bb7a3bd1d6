package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// check returns an error with every file of the description that is not in canonical
// form, and if the facts are not those that LOCK records.
func check(dir string) error {
	files, err := canonical(dir)
	if err != nil {
		return err
	}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && (files[name] != nil || !errors.Is(err, os.ErrNotExist)) {
			problems = append(problems, err)
			continue
		}
		if n := differs(data, files[name]); n > 0 {
			problems = append(problems, fmt.Errorf("%s is not in canonical form, first at line %d: run spec format", name, n))
		}
	}
	return errors.Join(append(problems, checkAmendments(dir), checkLock(dir), checkEvents(dir))...)
}

// checkAmendments returns an error with every amendment that the description has,
// contradicts or has no place for.
func checkAmendments(dir string) error {
	doc, err := description.Load(dir)
	if err != nil {
		return err
	}
	amendments, err := description.ReadAmendments(dir)
	if err != nil {
		return err
	}
	return errors.Join(description.Standings(doc, amendments)...)
}

// canonical returns the content that the files of the description should have.
func canonical(dir string) (map[string][]byte, error) {
	packages, err := description.ReadPackages(dir)
	if err != nil {
		return nil, err
	}
	doc, err := packages.Load(dir)
	if err != nil {
		return nil, err
	}
	files, err := packages.Files(doc)
	if err != nil {
		return nil, err
	}
	for _, file := range []string{retiredFile, retiredWebhooksFile} {
		retired, err := readRetired(dir, file)
		if err != nil {
			return nil, err
		}
		if files[file], err = renderRetired(retired); err != nil {
			return nil, err
		}
	}
	events, err := description.LoadWebhooks(dir)
	if err == nil {
		files[description.WebhooksFile], err = description.RenderWebhooks(events)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	amendments, err := description.ReadAmendments(dir)
	if err != nil {
		return nil, err
	}
	if files[description.AmendmentsFile], err = description.RenderAmendments(amendments); err != nil {
		return nil, err
	}
	lock, err := description.ReadLock(dir)
	if err != nil {
		return nil, err
	}
	files[description.LockFile] = lock.Bytes()
	return files, nil
}

// checkLock compares LOCK with the version and the facts of the description.
func checkLock(dir string) error {
	lock, err := description.ReadLock(dir)
	if err != nil {
		return err
	}
	doc, err := description.Load(dir)
	if err != nil {
		return err
	}
	if version := description.Text(doc, "info", "version"); version != lock.Version {
		return fmt.Errorf("%s has version %s, the description has %s", description.LockFile, lock.Version, version)
	}
	set, err := facts.Of(doc)
	if err != nil {
		return err
	}
	if set.Digest() != lock.Facts {
		return fmt.Errorf("the facts are not those that %s records: only spec import may change facts", description.LockFile)
	}
	return nil
}

// differs returns the number of the first line that differs, and 0 if none does.
func differs(a, b []byte) int {
	if bytes.Equal(a, b) {
		return 0
	}
	was, is := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(was), len(is)) {
		if !bytes.Equal(was[i], is[i]) {
			return i + 1
		}
	}
	return min(len(was), len(is))
}
