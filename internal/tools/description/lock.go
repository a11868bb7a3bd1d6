package description

import (
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// LockFile names the file in the description's folder that records the source of its facts.
const LockFile = "LOCK"

// Lock records the published document that the facts of a description come from.
type Lock struct {
	// Version is the version of the API, a date as in 2026-05-12.
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
	out := fmt.Appendf(nil, "version: %q\nsha256: %s\nfacts: %s\n", l.Version, l.SHA256, l.Facts)
	if len(l.Ruled) > 0 {
		out = append(out, "ruled:\n"...)
	}
	for _, address := range l.Ruled {
		out = fmt.Appendf(out, "  - %q\n", address)
	}
	return out
}
