package keyset

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"testing"
	"testing/synctest"
	"time"
)

const maxStale = 24 * time.Hour

var errDown = errors.New("down")

// publicKey returns a key of that many bits, which verifies nothing.
func publicKey(bits int) *rsa.PublicKey {
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return &rsa.PublicKey{N: n.SetBit(n, 0, 1), E: 65537}
}

// keys returns a usable key for each ID, the same for the same ID, but in another place.
func keys(ids ...string) map[string]Key {
	found := make(map[string]Key)
	for _, id := range ids {
		found[id] = Key{Public: publicKey(2048 + 8*len(id)), Algorithm: "RS256"}
	}
	return found
}

// endpoint emulates where the keys come from. It is used by one fetch at a time.
type endpoint struct {
	fetches int
	respond func(context.Context) (map[string]Key, error)
}

func (e *endpoint) serve(ids ...string) {
	e.respond = func(context.Context) (map[string]Key, error) { return keys(ids...), nil }
}

func (e *endpoint) fail(err error) {
	e.respond = func(context.Context) (map[string]Key, error) { return nil, err }
}

// clientLimit is how long a client waits for one response.
const clientLimit = 10 * time.Second

// hang lets fetches last until their context ends or the client stops waiting.
func (e *endpoint) hang() {
	e.respond = func(ctx context.Context) (map[string]Key, error) {
		ctx, cancel := context.WithTimeout(ctx, clientLimit)
		defer cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
}

// newTestSet returns a set that draws the longest times, and its endpoint, which serves
// the keys with these IDs.
func newTestSet(c Config, ids ...string) (*Set, *endpoint) {
	e := new(endpoint)
	e.serve(ids...)
	c.Fetch = func(ctx context.Context) (map[string]Key, error) {
		e.fetches++
		return e.respond(ctx)
	}
	c.Now = time.Now
	c.Draw = func(upTo time.Duration) time.Duration { return upTo }
	return New(c), e
}

// inBubble runs test with a clock that passes only when everything waits.
func inBubble(t *testing.T, test func(*testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		test(t)
		time.Sleep(time.Minute) // until every fetch has ended
	})
}

func wantKey(t *testing.T, s *Set, kid string) {
	t.Helper()
	if key, _, err := s.Key(t.Context(), kid); err != nil || key.Public == nil {
		t.Errorf("key %q: %v", kid, err)
	}
}

func wantError(t *testing.T, s *Set, kid string, want error) {
	t.Helper()
	if key, _, err := s.Key(t.Context(), kid); !errors.Is(err, want) || key.Public != nil {
		t.Errorf("key %q: error is %v, want %v", kid, err, want)
	}
}

func wantFetches(t *testing.T, e *endpoint, want int) {
	t.Helper()
	if e.fetches != want {
		t.Errorf("the keys were fetched %d times, want %d", e.fetches, want)
	}
}

// jwk returns a key in the form of a key endpoint, changed by the pairs of name and value.
func jwk(kid string, key *rsa.PublicKey, pairs ...any) map[string]any {
	m := map[string]any{
		"use": "sig", "kty": "RSA", "kid": kid, "alg": "RS256",
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
	}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

func publicPEM(tb testing.TB, key any) string {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
