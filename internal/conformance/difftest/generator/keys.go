package generator

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256" // for digest
	_ "crypto/sha512" // for digest
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
)

// Names of the keys that tokens are signed with.
const (
	MainKey    = "ins_main"     // of the instance, and its JWT key
	NextKey    = "ins_next"     // of the instance, after a rotation
	LongKey    = "ins_rs512"    // of the instance, for RS512
	OpenKey    = "ins_noalg"    // of the instance, for no particular algorithm
	SealKey    = "ins_enc"      // of the instance, but not for signatures
	CurveKey   = "ins_ec"       // of the instance, and not RSA
	ForeignKey = "ins_stranger" // of another instance
)

// Keys are the signing keys of one run.
type Keys struct {
	private map[string]*rsa.PrivateKey
}

// NewKeys makes the keys. The answers of neither side depend on which they are.
func NewKeys() (*Keys, error) {
	k := &Keys{private: map[string]*rsa.PrivateKey{}}
	for _, name := range []string{MainKey, NextKey, ForeignKey} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		k.private[name] = key
	}
	for _, name := range []string{LongKey, OpenKey, SealKey} {
		k.private[name] = k.private[NextKey]
	}
	return k, nil
}

// MarshalJSON and UnmarshalJSON let a run be judged again in another process.
func (k *Keys) MarshalJSON() ([]byte, error) {
	der := map[string][]byte{}
	for name, key := range k.private {
		der[name] = x509.MarshalPKCS1PrivateKey(key)
	}
	return json.Marshal(der)
}

// UnmarshalJSON is the reverse of MarshalJSON.
func (k *Keys) UnmarshalJSON(data []byte) error {
	var der map[string][]byte
	if err := json.Unmarshal(data, &der); err != nil {
		return err
	}
	k.private = map[string]*rsa.PrivateKey{}
	for name, bytes := range der {
		key, err := x509.ParsePKCS1PrivateKey(bytes)
		if err != nil {
			return fmt.Errorf("key %s: %w", name, err)
		}
		k.private[name] = key
	}
	return nil
}

// PEM is the instance's JWT key as the dashboard shows it.
func (k *Keys) PEM() string {
	der, err := x509.MarshalPKIXPublicKey(&k.private[MainKey].PublicKey)
	if err != nil {
		panic(err) // an RSA key always marshals
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// BarePEM is PEM without its first and last line, on one line.
func (k *Keys) BarePEM() string {
	lines := strings.Split(strings.TrimSpace(k.PEM()), "\n")
	return strings.Join(lines[1:len(lines)-1], "")
}

// Set is the instance's key set, among keys of other types.
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

// Sign signs the first two parts of a token by the algorithm named.
func (k *Keys) Sign(name, alg, input string) []byte {
	hash, sum := digest(alg, input)
	signature, err := rsa.SignPKCS1v15(nil, k.private[name], hash, sum)
	if err != nil {
		panic(err) // the sizes fit
	}
	return signature
}

// signer finds the key that made the signature of a token, or "".
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
