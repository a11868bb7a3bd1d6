// Package signing holds the RSA keys of emulated instances and signs JWTs with
// them.
package signing

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512" // crypto.SHA384 and crypto.SHA512
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// Algorithms lists the algorithms that a JWT template with a custom signing key
// may name.
var Algorithms = []string{"RS256", "RS384", "RS512", "HS256", "HS384", "HS512"}

var hashes = map[string]crypto.Hash{
	"256": crypto.SHA256,
	"384": crypto.SHA384,
	"512": crypto.SHA512,
}

// Signer signs JWTs with one key in one algorithm.
type Signer struct {
	Algorithm string
	key       any // an *rsa.PrivateKey, or a shared secret as []byte
}

// RS256 returns the signer for an instance's own key.
func RS256(key *rsa.PrivateKey) Signer { return Signer{"RS256", key} }

// NewSigner returns the signer for a template's key: a PEM block for the RSA
// algorithms, the shared secret for the HMAC algorithms. The error completes a
// sentence about the key.
func NewSigner(algorithm, key string) (Signer, error) {
	if strings.HasPrefix(algorithm, "HS") {
		return Signer{algorithm, []byte(key)}, nil
	}
	private, err := ParseKey(key)
	return Signer{algorithm, private}, err
}

// Sign returns a JWT in compact form. It sets alg in the header unless the header
// has one.
func (s Signer) Sign(header, claims map[string]any) (string, error) {
	if _, set := header["alg"]; !set {
		header["alg"] = s.Algorithm
	}
	head, err := json.Marshal(header)
	if err != nil {
		return "", fmt.Errorf("token header: %w", err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("token claims: %w", err)
	}
	input := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	signature, err := s.signature(input)
	if err != nil {
		return "", err
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func (s Signer) signature(input string) ([]byte, error) {
	hash := hashes[s.Algorithm[2:]]
	if secret, ok := s.key.([]byte); ok {
		mac := hmac.New(hash.New, secret)
		mac.Write([]byte(input))
		return mac.Sum(nil), nil
	}
	digest := hash.New()
	digest.Write([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, s.key.(*rsa.PrivateKey), hash, digest.Sum(nil))
	if err != nil {
		return nil, fmt.Errorf("token signature: %w", err)
	}
	return signature, nil
}

// VerifiedClaims returns the claims of a JWT that key signed in RS256, whatever
// its times say. It returns nil if the signature is not valid.
func VerifiedClaims(key *rsa.PublicKey, token string) map[string]any {
	input, signature := token, ""
	if n := strings.LastIndexByte(token, '.'); n >= 0 {
		input, signature = token[:n], token[n+1:]
	}
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	digest := sha256.Sum256([]byte(input))
	if err != nil || rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], raw) != nil {
		return nil
	}
	_, payload, _ := strings.Cut(input, ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	var claims map[string]any
	if err != nil || json.Unmarshal(text, &claims) != nil {
		return nil
	}
	return claims
}
