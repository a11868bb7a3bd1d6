package signing

import (
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"sync"
)

// maxDerived bounds the derived keys that are kept.
const maxDerived = 100

// derived holds the keys of the seeds that this process has seen.
var derived struct {
	sync.Mutex
	keys map[string]func() *rsa.PrivateKey
}

// DerivedKey returns the RSA key that an instance's secret key and ID determine,
// so that a seed without a signing key has the same key after a restart. The key
// is as secret as the seed, which is enough for an instance that protects nothing.
func DerivedKey(secretKey, instanceID string) *rsa.PrivateKey {
	seed := secretKey + "\x00" + instanceID
	derived.Lock()
	find, known := derived.keys[seed]
	if !known {
		if len(derived.keys) >= maxDerived || derived.keys == nil {
			derived.keys = map[string]func() *rsa.PrivateKey{}
		}
		find = sync.OnceValue(func() *rsa.PrivateKey { return deriveKey(seed) })
		derived.keys[seed] = find
	}
	derived.Unlock()
	return find()
}

func deriveKey(seed string) *rsa.PrivateKey {
	bits := stream{mac: []byte(seed)}
	for {
		p, q := bits.prime(), bits.prime()
		if key := keyOf(p, q); p.Cmp(q) != 0 && key != nil {
			return key
		}
	}
}

// stream is an endless stream of bytes that a secret determines.
type stream struct {
	mac     []byte
	counter uint64
}

func (s *stream) prime() *big.Int {
	raw := make([]byte, 0, keyBits/16)
	for {
		for raw = raw[:0]; len(raw) < keyBits/16; s.counter++ {
			block := hmac.New(sha256.New, s.mac)
			block.Write(binary.BigEndian.AppendUint64(nil, s.counter))
			raw = block.Sum(raw)
		}
		// The two high bits are set so that the product of two primes has full
		// length, and the low bit so that the number is odd.
		raw[0] |= 0xc0
		raw[len(raw)-1] |= 1
		if p := new(big.Int).SetBytes(raw); p.ProbablyPrime(20) {
			return p
		}
	}
}
