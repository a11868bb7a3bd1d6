package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
)

// takeover is a description with the facts of a published document, before it is written.
type takeover struct {
	merged
	placement
	renames
	before            *yaml.Node // the current description under new names, nil without one
	ours, published   facts.Set
	difference        facts.Difference
	amendments        []description.Amendment // at their places under new names
	standings         []string                // of the amendments that no longer amend
	amended           *yaml.Node              // the merged description with the amendments
	goBefore, goAfter goAPI
	names             names
	dir               string
	decisions         []decision
	// retiredFile is the file of retired words that decisions belong in.
	retiredFile string
	// eventNotes say which schemas of events follow the Backend API no longer.
	eventNotes []string
	files      map[string][]byte
}

// take computes the description in dir after a takeover, and writes nothing. A folder
// without a description has no facts.
func take(dir string, p *published) (*takeover, error) {
	packages, ours, err := loadIfAny(dir)
	if err != nil {
		return nil, err
	}
	events, err := loadEvents(dir, ours)
	if err != nil {
		return nil, err
	}
	old, err := readKept(dir, retiredFile)
	if err != nil {
		return nil, err
	}
	t := &takeover{dir: dir, retiredFile: retiredFile, ours: facts.Set{}, published: p.set, placement: placeTags(packages, ours, p.facts)}
	t.renames = findRenames(ours, p.facts, old.retired)
	t.before = t.renames.rename(ours)
	t.merged = merge(p, kept{doc: t.before, retired: t.renames.carry(old.retired), ruled: old.ruled})
	if t.before != nil {
		if t.ours, err = facts.Of(t.before); err != nil {
			return nil, err
		}
	}
	t.difference = facts.Compare(t.ours, t.published)
	t.names = namesOf(t.placement.of, t.before, t.doc, ours)
	amendments, err := description.ReadAmendments(dir)
	if err != nil {
		return nil, err
	}
	after := t.followEvents(events)
	t.amend(ours, amendments, events.doc, after)
	t.decideAll()
	return t, t.render(p, after)
}

// decideAll collects what has to be decided first.
func (t *takeover) decideAll() {
	t.decide(t.placement.decision(t))
	t.decide(t.renames.decision(t))
	t.decide(incompleteDecision(t.amended))
	t.decide(t.goAfter.decision(filepath.Join(t.dir, retiredFile)))
}

// render makes the files of the description.
func (t *takeover) render(p *published, events *yaml.Node) (err error) {
	if t.files, err = t.placement.packages.Files(t.doc); err != nil {
		return err
	}
	if t.files[retiredFile], err = renderRetired(t.retired); err != nil {
		return err
	}
	if t.files[description.AmendmentsFile], err = description.RenderAmendments(t.amendments); err != nil {
		return err
	}
	if events != nil {
		if t.files[description.WebhooksFile], err = description.RenderWebhooks(events); err != nil {
			return err
		}
	}
	lock, err := description.ReadLock(t.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	lock.Source = p.source(t.timestamps())
	t.files[description.LockFile] = lock.Bytes()
	return nil
}

// readKept reads what an import keeps beside the description itself, with the retired
// words of one file.
func readKept(dir, retired string) (k kept, err error) {
	if k.retired, err = readRetired(dir, retired); err != nil {
		return k, err
	}
	lock, err := description.ReadLock(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	k.ruled = map[string]bool{}
	source := lock.Source
	if retired == retiredWebhooksFile {
		source = lock.Webhooks
	}
	for _, address := range source.Ruled {
		k.ruled[address] = true
	}
	return k, nil
}

// loadIfAny loads the packages and the description in dir, nil if there is none. A
// description with a missing file is an error, because an import would lose the words of
// that file.
func loadIfAny(dir string) (*description.Packages, *yaml.Node, error) {
	packages, err := description.ReadPackages(dir)
	if errors.Is(err, fs.ErrNotExist) && !hasFiles(dir) {
		return &description.Packages{}, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	doc, err := packages.Load(dir)
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return packages, doc, err
	case !hasFiles(dir):
		return packages, nil, nil
	}
	doc, complete := loadPresent(dir, packages)
	if !complete {
		return nil, nil, err
	}
	return packages, doc, nil
}

// loadPresent loads a description without the files that are missing, and reports whether
// it has all facts without them, because their packages are new.
func loadPresent(dir string, packages *description.Packages) (*yaml.Node, bool) {
	doc, err := packages.Without(func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name+".yaml"))
		return errors.Is(err, fs.ErrNotExist)
	}).Load(dir)
	if err != nil {
		return nil, false
	}
	lock, err := description.ReadLock(dir)
	if err != nil {
		return nil, false
	}
	set, err := facts.Of(doc)
	return doc, err == nil && set.Digest() == lock.Facts
}

// hasFiles reports whether a folder has any file that an import of the Backend API writes.
func hasFiles(dir string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	lock, lockErr := description.ReadLock(dir)
	files = slices.DeleteFunc(files, func(file string) bool {
		return slices.Contains([]string{description.AmendmentsFile, description.PackagesFile, description.WebhooksFile, retiredWebhooksFile}, filepath.Base(file))
	})
	return err != nil || len(files) > 0 || lockErr == nil && lock.Version != ""
}
