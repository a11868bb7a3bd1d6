package signing

import (
	"crypto/rsa"
	"testing"
)

func derived(t *testing.T, secretKey, instanceID string) *rsa.PrivateKey {
	t.Helper()
	key, err := DerivedKey(secretKey, instanceID)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// The same seed has the same key on every machine and in every version.
func TestDerivedKey(t *testing.T) {
	t.Parallel()
	key := derived(t, "sk_test_1", "ins_1")
	if bits := key.N.BitLen(); bits != keyBits {
		t.Errorf("the key has %d bits", bits)
	}
	const modulus = "9d806f510d663627978e0d552cd319fa"
	if got := key.N.Text(16)[:32]; got != modulus {
		t.Errorf("the modulus begins with %s, want %s", got, modulus)
	}
	if !key.Equal(derived(t, "sk_test_1", "ins_1")) {
		t.Error("the same secret key and ID have two keys")
	}
	for _, other := range [][2]string{{"sk_test_2", "ins_1"}, {"sk_test_1", "ins_2"}, {"sk_test_1\x00ins", "_1"}} {
		if key.Equal(derived(t, other[0], other[1])) {
			t.Errorf("%q has the same key", other)
		}
	}
}
