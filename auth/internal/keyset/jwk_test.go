package keyset

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// usable returns the IDs of the keys of a document that can verify tokens.
func usable(t *testing.T, keys ...any) []string {
	t.Helper()
	var d Document
	for _, key := range keys {
		raw, isText := key.(json.RawMessage)
		if !isText {
			var err error
			if raw, err = json.Marshal(key); err != nil {
				t.Fatal(err)
			}
		}
		d.Keys = append(d.Keys, raw)
	}
	return slices.Sorted(maps.Keys(d.Usable()))
}

func TestUnusableKeysAreSkipped(t *testing.T) {
	t.Parallel()
	key := publicKey(2048)
	for name, odd := range map[string]any{
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
		"a modulus in lines":   jwk("x", key, "n", jwk("x", key)["n"].(string)+"\n"),
		"a number for modulus": jwk("x", key, "n", 65537),
		"an exponent of one":   jwk("x", key, "e", "AQ"),
		"an even exponent":     jwk("x", key, "e", "BA"),
		"a huge exponent":      jwk("x", key, "e", "AQAAAAAAAAAB"),
		"no exponent":          jwk("x", key, "e", ""),
		"spare bits":           jwk("x", key, "e", "AQF"),
		"1024 bits":            jwk("x", publicKey(1024)),
		"2047 bits":            jwk("x", publicKey(2047)),
		"too many bits":        jwk("x", publicKey(maxBits+8)),
		"no id":                jwk("", key),
		"a number for id":      jwk("x", key, "kid", 7),
		"a string":             "x",
		"null":                 nil,
		"a list":               []any{jwk("x", key)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := usable(t, odd, jwk("good", key), odd); !slices.Equal(got, []string{"good"}) {
				t.Errorf("usable are %q", got)
			}
			// An unusable key does not shadow a good key of the same id either.
			if got := usable(t, odd, jwk("x", key)); !slices.Equal(got, []string{"x"}) {
				t.Errorf("usable are %q", got)
			}
		})
	}
}

func TestKeysWithoutOptionalMembersAreUsed(t *testing.T) {
	t.Parallel()
	bare := jwk("bare", publicKey(2048), "key_ops", []string{"verify"}, "x5t", "unknown member")
	delete(bare, "use")
	delete(bare, "alg")
	padded := jwk("padded", publicKey(4096))
	padded["n"] = padded["n"].(string) + "=="
	if got := usable(t, bare, padded); !slices.Equal(got, []string{"bare", "padded"}) {
		t.Errorf("usable are %q", got)
	}
}

func TestFirstOfTwoKeysWithOneIDWins(t *testing.T) {
	t.Parallel()
	first, second := publicKey(2048), publicKey(4096)
	var d Document
	for _, key := range []any{jwk("x", first), jwk("x", second)} {
		raw, err := json.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		d.Keys = append(d.Keys, raw)
	}
	if key := d.Usable()["x"]; !key.Public.Equal(first) || key.Algorithm != "RS256" {
		t.Error("the key is not the first one")
	}
}

func TestNamesInKeysAreExact(t *testing.T) {
	t.Parallel()
	folded := jwk("x", publicKey(2048), "KID", "folded")
	twice, err := json.Marshal(jwk("y", publicKey(2048)))
	if err != nil {
		t.Fatal(err)
	}
	twice = []byte(strings.Replace(string(twice), `"kid":"y"`, `"kid":"y","kid":"z"`, 1))
	if got := usable(t, folded, json.RawMessage(twice)); !slices.Equal(got, []string{"x"}) {
		t.Errorf("usable are %q", got)
	}
}
