package description

import (
	"errors"
	"fmt"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// PackagesFile names the file in the description's folder that places each tag.
const PackagesFile = "packages.yaml"

// billing has every operation with one of its tags, even if another tag comes first.
const billing = "billing"

// ErrUnplaced marks a tag that the file of packages does not place.
var ErrUnplaced = errors.New("no package has the tag")

// Packages says which Go package has the operations of a tag.
type Packages struct {
	names []string
	homes map[string]string // by tag
}

// ReadPackages reads the places of all tags from the description's folder.
func ReadPackages(dir string) (*Packages, error) {
	file := filepath.Join(dir, PackagesFile)
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the packages: %w", err)
	}
	doc, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	p := &Packages{homes: map[string]string{}}
	for tag := range Pairs(doc) {
		name := Text(doc, tag)
		if !isPackageName(name) {
			return nil, fmt.Errorf("%s: %q is not a Go package for the tag %q", file, name, tag)
		}
		p.place(tag, name)
	}
	return p, nil
}

// isPackageName reports whether a package may have this name. The names of the other
// files beside those of packages are taken.
func isPackageName(name string) bool {
	taken := []string{"amendments", "components", "packages", "retired", "webhooks"}
	return token.IsIdentifier(name) && name == strings.ToLower(name) && !slices.Contains(taken, name)
}

func (p *Packages) place(tag, name string) {
	p.homes[tag] = name
	if !slices.Contains(p.names, name) {
		p.names = append(p.names, name)
	}
}

// With returns a copy that also places these tags.
func (p *Packages) With(homes map[string]string) *Packages {
	more := &Packages{names: slices.Clone(p.names), homes: maps.Clone(p.homes)}
	if more.homes == nil {
		more.homes = map[string]string{}
	}
	for _, tag := range slices.Sorted(maps.Keys(homes)) {
		more.place(tag, homes[tag])
	}
	return more
}

// Without returns the packages except for those that are absent.
func (p *Packages) Without(absent func(name string) bool) *Packages {
	return &Packages{names: slices.DeleteFunc(p.Names(), absent), homes: p.homes}
}

// Names returns the names of the packages, each at the place of its first tag.
func (p *Packages) Names() []string { return slices.Clone(p.names) }

// Of returns the package of an operation with these tags: that of the first one, or
// billing if that has any of them. An unknown tag is an error that wraps ErrUnplaced, so
// that somebody decides where a new one belongs.
func (p *Packages) Of(tags []string) (string, error) {
	home := ""
	for _, tag := range tags {
		name, known := p.homes[tag]
		if !known {
			return "", fmt.Errorf("%w %q: a line in %s places it", ErrUnplaced, tag, PackagesFile)
		}
		if home == "" || name == billing {
			home = name
		}
	}
	if home == "" {
		return "", errors.New("no tag names the package")
	}
	return home, nil
}

// Places reports whether a tag has a package.
func (p *Packages) Places(tag string) bool { return p.homes[tag] != "" }
