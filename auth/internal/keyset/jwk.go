package keyset

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// Document is the response of a key endpoint. The keys are read one by one, so that a key
// of an unknown type does not make the others unusable.
type Document struct {
	Keys []json.RawMessage `json:"keys"`
}

// Usable returns the keys that can verify tokens, by key ID. Of two keys with the same ID
// the first counts.
func (d *Document) Usable() map[string]Key {
	keys := make(map[string]Key, len(d.Keys))
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
func parseJWK(text string) (kid string, key Key, ok bool) {
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
	return j.kid.Text, Key{Public: public, Algorithm: j.alg.Text}, ok
}

func allowsVerify(ops strictjson.Value) bool {
	list, ok := strictjson.Strings(ops.Text)
	return ops.Kind == '[' && ok && slices.Contains(list, "verify")
}

func rsaKey(n, e string) (*rsa.PublicKey, bool) {
	modulus, ok := decode(n)
	if !ok || len(modulus) > maxBits/8+1 {
		return nil, false
	}
	exponent, ok := decode(e)
	if !ok || len(exponent) > 4 {
		return nil, false
	}
	key := &rsa.PublicKey{
		N: new(big.Int).SetBytes(modulus),
		E: int(new(big.Int).SetBytes(exponent).Int64()),
	}
	return key, checkModulus(key) == nil
}

// decode decodes base64url with or without padding. The decoder would skip line breaks,
// which are not in the alphabet.
func decode(text string) ([]byte, bool) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	content, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(text, "="))
	return content, err == nil
}
