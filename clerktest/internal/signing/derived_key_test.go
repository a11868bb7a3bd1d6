package signing_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

func TestDerivedKey(t *testing.T) {
	t.Parallel()
	key := signing.DerivedKey("sk_test_a", "ins_a")
	if key.N.BitLen() != 2048 {
		t.Errorf("the key has %d bits", key.N.BitLen())
	}
	if err := key.Validate(); err != nil {
		t.Error(err)
	}
	// Seeds that are in use must keep their keys.
	if sum := sha256.Sum256(key.N.Bytes()); hex.EncodeToString(sum[:]) != "515b8f0d0ee13ed3c27b208cc92f0527415b2a53e02169c1de9773e303c499f1" || key.E != 65537 {
		t.Errorf("the modulus has the digest %x, and the exponent is %d", sum, key.E)
	}
	if key.Equal(signing.DerivedKey("sk_test_b", "ins_a")) || key.Equal(signing.DerivedKey("sk_test_a", "ins_b")) {
		t.Error("a different secret key or ID leads to the same key")
	}
	if signing.DerivedKey("sk_test_a", "ins_a") != key {
		t.Error("the key of a seed is not kept")
	}
}

func BenchmarkDerivedKey(b *testing.B) {
	for n := 0; b.Loop(); n++ {
		signing.DerivedKey(fmt.Sprint("sk_test_", n), "")
	}
}
