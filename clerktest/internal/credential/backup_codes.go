package credential

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
)

const (
	newCodes      = 10
	newCodeLength = 8
	maxCodes      = 100 // each one costs time when a code is checked
)

// BackupCodes are codes that are right once each, of which only hashes are kept. The zero
// BackupCodes are none.
type BackupCodes struct {
	concealed
	kept []Password // nil if there are none, empty if all are used
}

// NewBackupCodes returns new codes, and in plain, what the user is shown once.
func NewBackupCodes() (codes BackupCodes, plain []string) {
	kept := make([]Password, newCodes)
	for n := range kept {
		code := strings.ToLower(rand.Text()[:newCodeLength])
		kept[n], plain = NewPassword(code), append(plain, code)
	}
	return BackupCodes{kept: kept}, plain
}

// ImportBackupCodes returns the codes of another system, each in plain, as a digest of
// bcrypt, for which no code is right, or as one of [BackupCodes.Digests]. The error
// completes a sentence about the codes.
func ImportBackupCodes(codes []string) (BackupCodes, error) {
	if len(codes) > maxCodes {
		return BackupCodes{}, fmt.Errorf("are %d, at most %d are possible", len(codes), maxCodes)
	}
	if len(codes) == 0 {
		return BackupCodes{}, nil
	}
	kept := make([]Password, len(codes))
	for n, code := range codes {
		if code == "" {
			return BackupCodes{}, fmt.Errorf("have an empty one at index %d", n)
		}
		kept[n] = importBackupCode(code)
	}
	return BackupCodes{kept: kept}, nil
}

func importBackupCode(code string) Password {
	hasher := "bcrypt"
	if strings.HasPrefix(code, newDigest) {
		hasher = newHasher
	}
	if digest, err := ImportPassword(hasher, code); err == nil {
		return digest
	}
	return NewPassword(code)
}

// Digests returns the digests of the codes that are left.
func (b BackupCodes) Digests() []string {
	var list []string
	for _, code := range b.kept {
		_, text := code.Digest()
		list = append(list, text)
	}
	return list
}

// IsZero reports whether there are no codes, used or not.
func (b BackupCodes) IsZero() bool { return b.kept == nil }

// Len returns how many codes are left.
func (b BackupCodes) Len() int { return len(b.kept) }

// Use checks a code and returns the codes that are left.
func (b BackupCodes) Use(code string) (left BackupCodes, ok bool) {
	found := -1
	for n, digest := range b.kept {
		if digest.Verify(code) && found < 0 {
			found = n
		}
	}
	if found < 0 {
		return b, false
	}
	return BackupCodes{kept: slices.Delete(slices.Clone(b.kept), found, found+1)}, true
}
