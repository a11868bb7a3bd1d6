package signing_test

import (
	"crypto/rsa"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

func TestNoTwoHaveTheSameKey(t *testing.T) { // alone, because it counts the keys of the pool
	var order sync.Mutex
	var seen []*rsa.PrivateKey
	var borrowers sync.WaitGroup
	for range 4 {
		borrowers.Go(func() {
			for range 10 {
				key, giveBack := signing.Lend()
				if err := key.Validate(); err != nil {
					t.Error(err)
				}
				order.Lock()
				for _, other := range seen {
					if key.PublicKey.Equal(&other.PublicKey) {
						t.Error("a key is lent twice")
					}
				}
				seen = append(seen, key)
				order.Unlock()
				giveBack()
				giveBack()
			}
		})
	}
	borrowers.Wait()
	primes := map[string]bool{}
	for _, key := range seen {
		if key.E != 65537 {
			t.Errorf("a key has the exponent %d, which not every library accepts", key.E)
		}
		for _, p := range key.Primes {
			primes[p.String()] = true
		}
	}
	if len(primes) > 20 { // four for each of those at once, and a few for other keys of them
		t.Errorf("%d primes were found for 40 keys, 4 at once", len(primes))
	}
}

func TestAKeyThatIsLentAgainVerifiesNothingOfBefore(t *testing.T) {
	t.Parallel()
	first, giveBack := signing.Lend()
	token, err := signing.RS256(first).Sign(map[string]any{}, map[string]any{"sub": "user_1"})
	if err != nil {
		t.Fatal(err)
	}
	giveBack()
	for range 10 {
		again, giveBack := signing.Lend()
		if signing.VerifiedClaims(&again.PublicKey, token) != nil {
			t.Error("a token of before is accepted")
		}
		token, err := signing.RS256(again).Sign(map[string]any{}, map[string]any{"sub": "user_1"})
		if err != nil {
			t.Fatal(err)
		}
		if signing.VerifiedClaims(&again.PublicKey, token) == nil || signing.VerifiedClaims(&first.PublicKey, token) != nil {
			t.Error("the key that is lent again does not verify its own tokens alone")
		}
		giveBack()
	}
}

func BenchmarkLend(b *testing.B) {
	_, giveBack := signing.Lend()
	giveBack()
	for b.Loop() {
		_, giveBack := signing.Lend()
		giveBack()
	}
}
