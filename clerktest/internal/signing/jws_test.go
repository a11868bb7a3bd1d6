package signing

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha512"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSignedTokensVerify(t *testing.T) {
	t.Parallel()
	key := derived(t, "sk_test_1", "ins_1")
	for _, algorithm := range []string{"RS256", "RS384", "RS512"} {
		signer, err := NewSigner(algorithm, PrivatePEM(key))
		if err != nil {
			t.Fatal(err)
		}
		input, signature := sign(t, signer)
		hash := hashes[algorithm[2:]]
		digest := hash.New()
		digest.Write([]byte(input))
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, hash, digest.Sum(nil), signature); err != nil {
			t.Errorf("%s: %v", algorithm, err)
		}
	}
	signer, err := NewSigner("HS384", "secret")
	if err != nil {
		t.Fatal(err)
	}
	input, signature := sign(t, signer)
	mac := hmac.New(sha512.New384, []byte("secret"))
	mac.Write([]byte(input))
	if !hmac.Equal(mac.Sum(nil), signature) {
		t.Error("the HS384 signature is another one")
	}
}

// sign returns the signed part and the signature of a token.
func sign(t *testing.T, signer Signer) (input string, signature []byte) {
	t.Helper()
	token, err := signer.Sign(map[string]any{"typ": "JWT"}, map[string]any{"sub": "user_1"})
	if err != nil {
		t.Fatal(err)
	}
	n := strings.LastIndexByte(token, '.')
	if signature, err = base64.RawURLEncoding.DecodeString(token[n+1:]); err != nil {
		t.Fatal(err)
	}
	return token[:n], signature
}

func TestSignKeepsTheHeadersAlgorithm(t *testing.T) {
	t.Parallel()
	token, err := RS256(derived(t, "sk_test_1", "ins_1")).Sign(map[string]any{"alg": "none"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	header, _, _ := strings.Cut(token, ".")
	if text, _ := base64.RawURLEncoding.DecodeString(header); string(text) != `{"alg":"none"}` {
		t.Errorf("header is %s", text)
	}
}

func TestVerifiedClaims(t *testing.T) {
	t.Parallel()
	key, other := derived(t, "sk_test_1", "ins_1"), derived(t, "sk_test_2", "ins_1")
	good, err := RS256(key).Sign(map[string]any{}, map[string]any{"sub": "user_1"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"sub": "user_1"}, VerifiedClaims(&key.PublicKey, good)); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	changed := strings.Replace(good, ".", ".e30", 1)
	for name, token := range map[string]string{"empty": "", "one part": "x", "no signature": good[:strings.LastIndexByte(good, '.')+1], "changed": changed} {
		if claims := VerifiedClaims(&key.PublicKey, token); claims != nil {
			t.Errorf("%s: claims are %v", name, claims)
		}
	}
	if claims := VerifiedClaims(&other.PublicKey, good); claims != nil {
		t.Errorf("with another key the claims are %v", claims)
	}
}

func TestEveryAlgorithmHasAHash(t *testing.T) {
	t.Parallel()
	for _, algorithm := range Algorithms {
		if hash := hashes[algorithm[2:]]; hash == crypto.Hash(0) || !hash.Available() {
			t.Errorf("%s has no hash", algorithm)
		}
	}
}
