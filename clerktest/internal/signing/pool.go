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

// primesOfKey is the number of primes of a key that is lent. Small primes are found in a
// fraction of the time of large ones, and n primes make n(n-1)(n-2)(n-3)/24 keys of four.
const primesOfKey = 4

// pool holds the primes of the keys of closed instances. Finding primes is what makes a key
// expensive.
var pool = struct {
	sync.Mutex
	found int
	free  []*prime // in the order of their numbers
	made  map[[primesOfKey]int]bool
}{made: map[[primesOfKey]int]bool{}}

// prime is a prime number, and its place in the order in which primes were found.
type prime struct {
	*big.Int
	number int
}

// Lend returns a key that nobody else has or had, and a function that returns its primes
// for another instance: neither the JWKS nor the PEM of a key verifies what another has
// signed. No two keys that are lent at once share a prime.
func Lend() (key *rsa.PrivateKey, giveBack func()) {
	primes := takePrimes()
	numbers := make([]*big.Int, len(primes))
	for n, p := range primes {
		numbers[n] = p.Int
	}
	return keyOf(numbers...), sync.OnceFunc(func() {
		pool.Lock()
		defer pool.Unlock()
		pool.free = append(pool.free, primes...)
		slices.SortFunc(pool.free, func(a, b *prime) int { return a.number - b.number })
	})
}

// takePrimes takes free primes that have not made a key together yet, and finds new ones
// where there are none.
func takePrimes() []*prime {
	pool.Lock()
	defer pool.Unlock()
	for {
		if primes := unusedOf(nil, pool.free); primes != nil {
			pool.made[numbersOf(primes)] = true
			pool.free = slices.DeleteFunc(pool.free, func(p *prime) bool { return slices.Contains(primes, p) })
			return primes
		}
		pool.found++
		pool.free = append(pool.free, &prime{newPrime(), pool.found})
	}
}

// unusedOf completes chosen with primes of rest to some that have not made a key together,
// or returns nil.
func unusedOf(chosen, rest []*prime) []*prime {
	if len(chosen) == primesOfKey {
		if pool.made[numbersOf(chosen)] {
			return nil
		}
		return slices.Clone(chosen)
	}
	for n := range rest {
		if primes := unusedOf(append(chosen, rest[n]), rest[n+1:]); primes != nil {
			return primes
		}
	}
	return nil
}

func numbersOf(primes []*prime) (numbers [primesOfKey]int) {
	for n, p := range primes {
		numbers[n] = p.number
	}
	return numbers
}

// newPrime returns a fresh prime that goes with the exponent, and of which four have a
// product of exactly keyBits bits.
func newPrime() *big.Int {
	raw := make([]byte, keyBits/8/primesOfKey)
	for {
		rand.Read(raw)
		raw[0] |= 0xfc
		raw[len(raw)-1] |= 1
		p := new(big.Int).SetBytes(raw)
		if new(big.Int).Mod(p, big.NewInt(publicExponent)).Int64() != 1 && p.ProbablyPrime(20) {
			return p
		}
	}
}

// keyOf returns the key of some primes, or nil if they make none.
func keyOf(primes ...*big.Int) *rsa.PrivateKey {
	n, phi, one := big.NewInt(1), big.NewInt(1), big.NewInt(1)
	for _, p := range primes {
		n.Mul(n, p)
		phi.Mul(phi, new(big.Int).Sub(p, one))
	}
	d := new(big.Int).ModInverse(big.NewInt(publicExponent), phi)
	if d == nil || n.BitLen() != keyBits {
		return nil
	}
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n, E: publicExponent}, D: d, Primes: primes}
	key.Precompute()
	return key
}
