package main

import (
	"errors"
	"fmt"
	"io/fs"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// taken is the outcome of an import.
type taken struct {
	merged
	difference facts.Difference
	changed    []string
}

// importInto makes the description in dir state what the published document states.
// Nothing in dir is touched before the new files are complete.
func importInto(dir string, p *published) (*taken, error) {
	ours, err := description.Load(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	retired, err := readRetired(dir)
	if err != nil {
		return nil, err
	}
	t := &taken{merged: merge(p, ours, retired)}
	before, err := factsOf(ours)
	if err != nil {
		return nil, err
	}
	t.difference = facts.Compare(before, p.set)
	files, err := description.Files(t.doc)
	if err != nil {
		return nil, err
	}
	if files[retiredFile], err = renderRetired(t.retired); err != nil {
		return nil, err
	}
	lock := description.Lock{Version: p.version, SHA256: p.sha256, Facts: p.set.Digest()}
	files[description.LockFile] = lock.Bytes()
	t.changed, err = install(dir, files)
	if err != nil {
		return nil, fmt.Errorf("write the description: %w", err)
	}
	return t, nil
}

func factsOf(doc *yaml.Node) (facts.Set, error) {
	if doc == nil {
		return facts.Set{}, nil
	}
	return facts.Of(doc)
}
