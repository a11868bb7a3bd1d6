package clerktest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

const keyBits = 2048

// defaultFrontendAPI is under a top-level domain that no resolver knows, so
// that nothing meant for an emulated instance ever reaches a stranger.
const defaultFrontendAPI = "clerk-emulator-1.clerk.accounts.test"

// defaultProductionAPI is what a production instance has in its place.
const defaultProductionAPI = "clerk.emulator.test"

// foreignKey signs tokens that no instance accepts.
var foreignKey = sync.OnceValue(newSigningKey)

func newSigningKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic(fmt.Errorf("clerktest: cannot make a signing key: %w", err))
	}
	return key
}

// parseSigningKey reads an RSA private key from PEM, PKCS #8 or PKCS #1.
func parseSigningKey(text string) (*rsa.PrivateKey, error) {
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

func privatePEM(key *rsa.PrivateKey) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(fmt.Errorf("clerktest: cannot encode a signing key: %w", err))
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func publicPEM(key *rsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(fmt.Errorf("clerktest: cannot encode a public key: %w", err))
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// publishableKey returns the key that names a frontend API host.
func publishableKey(prefix, host string) string {
	return prefix + base64.RawStdEncoding.EncodeToString([]byte(host+"$"))
}

var hostPattern = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?$`)

// frontendAPI returns the host that a publishable key names.
func frontendAPI(prefix, key string) (string, error) {
	encoded, ok := strings.CutPrefix(key, prefix)
	if !ok {
		return "", errors.New("does not begin with " + prefix)
	}
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil {
		return "", errors.New("is not base64 after its prefix")
	}
	host, ok := strings.CutSuffix(string(raw), "$")
	if !ok || !hostPattern.MatchString(host) {
		return "", errors.New("does not hold a host name and a final $")
	}
	return host, nil
}

// cookieSuffix is the end of the names of an instance's own cookies.
func cookieSuffix(publishableKey string) string {
	sum := sha1.Sum([]byte(publishableKey))
	return base64.URLEncoding.EncodeToString(sum[:])[:8]
}
