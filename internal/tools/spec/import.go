package main

import (
	"errors"
	"io/fs"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// takeover is a description with the facts of a published document, before it is written.
type takeover struct {
	merged
	before            *yaml.Node // the current description, nil without one
	ours, published   facts.Set
	difference        facts.Difference
	goBefore, goAfter goAPI
	names             names
	files             map[string][]byte
}

// take computes the description in dir after a takeover, and writes nothing. A folder
// without a description has no facts.
func take(dir string, p *published) (*takeover, error) {
	ours, err := loadIfAny(dir)
	if err != nil {
		return nil, err
	}
	retired, err := readRetired(dir)
	if err != nil {
		return nil, err
	}
	t := &takeover{merged: merge(p, ours, retired), before: ours, ours: facts.Set{}, published: p.set}
	if err := t.checkNames(filepath.Join(dir, retiredFile)); err != nil {
		return nil, err
	}
	if ours != nil {
		if t.ours, err = facts.Of(ours); err != nil {
			return nil, err
		}
	}
	t.difference = facts.Compare(t.ours, t.published)
	t.names = namesOf(ours, t.doc)
	if !t.difference.Empty() {
		t.goBefore, t.goAfter = goAPIOf(ours), goAPIOf(t.doc)
	}
	if t.files, err = description.Files(t.doc); err != nil {
		return nil, err
	}
	if t.files[retiredFile], err = renderRetired(t.retired); err != nil {
		return nil, err
	}
	lock := description.Lock{Version: p.version, SHA256: p.sha256, Facts: p.set.Digest()}
	t.files[description.LockFile] = lock.Bytes()
	return t, nil
}

// loadIfAny loads the description in dir, nil if there is none. A description with a
// missing file is an error, because an import would lose the words of that file.
func loadIfAny(dir string) (*yaml.Node, error) {
	doc, err := description.Load(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return doc, err
	}
	left, globErr := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if globErr != nil || len(left) > 0 {
		return nil, errors.Join(err, globErr)
	}
	return nil, nil
}
