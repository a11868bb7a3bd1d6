package description

import (
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// LockFile names the file in the description's folder that records the source of its facts.
const LockFile = "LOCK"

// Lock records the published documents that the facts of a description come from.
type Lock struct {
	Source `yaml:",inline"` // the document of the Backend API
	// Webhooks is the document of the webhook events.
	Webhooks Source `yaml:"webhooks,omitempty"`
}

// Source is one published document.
type Source struct {
	// Version is its version, a date as in 2026-05-12, and empty without a document.
	Version string `yaml:"version"`
	// SHA256 is the digest of the published file, in hexadecimal.
	SHA256 string `yaml:"sha256"`
	// Facts is the digest of the facts themselves, which reveals a change by hand.
	Facts string `yaml:"facts"`
	// Ruled lists the places that the sentences and examples of the published file, which
	// the description does not keep, make a clerk.Timestamp by rule.
	Ruled []string `yaml:"ruled,omitempty"`
}

// ReadLock reads the LOCK file in dir.
func ReadLock(dir string) (Lock, error) {
	data, err := os.ReadFile(filepath.Join(dir, LockFile))
	if err != nil {
		return Lock{}, fmt.Errorf("read the lock: %w", err)
	}
	var l Lock
	if err := yaml.Unmarshal(data, &l); err != nil {
		return Lock{}, fmt.Errorf("%s: %w", filepath.Join(dir, LockFile), err)
	}
	return l, nil
}

// Bytes returns the content of the LOCK file.
func (l Lock) Bytes() []byte {
	out := l.Source.append(nil, "")
	if l.Webhooks.Version == "" {
		return out
	}
	return l.Webhooks.append(append(out, "webhooks:\n"...), "  ")
}

// append appends the lines of a source, each after an indent.
func (s Source) append(out []byte, indent string) []byte {
	if s.Version == "" {
		return out
	}
	out = fmt.Appendf(out, "%[1]sversion: %[2]q\n%[1]ssha256: %[3]s\n%[1]sfacts: %[4]s\n", indent, s.Version, s.SHA256, s.Facts)
	if len(s.Ruled) > 0 {
		out = append(out, indent+"ruled:\n"...)
	}
	for _, address := range s.Ruled {
		out = fmt.Appendf(out, "%s  - %q\n", indent, address)
	}
	return out
}
