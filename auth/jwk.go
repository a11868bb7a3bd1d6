package auth

import (
	"crypto/rsa"
	"encoding/json"
	"math/big"
	"slices"
)

// jwkDocument is the answer of the key endpoint. The keys are read one by one: one of a
// kind that is not known here must not cost the others.
type jwkDocument struct {
	Keys []json.RawMessage `json:"keys"`
}

// verificationKeys gives the keys that can verify tokens, by key id. Where two have the
// same id the first counts.
func (d *jwkDocument) verificationKeys() map[string]verificationKey {
	keys := make(map[string]verificationKey, len(d.Keys))
	for _, raw := range d.Keys {
		kid, key, ok := parseJWK(string(raw))
		if !ok {
			continue
		}
		if _, taken := keys[kid]; !taken {
			keys[kid] = key
		}
	}
	return keys
}

// parseJWK reads an RSA key for signatures (RFC 7517, RFC 7518 section 6.3.1).
func parseJWK(text string) (kid string, key verificationKey, ok bool) {
	var j struct {
		kty, kid, alg, use, ops, n, e value
		private                       bool
	}
	valid := decodeObject(text, func(name string, v value) {
		switch name {
		case "kty":
			j.kty = v
		case "kid":
			j.kid = v
		case "alg":
			j.alg = v
		case "use":
			j.use = v
		case "key_ops":
			j.ops = v
		case "n":
			j.n = v
		case "e":
			j.e = v
		case "d", "p", "q", "dp", "dq", "qi", "oth":
			// Whoever published it, others can sign with this key.
			j.private = true
		}
	})
	if !valid || j.private || j.kty.str() != "RSA" || j.kid.str() == "" {
		return "", key, false
	}
	if (j.use.kind != 0 && j.use.str() != "sig") || (j.ops.kind != 0 && !allowsVerify(j.ops)) {
		return "", key, false
	}
	if j.alg.kind != 0 && j.alg.str() == "" {
		return "", key, false
	}
	public, ok := rsaKey(j.n.str(), j.e.str())
	return j.kid.text, verificationKey{key: public, alg: j.alg.text}, ok
}

func allowsVerify(ops value) bool {
	list, ok := stringList(ops.text)
	return ops.kind == '[' && ok && slices.Contains(list, "verify")
}

func rsaKey(n, e string) (*rsa.PublicKey, bool) {
	modulus, ok := decodeSegment(nil, n)
	if !ok || len(modulus) > maxKeyBits/8+1 {
		return nil, false
	}
	exponent, ok := decodeSegment(nil, e)
	if !ok || len(exponent) > 4 {
		return nil, false
	}
	key := &rsa.PublicKey{
		N: new(big.Int).SetBytes(modulus),
		E: int(new(big.Int).SetBytes(exponent).Int64()),
	}
	return key, checkKey(key) == nil
}
