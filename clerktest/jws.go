package clerktest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	_ "crypto/sha256" // crypto.SHA256
	_ "crypto/sha512" // crypto.SHA384 and crypto.SHA512
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// algorithms are those that a JWT template with a signing key of its own may name.
var algorithms = []string{"RS256", "RS384", "RS512", "HS256", "HS384", "HS512"}

var hashes = map[string]crypto.Hash{
	"256": crypto.SHA256,
	"384": crypto.SHA384,
	"512": crypto.SHA512,
}

// signer signs JWTs in one algorithm, with an *rsa.PrivateKey or a shared secret.
type signer struct {
	algorithm string
	key       any
}

// newSigner returns the signer for a template's key: PEM text for the RSA
// algorithms, the secret itself for the HMAC ones. The error completes a
// sentence about the key.
func newSigner(algorithm, key string) (signer, error) {
	if strings.HasPrefix(algorithm, "HS") {
		return signer{algorithm, []byte(key)}, nil
	}
	private, err := parseSigningKey(key)
	return signer{algorithm, private}, err
}

// sign returns the compact form of a JWT. The header's alg is the signer's
// unless it is there already.
func (s signer) sign(header, claims map[string]any) (string, error) {
	if _, set := header["alg"]; !set {
		header["alg"] = s.algorithm
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

func (s signer) signature(input string) ([]byte, error) {
	hash := hashes[s.algorithm[2:]]
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
