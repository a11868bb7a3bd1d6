package signing

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

const keyBits = 2048

// NewKey returns a fresh RSA key.
func NewKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic(fmt.Errorf("clerktest: cannot generate a signing key: %w", err))
	}
	return key
}

// ParseKey reads an RSA private key from one PEM block in PKCS #8 or PKCS #1.
// The error completes a sentence about the key.
func ParseKey(text string) (*rsa.PrivateKey, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || strings.TrimSpace(string(rest)) != "" {
		return nil, errors.New("is not one PEM block")
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("is neither a PKCS #8 nor a PKCS #1 private key")
		}
		var ok bool
		if key, ok = parsed.(*rsa.PrivateKey); !ok {
			return nil, errors.New("is not an RSA key")
		}
	}
	if key.N.BitLen() < keyBits {
		return nil, fmt.Errorf("has %d bits, at least %d are needed", key.N.BitLen(), keyBits)
	}
	return key, nil
}

// PrivatePEM encodes a private key in PKCS #8.
func PrivatePEM(key *rsa.PrivateKey) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(fmt.Errorf("clerktest: cannot encode a signing key: %w", err))
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// PublicPEM encodes a public key in PKIX form, as CLERK_JWT_KEY holds it.
func PublicPEM(key *rsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(fmt.Errorf("clerktest: cannot encode a public key: %w", err))
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
