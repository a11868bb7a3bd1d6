package signing_test

import (
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

func TestDerivedKey(t *testing.T) {
	t.Parallel()
	one, err1 := signing.DerivedKey("sk_test_a", "ins_a")
	two, err2 := signing.DerivedKey("sk_test_a", "ins_a")
	secret, err3 := signing.DerivedKey("sk_test_b", "ins_a")
	instance, err4 := signing.DerivedKey("sk_test_a", "ins_b")
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if one.N.BitLen() != 2048 {
		t.Errorf("the key has %d bits", one.N.BitLen())
	}
	if !one.Equal(two) {
		t.Error("the same secret key and ID lead to different keys")
	}
	if one.Equal(secret) || one.Equal(instance) {
		t.Error("a different secret key or ID leads to the same key")
	}
}
