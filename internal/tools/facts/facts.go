// Package facts compares what two descriptions of the API state, regardless of their words.
//
// A fact is one statement that matters on the wire: a path and method, an operation's
// id and tags, a parameter, a status, a schema's type, one of its enum values, a name
// in its list of required ones. Facts are identified by keys made of names (see
// description.Place), so that neither the order of keys nor the split into files
// affects them.
//
// Not facts are: summaries, descriptions, titles, examples, links to documentation, the
// list of tags with its texts (the tags of each operation are facts), contact, licence
// and terms in info, and x- members. Clerk's document has x-speakeasy- members, which
// configure names, retries and unknown enum values for another generator and do not
// describe the API.
package facts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// Set holds the facts of a document by key, with their values in JSON. The fact that
// something exists has an empty value.
type Set map[string]string

// Of returns the facts of a document, published or ours. Two places with one key, such
// as a duplicate query parameter, are an error, because one would hide the other.
func Of(doc *yaml.Node) (Set, error) {
	all := make(Set, 1<<14) // about the size of the published document
	seen := make(map[string]bool, 1<<13)
	for p := range description.Places(doc) {
		if seen[p.Address] {
			return nil, fmt.Errorf("%s appears twice", p.Address)
		}
		seen[p.Address] = true
		maps.Insert(all, p.Facts())
	}
	return all, nil
}

// Digest returns one hexadecimal SHA-256 over all facts.
func (s Set) Digest() string {
	h := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(h, "%q %q\n", key, s[key])
	}
	return hex.EncodeToString(h.Sum(nil))
}
