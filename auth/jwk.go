package auth

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"math/big"
	"slices"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// jwkDocument is the response of the key endpoint. The keys are read one by one, so
// that a key of an unknown type does not make the others unusable.
type jwkDocument struct {
	Keys []json.RawMessage `json:"keys"`
}

// verificationKeys returns the keys that can verify tokens, by key ID. Of two keys with
// the same ID the first counts.
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

// parseJWK reads an RSA signature key (RFC 7517, RFC 7518 section 6.3.1).
func parseJWK(text string) (kid string, key verificationKey, ok bool) {
	var j struct {
		kty, kid, alg, use, ops, n, e strictjson.Value
		private                       bool
	}
	valid := strictjson.Object(text, func(name string, v strictjson.Value) {
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
			// A private key was published, so anybody can sign with it.
			j.private = true
		}
	})
	if !valid || j.private || j.kty.Str() != "RSA" || j.kid.Str() == "" {
		return "", key, false
	}
	if (j.use.Kind != 0 && j.use.Str() != "sig") || (j.ops.Kind != 0 && !allowsVerify(j.ops)) {
		return "", key, false
	}
	if j.alg.Kind != 0 && j.alg.Str() == "" {
		return "", key, false
	}
	public, ok := rsaKey(j.n.Str(), j.e.Str())
	return j.kid.Text, verificationKey{key: public, alg: j.alg.Text}, ok
}

func allowsVerify(ops strictjson.Value) bool {
	list, ok := strictjson.Strings(ops.Text)
	return ops.Kind == '[' && ok && slices.Contains(list, "verify")
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
	return key, checkModulus(key) == nil
}

// keepIdentity replaces keys by equal ones of the set before, so that what is known of the
// tokens of a key is still known after a fetch. It reports whether that set had a key that
// is gone.
func keepIdentity(keys map[string]verificationKey, before *keySnapshot) (gone bool) {
	if before == nil {
		return false
	}
	for kid, old := range before.keys {
		key, there := keys[kid]
		if !there || !old.key.Equal(key.key) {
			gone = true
			continue
		}
		key.key = old.key
		keys[kid] = key
	}
	return gone
}

// verificationKey is a public key and the algorithm that it is meant for; "" allows all
// supported ones.
type verificationKey struct {
	key *rsa.PublicKey
	alg string
}

// signed reports whether k signed u. That is known if u was accepted before and this is
// the key that verified it then.
func (k verificationKey) signed(u *unverifiedToken) bool {
	return k.key != nil && (k.key == u.signer || k.verifySignature(u))
}

func (k verificationKey) verifySignature(u *unverifiedToken) bool {
	// Session tokens are shorter than this, and nothing is allocated for them.
	var buf [maxTokenLength / 4]byte
	signed := append(buf[:0], u.token[:u.signed]...)
	var sigBuf [512]byte
	sig, ok := decodeSegment(sigBuf[:0], u.token[u.signed+1:])
	if !ok {
		return false
	}
	var err error
	switch u.alg {
	case "RS384":
		sum := sha512.Sum384(signed)
		err = rsa.VerifyPKCS1v15(k.key, crypto.SHA384, sum[:], sig)
	case "RS512":
		sum := sha512.Sum512(signed)
		err = rsa.VerifyPKCS1v15(k.key, crypto.SHA512, sum[:], sig)
	default:
		sum := sha256.Sum256(signed)
		err = rsa.VerifyPKCS1v15(k.key, crypto.SHA256, sum[:], sig)
	}
	return err == nil
}
