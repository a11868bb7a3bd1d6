package generator

import (
	"crypto"
	"crypto/rsa"
	_ "crypto/sha256" // for digest
	_ "crypto/sha512" // for digest
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
)

// Ids of the keys that tokens are signed with.
const (
	MainKey    = "ins_main"     // of the instance, and its JWT key
	NextKey    = "ins_next"     // of the instance, after a rotation
	LongKey    = "ins_rs512"    // of the instance, for RS512
	OpenKey    = "ins_noalg"    // of the instance, without an algorithm
	SealKey    = "ins_enc"      // of the instance, but not for signatures
	CurveKey   = "ins_ec"       // of the instance, but not RSA
	ForeignKey = "ins_stranger" // of another instance
)

// Keys are the signing keys.
type Keys struct {
	private map[string]*rsa.PrivateKey
}

// NewKeys returns the keys, which are the same in every run.
func NewKeys() *Keys {
	next := parsePrivate(nextPEM)
	return &Keys{map[string]*rsa.PrivateKey{
		MainKey: parsePrivate(mainPEM), ForeignKey: parsePrivate(foreignPEM),
		NextKey: next, LongKey: next, OpenKey: next, SealKey: next,
	}}
}

func parsePrivate(text string) *rsa.PrivateKey {
	block, _ := pem.Decode([]byte(text))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		panic(err) // only constants are parsed here
	}
	return key
}

// PEM returns the instance's JWT key in the form that the dashboard shows.
func (k *Keys) PEM() string {
	der, err := x509.MarshalPKIXPublicKey(&k.private[MainKey].PublicKey)
	if err != nil {
		panic(err) // an RSA key always marshals
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// BarePEM returns PEM without its first and last line, as a single line.
func (k *Keys) BarePEM() string {
	lines := strings.Split(strings.TrimSpace(k.PEM()), "\n")
	return strings.Join(lines[1:len(lines)-1], "")
}

// Set returns a key set with the named keys and a key of another type.
func (k *Keys) Set(names ...string) string {
	type jwk map[string]any
	set := []jwk{{"kty": "EC", "crv": "P-256", "kid": CurveKey, "x": "AA", "y": "AA"}}
	for _, name := range names {
		public := k.private[name].PublicKey
		key := jwk{
			"kty": "RSA", "use": "sig", "kid": name, "alg": "RS256",
			"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
			"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
		}
		switch name {
		case LongKey:
			key["alg"] = "RS512"
		case OpenKey:
			delete(key, "alg")
		case SealKey:
			key["use"] = "enc"
		}
		set = append(set, key)
	}
	return encode(map[string]any{"keys": set})
}

// Sign signs the first two parts of a token with the named key and algorithm.
func (k *Keys) Sign(name, alg, input string) []byte {
	hash, sum := digest(alg, input)
	signature, err := rsa.SignPKCS1v15(nil, k.private[name], hash, sum)
	if err != nil {
		panic(err) // the sizes fit
	}
	return signature
}

// signer returns the id of the key that signed a token, or "".
func (k *Keys) signer(alg, input string, signature []byte) string {
	hash, sum := digest(alg, input)
	for _, name := range []string{MainKey, NextKey, ForeignKey} {
		if rsa.VerifyPKCS1v15(&k.private[name].PublicKey, hash, sum, signature) == nil {
			return name
		}
	}
	return ""
}

func digest(alg, input string) (crypto.Hash, []byte) {
	hash := crypto.SHA256
	switch alg {
	case "RS384":
		hash = crypto.SHA384
	case "RS512":
		hash = crypto.SHA512
	}
	h := hash.New()
	h.Write([]byte(input))
	return hash, h.Sum(nil)
}

func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only values that marshal are encoded here
	}
	return string(text)
}
