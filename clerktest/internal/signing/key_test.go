package signing

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
)

func TestParseKey(t *testing.T) {
	t.Parallel()
	key := derived(t, "sk_test_1", "ins_1")
	for name, text := range map[string]string{
		"PKCS #8": PrivatePEM(key),
		"PKCS #1": encoded("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
	} {
		if got, err := ParseKey(text); err != nil || !key.Equal(got) {
			t.Errorf("%s: another key, or %v", name, err)
		}
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ text, want string }{
		"empty":        {"", "not one PEM block"},
		"two blocks":   {PrivatePEM(key) + PrivatePEM(key), "not one PEM block"},
		"a public key": {PublicPEM(&key.PublicKey), "neither a PKCS #8 nor a PKCS #1"},
		"a curve":      {encoded("PRIVATE KEY", other), "not an RSA key"},
	} {
		if _, err := ParseKey(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error is %v, want %q in it", name, err, test.want)
		}
	}
}

func encoded(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
