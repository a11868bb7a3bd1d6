package clerktest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"strings"
	"time"
)

const (
	idLength = 27
	// idEpoch is subtracted from Unix seconds, so that they fit in four bytes for
	// longer.
	idEpoch = 1_400_000_000
)

// newID returns a fresh ID in the form of Clerk's IDs: a prefix and 27 base62
// digits, the first of which encode the time.
func newID(prefix string, now time.Time) string {
	var raw [20]byte
	binary.BigEndian.PutUint32(raw[:4], uint32(max(now.Unix()-idEpoch, 0)))
	rand.Read(raw[4:])
	return prefix + "_" + base62(raw[:])
}

// derivedID returns an ID that the given parts determine.
func derivedID(prefix string, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return prefix + "_" + base62(sum[:20])
}

// hostLabel returns a label of host names that the ID of an instance determines.
func hostLabel(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:5])
}

func base62(raw []byte) string {
	// big.Int writes digits below base 36 as 0-9a-z and the rest as A-Z.
	text := new(big.Int).SetBytes(raw).Text(62)
	return strings.Repeat("0", idLength-len(text)) + text
}

// randomHex returns n random bytes as hexadecimal digits.
func randomHex(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	return hex.EncodeToString(raw)
}

// derivedTokenID returns the ID of a token for which the seed has none.
func derivedTokenID(prefix, token string) string {
	sum := sha256.Sum256([]byte(token))
	return prefix + "_" + hex.EncodeToString(sum[:16])
}
