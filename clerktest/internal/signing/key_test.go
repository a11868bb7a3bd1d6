package signing_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

func TestParseKey(t *testing.T) {
	t.Parallel()
	key := parseKey(t)
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	for name, text := range map[string]string{"PKCS #8": keyPEM, "PKCS #1": pkcs1, "space after the block": keyPEM + "\n ", "encoded": signing.PrivatePEM(key)} {
		if got, err := signing.ParseKey(text); err != nil || !got.Equal(key) {
			t.Errorf("%s: the key differs, %v", name, err)
		}
	}
	elliptic, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(elliptic)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":                                "is not one PEM block",
		keyPEM + keyPEM:                   "is not one PEM block",
		signing.PublicPEM(&key.PublicKey): "is neither a PKCS #8 nor a PKCS #1 private key",
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})): "is not an RSA key",
		shortPEM: "has 1024 bits, at least 2048 are needed",
	} {
		if _, err := signing.ParseKey(text); err == nil || err.Error() != want {
			t.Errorf("%.40q: %v, want %s", text, err, want)
		}
	}
}

func TestPublicPEM(t *testing.T) {
	t.Parallel()
	key := parseKey(t)
	block, rest := pem.Decode([]byte(signing.PublicPEM(&key.PublicKey)))
	if block == nil || strings.TrimSpace(string(rest)) != "" {
		t.Fatal("the public key is not one PEM block")
	}
	if got, err := x509.ParsePKIXPublicKey(block.Bytes); err != nil || !key.PublicKey.Equal(got) {
		t.Errorf("the public key differs, %v", err)
	}
}

func TestNewKey(t *testing.T) {
	t.Parallel()
	if key := signing.NewKey(); key.N.BitLen() != 2048 || key.Equal(parseKey(t)) {
		t.Errorf("the key has %d bits", key.N.BitLen())
	}
}
