package auth

import (
	"net/http"
	"strings"
	"testing"
)

func TestUnusableKeysAreSkipped(t *testing.T) {
	t.Parallel()
	key := &otherKey().PublicKey
	unusable := map[string]any{
		"an unknown type":      map[string]any{"kty": "AKP", "kid": "x", "alg": "ML-DSA-44", "pub": "AA"},
		"an elliptic curve":    map[string]any{"kty": "EC", "kid": "x", "crv": "P-256", "x": "AA", "y": "AA"},
		"an Edwards curve":     map[string]any{"kty": "OKP", "kid": "x", "crv": "Ed25519", "x": "AA"},
		"a shared secret":      map[string]any{"kty": "oct", "kid": "x", "k": "AAAA"},
		"a type in lower case": jwk("x", key, "kty", "rsa"),
		"a key for encryption": jwk("x", key, "use", "enc"),
		"an odd use":           jwk("x", key, "use", 7),
		"not for verification": jwk("x", key, "key_ops", []string{"sign"}),
		"odd operations":       jwk("x", key, "key_ops", "verify"),
		"a private key":        jwk("x", key, "d", "AQAB"),
		"a private factor":     jwk("x", key, "p", "AQAB"),
		"an odd algorithm":     jwk("x", key, "alg", 7),
		"no modulus":           map[string]any{"kty": "RSA", "kid": "x", "e": "AQAB"},
		"an invalid modulus":   jwk("x", key, "n", "*"),
		"a number for modulus": jwk("x", key, "n", 65537),
		"an exponent of one":   jwk("x", key, "e", "AQ"),
		"an even exponent":     jwk("x", key, "e", "BA"),
		"a huge exponent":      jwk("x", key, "e", "AQAAAAAAAAAB"),
		"no exponent":          jwk("x", key, "e", ""),
		"1024 bits":            jwk("x", keyOfSize(1024)),
		"2047 bits":            jwk("x", keyOfSize(2047)),
		"too many bits":        jwk("x", keyOfSize(maxKeyBits+8)),
		"no id":                jwk("", key),
		"a number for id":      jwk("x", key, "kid", 7),
		"a string":             "x",
		"null":                 nil,
		"a list":               []any{jwk("x", key)},
	}
	for name, odd := range unusable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, clock := newJWKSServer(t), newClock()
			k := srv.keySet(t, clock.now)
			srv.handle(respondWithKeys(odd, jwk(testKeyID, &testKey().PublicKey), odd))
			wantKey(t, k, testKeyID)
			wantNoKey(t, k, "x")
			// An unusable key does not shadow a good key of the same id either.
			srv.handle(respondWithKeys(odd, jwk("x", key)))
			clock.pass(unknownKeyPause)
			wantKey(t, k, "x")
		})
	}
}

func TestKeysWithoutOptionalMembersAreUsed(t *testing.T) {
	t.Parallel()
	bare := jwk(testKeyID, &testKey().PublicKey, "key_ops", []string{"verify"}, "x5t", "unknown member")
	delete(bare, "use")
	delete(bare, "alg")
	padded := jwk("ins_padded", &otherKey().PublicKey)
	padded["n"] = padded["n"].(string) + "=="
	srv := newJWKSServer(t)
	srv.handle(respondWithKeys(bare, padded))
	k := srv.keySet(t, testClock)
	wantKey(t, k, testKeyID)
	wantKey(t, k, "ins_padded")
}

func TestFirstOfTwoKeysWithOneIDWins(t *testing.T) {
	t.Parallel()
	srv := newJWKSServer(t)
	srv.handle(respondWithKeys(jwk("x", &testKey().PublicKey), jwk("x", &otherKey().PublicKey)))
	key, _, err := srv.keySet(t, testClock).key(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if !key.key.Equal(&testKey().PublicKey) {
		t.Error("the key is not the first one")
	}
}

func TestNamesInKeysAreExact(t *testing.T) {
	t.Parallel()
	folded := jwk(testKeyID, &testKey().PublicKey)
	folded["KID"], folded["kid"] = testKeyID, "x"
	body := `{"keys":[` + string(mustJSON(t, folded)) + `,` +
		strings.Replace(string(mustJSON(t, jwk("y", &testKey().PublicKey))), `"kid":"y"`, `"kid":"y","kid":"z"`, 1) + `]}`
	srv := newJWKSServer(t)
	srv.handle(respond(http.StatusOK, "application/json", body))
	k := srv.keySet(t, testClock)
	wantKey(t, k, "x")
	for _, kid := range []string{testKeyID, "y", "z"} {
		wantNoKey(t, k, kid)
	}
}

func TestKeysVerifyTheirOwnAlgorithm(t *testing.T) {
	t.Parallel()
	public := &testKey().PublicKey
	tests := []struct {
		keyAlg, tokenAlg string
		want             Reason
	}{
		{"RS256", "RS256", ""},
		{"RS384", "RS384", ""},
		{"RS512", "RS512", ""},
		{"", "RS256", ""},
		{"", "RS384", ""},
		{"", "RS512", ""},
		{"RS256", "RS384", ReasonTokenVerificationFailed},
		{"RS256", "RS512", ReasonTokenVerificationFailed},
		{"RS512", "RS256", ReasonTokenVerificationFailed},
		{"PS256", "RS256", ReasonTokenVerificationFailed},
		{"RS256", "PS256", ReasonTokenInvalidAlgorithm},
		{"RS256", "ES256", ReasonTokenInvalidAlgorithm},
		{"PS256", "PS256", ReasonTokenInvalidAlgorithm},
		{"ES256", "ES256", ReasonTokenInvalidAlgorithm},
	}
	for _, tt := range tests {
		v := newVerifier(keyMap{testKeyID: {key: public, alg: tt.keyAlg}}, testClock)
		name := "key for " + tt.keyAlg
		if tt.keyAlg == "" {
			name = "key without alg"
		}
		checkVerdicts(t, v, []verdict{{name + ", token with " + tt.tokenAlg, mint(t, withHeader("alg", tt.tokenAlg)), tt.want}})
	}
	local := newVerifier(localKey{public: public}, testClock)
	for alg, want := range map[string]Reason{"RS256": "", "RS384": ReasonTokenVerificationFailed, "RS512": ReasonTokenVerificationFailed} {
		checkVerdicts(t, local, []verdict{
			{"JWT key, token with " + alg, mint(t, withHeader("alg", alg)), want},
			{"JWT key, token with " + alg + ", no key id", mint(t, withHeader("alg", alg), withoutHeader("kid")), want},
		})
	}
}

func TestLargerKeysVerify(t *testing.T) {
	t.Parallel()
	v := newVerifier(localKey{public: &largeKey().PublicKey}, testClock)
	if _, err := v.session(t.Context(), mint(t, signedBy(largeKey()))); err != nil {
		t.Error(err)
	}
	if _, err := v.session(t.Context(), mint(t)); reasonOf(t, err) != ReasonTokenInvalidSignature {
		t.Errorf("error is %v, want %s", err, ReasonTokenInvalidSignature)
	}
}
