package signing_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

func TestSign(t *testing.T) {
	t.Parallel()
	key := parseKey(t)
	hashes := map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}
	for _, algorithm := range signing.Algorithms {
		text := keyPEM
		if strings.HasPrefix(algorithm, "HS") {
			text = "secret"
		}
		signer, err := signing.NewSigner(algorithm, text)
		if err != nil {
			t.Fatal(err)
		}
		token, err := signer.Sign(map[string]any{"kid": "k"}, map[string]any{"sub": "user_1"})
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(token, ".")
		if len(parts) != 3 {
			t.Fatalf("%s: the token is %s", algorithm, token)
		}
		if header := decode(t, parts[0]); header != `{"alg":"`+algorithm+`","kid":"k"}` {
			t.Errorf("%s: the header is %s", algorithm, header)
		}
		if claims := decode(t, parts[1]); claims != `{"sub":"user_1"}` {
			t.Errorf("%s: the claims are %s", algorithm, claims)
		}
		hash, input := hashes[algorithm[2:]], []byte(parts[0]+"."+parts[1])
		if strings.HasPrefix(algorithm, "HS") {
			mac := hmac.New(hash.New, []byte("secret"))
			mac.Write(input)
			if decode(t, parts[2]) != string(mac.Sum(nil)) {
				t.Errorf("%s: the signature is not valid", algorithm)
			}
			continue
		}
		digest := hash.New()
		digest.Write(input)
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, hash, digest.Sum(nil), []byte(decode(t, parts[2]))); err != nil {
			t.Errorf("%s: %v", algorithm, err)
		}
	}
	if _, err := signing.NewSigner("RS256", "secret"); err == nil {
		t.Error("a secret is accepted as an RSA key")
	}
}

func TestSignErrors(t *testing.T) {
	t.Parallel()
	signer := signing.RS256(parseKey(t))
	if _, err := signer.Sign(map[string]any{"x": func() {}}, nil); err == nil || !strings.HasPrefix(err.Error(), "token header: ") {
		t.Errorf("a header that cannot be encoded: %v", err)
	}
	if _, err := signer.Sign(map[string]any{}, map[string]any{"x": func() {}}); err == nil || !strings.HasPrefix(err.Error(), "token claims: ") {
		t.Errorf("claims that cannot be encoded: %v", err)
	}
	token, err := signer.Sign(map[string]any{"alg": "none"}, map[string]any{})
	if head, _, _ := strings.Cut(token, "."); err != nil || decode(t, head) != `{"alg":"none"}` {
		t.Errorf("the token with its own alg is %s, %v", token, err)
	}
}

func TestVerifiedClaims(t *testing.T) {
	t.Parallel()
	key := parseKey(t)
	token, err := signing.RS256(key).Sign(map[string]any{}, map[string]any{"sub": "user_1", "exp": 1})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"sub": "user_1", "exp": 1.}, signing.VerifiedClaims(&key.PublicKey, token)); diff != "" {
		t.Errorf("the claims (-want +got):\n%s", diff)
	}
	list, err := signing.RS256(key).Sign(map[string]any{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"empty": "", "no dots": "token", "no signature": token[:strings.LastIndexByte(token, '.')+1],
		"other claims": strings.Replace(token, ".", ".e", 1), "not base64": token + "!", "null claims": list,
	} {
		if claims := signing.VerifiedClaims(&key.PublicKey, token); claims != nil {
			t.Errorf("%s: the claims are %v", name, claims)
		}
	}
}

func decode(t *testing.T, segment string) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(segment)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
