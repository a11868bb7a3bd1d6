package signing

import (
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"slices"
	"sync"
)

// publicExponent is the one that every library takes for granted.
const publicExponent = 65537

// pool holds the primes of the keys of closed instances. Finding primes is what makes a key
// expensive, and k primes make k(k-1)/2 keys.
var pool struct {
	sync.Mutex
	free []*prime
}

// prime is a prime number and those that it has made a key with.
type prime struct {
	*big.Int
	partners map[*prime]bool
}

// Lend returns a key that nobody else has or had, and a function that returns its primes
// for another instance: neither the JWKS nor the PEM of a key verifies what another has
// signed. No two keys that are lent at once share a prime.
func Lend() (key *rsa.PrivateKey, giveBack func()) {
	p, q := takePair()
	return keyOf(p.Int, q.Int), sync.OnceFunc(func() {
		pool.Lock()
		defer pool.Unlock()
		pool.free = append(pool.free, p, q)
	})
}

// takePair takes two free primes that have not made a key yet, and finds new ones where
// there are none.
func takePair() (p, q *prime) {
	pool.Lock()
	defer pool.Unlock()
	for n, a := range pool.free {
		for m, b := range pool.free[:n] {
			if !a.partners[b] {
				pool.free = slices.Delete(slices.Delete(pool.free, n, n+1), m, m+1)
				return a.with(b)
			}
		}
	}
	if last := len(pool.free) - 1; last >= 0 {
		p, pool.free = pool.free[last], pool.free[:last]
		return p.with(newPrime())
	}
	return newPrime().with(newPrime())
}

// with notes that two primes make a key.
func (p *prime) with(q *prime) (*prime, *prime) {
	p.partners[q], q.partners[p] = true, true
	return p, q
}

// newPrime returns a fresh prime for keys of 2048 bits that goes with the exponent.
func newPrime() *prime {
	for {
		p, err := rand.Prime(rand.Reader, 1024)
		if err != nil {
			panic("signing: " + err.Error()) // the system has no randomness
		}
		if new(big.Int).Mod(p, big.NewInt(publicExponent)).Int64() != 1 {
			return &prime{p, map[*prime]bool{}}
		}
	}
}

// keyOf returns the key of two primes, or nil if they make none.
func keyOf(p, q *big.Int) *rsa.PrivateKey {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(publicExponent), phi)
	n := new(big.Int).Mul(p, q)
	if d == nil || n.BitLen() != 2048 {
		return nil
	}
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n, E: publicExponent}, D: d, Primes: []*big.Int{p, q}}
	key.Precompute()
	return key
}
