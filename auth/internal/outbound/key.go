package outbound

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
)

// Key identifies what a call asks about. It is a digest, so it contains no credential
// and shares no memory with the request that the credential came in.
type Key [sha256.Size]byte

// KeyOf returns the key of a list of fields. Lists that differ have different keys.
func KeyOf(fields ...string) Key {
	h := sha256.New()
	var length [8]byte
	for _, field := range fields {
		binary.BigEndian.PutUint64(length[:], uint64(len(field)))
		h.Write(length[:])
		io.WriteString(h, field)
	}
	return Key(h.Sum(nil))
}
