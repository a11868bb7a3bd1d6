package signing

import (
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"math/big"
)

// DerivedKey returns the RSA key that an instance's secret key and ID determine,
// so that a seed without a signing key has the same key after a restart. The key
// is as secret as the seed, which is enough for an instance that protects nothing.
func DerivedKey(secretKey, instanceID string) (*rsa.PrivateKey, error) {
	bits := stream{mac: []byte(secretKey + "\x00" + instanceID)}
	exponent := big.NewInt(65537)
	for {
		p, q := bits.prime(), bits.prime()
		if p.Cmp(q) == 0 {
			continue
		}
		one := big.NewInt(1)
		phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(exponent, phi)
		if d == nil {
			continue
		}
		key := &rsa.PrivateKey{
			PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: int(exponent.Int64())},
			D:         d, Primes: []*big.Int{p, q},
		}
		key.Precompute()
		return key, key.Validate()
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
