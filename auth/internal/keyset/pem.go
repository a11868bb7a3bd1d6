package keyset

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Shorter keys can be broken; longer ones only take time, and a hostile one much of it.
const (
	minBits = 2048
	maxBits = 16384
)

const (
	pemHeader  = "-----BEGIN PUBLIC KEY-----"
	pemTrailer = "-----END PUBLIC KEY-----"
)

// ParsePEM reads the public key of an instance as the dashboard shows it: PEM, also
// if its line breaks are missing or written as \n, as happens in environment files, or
// only the base64 between the PEM lines. Its errors get their prefix from the option.
func ParsePEM(s string) (*rsa.PublicKey, error) {
	body := strings.NewReplacer(`\r`, "", `\n`, "\n").Replace(strings.TrimSpace(s))
	body = strings.TrimSpace(body)
	if body == "" {
		return nil, errors.New("the JWT key is empty")
	}
	if rest, ok := strings.CutPrefix(body, pemHeader); ok {
		if body, ok = strings.CutSuffix(rest, pemTrailer); !ok {
			return nil, errors.New("the JWT key has no END line")
		}
	}
	if strings.Contains(body, "-----") {
		return nil, errors.New("the JWT key is not one PEM block of type PUBLIC KEY")
	}
	der, err := decodeBase64(body)
	if err != nil {
		return nil, errors.New("the JWT key is neither PEM nor base64")
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("reading the JWT key: %w", err)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("the JWT key is not an RSA key")
	}
	if err := checkModulus(key); err != nil {
		return nil, fmt.Errorf("the JWT key %w", err)
	}
	return key, nil
}

func decodeBase64(s string) ([]byte, error) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
}

// checkModulus refuses weak keys and keys that crypto/rsa would refuse at each
// verification. Its errors follow the name of the key.
func checkModulus(key *rsa.PublicKey) error {
	if bits := key.N.BitLen(); bits < minBits || bits > maxBits {
		return fmt.Errorf("has %d bits, and must have %d to %d", bits, minBits, maxBits)
	}
	if key.N.Bit(0) == 0 || key.E < 3 || key.E&1 == 0 || key.E > 1<<31-1 {
		return errors.New("is not a valid RSA key")
	}
	return nil
}
