package signing

import (
	"crypto/rsa"
	"math/big"
	"sync"
)

// pool holds the keys of instances that are closed. It grows to as many keys as
// instances live at once.
var pool struct {
	sync.Mutex
	free []*rsa.PrivateKey
}

// Lend returns a key that nobody else has or had, and a function that returns it for
// another instance. Finding primes is what makes a key expensive, so a key that was
// returned is lent again with the same primes and another exponent: neither its JWKS nor
// its PEM verifies what was signed before.
func Lend() (key *rsa.PrivateKey, giveBack func()) {
	pool.Lock()
	if last := len(pool.free) - 1; last >= 0 {
		key, pool.free = pool.free[last], pool.free[:last]
	}
	pool.Unlock()
	if key == nil {
		key = NewKey()
	} else {
		key = withPrimes(key.Primes[0], key.Primes[1], key.E+2)
	}
	return key, sync.OnceFunc(func() {
		pool.Lock()
		defer pool.Unlock()
		pool.free = append(pool.free, key)
	})
}

// withPrimes returns the key with the first exponent from this one, which is odd, that
// the primes allow.
func withPrimes(p, q *big.Int, exponent int) *rsa.PrivateKey {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	for ; ; exponent += 2 {
		d := new(big.Int).ModInverse(big.NewInt(int64(exponent)), phi)
		if d == nil {
			continue
		}
		key := &rsa.PrivateKey{
			PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent},
			D:         d, Primes: []*big.Int{p, q},
		}
		key.Precompute()
		return key
	}
}
