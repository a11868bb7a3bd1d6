package credential

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// New passwords have this hasher and so many iterations; see the documentation of the
// package.
const (
	newHasher  = "pbkdf2_sha256"
	iterations = 100
	newDigest  = "pbkdf2_sha256$100$" // their beginning
)

// Password is what is kept of a password. The zero Password is none, and no password is
// right for it.
type Password struct {
	concealed
	kept func() digest
}

type digest struct {
	hasher, text string
	verify       func(plain string) bool
}

// ErrUnknownHasher is the error of a name that no hasher has.
var ErrUnknownHasher = errors.New("is not a known hasher")

// NewPassword returns what is kept of a plain password.
func NewPassword(plain string) Password {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	hash, err := pbkdf2.Key(sha256.New, plain, salt, iterations, sha256.Size)
	if err != nil {
		panic(fmt.Errorf("clerktest: cannot derive a key from a password: %w", err))
	}
	encode := base64.StdEncoding.EncodeToString
	text := newDigest + encode(salt) + "$" + encode(hash)
	p, err := ImportPassword(newHasher, text)
	if err != nil {
		panic(fmt.Errorf("clerktest: a new digest %w", err))
	}
	return p
}

// ImportPassword returns the password with a digest that another system made. The error
// completes a sentence about the digest, or is [ErrUnknownHasher] and completes one about
// the hasher. It does not show the digest.
func ImportPassword(hasher, text string) (Password, error) {
	h, known := hashers[hasher]
	if !known {
		return Password{}, ErrUnknownHasher
	}
	if parts := h.pattern.FindStringSubmatch(text); parts != nil {
		if verify := h.verifier(parts); verify != nil {
			return Password{kept: seal(digest{hasher, text, verify})}, nil
		}
	}
	return Password{}, fmt.Errorf("does not have the form of %s: %s", hasher, h.form)
}

// IsZero reports whether the password is missing.
func (p Password) IsZero() bool { return p.kept == nil }

// Verify reports whether plain is the password.
func (p Password) Verify(plain string) bool { return p.kept != nil && p.kept().verify(plain) }

// Digest returns the digest and the name of its hasher, as ImportPassword takes them.
func (p Password) Digest() (hasher, text string) {
	if p.kept == nil {
		return "", ""
	}
	d := p.kept()
	return d.hasher, d.text
}
