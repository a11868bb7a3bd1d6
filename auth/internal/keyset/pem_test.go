package keyset

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
)

func TestJWTKeyIsReadInEveryCommonForm(t *testing.T) {
	t.Parallel()
	key := publicKey(2048)
	text := publicPEM(t, key)
	der, _ := x509.MarshalPKIXPublicKey(key)
	bare := base64.StdEncoding.EncodeToString(der)
	tests := map[string]string{
		"PEM":                             text,
		"PEM without the last line break": strings.TrimSpace(text),
		"PEM with blanks around":          "\n\t " + text + " \n",
		"PEM with CRLF":                   strings.ReplaceAll(text, "\n", "\r\n"),
		"PEM with literal breaks":         strings.ReplaceAll(text, "\n", `\n`),
		"PEM with literal CRLF":           strings.ReplaceAll(text, "\n", `\r\n`),
		"PEM with blanks for breaks":      strings.ReplaceAll(text, "\n", " "),
		"PEM on one line":                 strings.ReplaceAll(text, "\n", ""),
		"bare base64":                     bare,
		"bare base64 in lines":            bare[:64] + "\n" + bare[64:],
		"bare base64, no padding":         strings.TrimRight(bare, "="),
	}
	for name, s := range tests {
		got, err := ParsePEM(s)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !got.Equal(key) {
			t.Errorf("%s: it is read as another key", name)
		}
	}
	for _, bits := range []int{2048, 2056, 3072, 4096, 8192} {
		if _, err := ParsePEM(publicPEM(t, publicKey(bits))); err != nil {
			t.Errorf("%d bits: %v", bits, err)
		}
	}
}

func TestInvalidJWTKeyIsRefused(t *testing.T) {
	t.Parallel()
	text := publicPEM(t, publicKey(2048))
	private := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte("anything")}))
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(publicKey(2048))}))
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edwards, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	even := publicKey(2048)
	even.E = 65536
	tests := map[string]struct{ key, want string }{
		"nothing":          {"", "empty"},
		"blanks":           {" \n" + `\n`, "empty"},
		"words":            {"my key, please", "base64"},
		"no end":           {strings.TrimSuffix(text, "-----END PUBLIC KEY-----\n"), "no END line"},
		"two keys":         {text + text, "one PEM block"},
		"a private key":    {private, "one PEM block"},
		"PKCS #1":          {pkcs1, "one PEM block"},
		"cut off":          {base64.StdEncoding.EncodeToString([]byte("0\x82\x01\x22")), "reading"},
		"an EC key":        {publicPEM(t, &curve.PublicKey), "RSA"},
		"an Ed25519 key":   {publicPEM(t, edwards), "RSA"},
		"1024 bits":        {publicPEM(t, publicKey(1024)), "bits"},
		"2047 bits":        {publicPEM(t, publicKey(2047)), "bits"},
		"32768 bits":       {publicPEM(t, publicKey(32768)), "bits"},
		"an even exponent": {publicPEM(t, even), "valid"},
	}
	for name, tt := range tests {
		_, err := ParsePEM(tt.key)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error is %v, want one about %q", name, err, tt.want)
		} else if strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "MII") {
			t.Errorf("%s: the error shows the key: %v", name, err)
		}
	}
}
