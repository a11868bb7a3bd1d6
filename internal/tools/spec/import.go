package main

import (
	"errors"
	"fmt"
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
	standings         []string // of the amendments that no longer amend
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
	if err := t.amend(dir); err != nil {
		return nil, err
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

// amend compares the Go API before and after the takeover, both with the amendments, and
// finds the amendments that the document settles.
func (t *takeover) amend(dir string) error {
	amendments, err := description.ReadAmendments(dir)
	if err != nil {
		return err
	}
	after := description.Clone(t.doc)
	for i, err := range description.Standings(after, amendments) {
		if err == nil {
			err = t.unit(amendments[i])
		}
		if err != nil {
			t.standings = append(t.standings, err.Error())
		}
	}
	if t.difference.Empty() {
		return nil
	}
	before := description.Clone(t.before)
	if before != nil {
		// What does not fit the current description was reported when it was imported.
		_ = description.Amend(before, amendments)
	}
	t.goBefore, t.goAfter = goAPIOf(before), goAPIOf(after)
	return nil
}

// unit looks for a unit that the document's text says about the place of an amendment.
func (t *takeover) unit(a description.Amendment) error {
	decided, said := description.Text(a.Fact, typeKey), t.said[a.Place]
	switch {
	case decided == "" || said == "":
		return nil
	case decided == said:
		return fmt.Errorf("%s: %w", a.Place, description.ErrHasIt)
	}
	return fmt.Errorf("%s: %w", a.Place, description.ErrOtherwise)
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
