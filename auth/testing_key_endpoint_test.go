package auth

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
	"github.com/backend-sdk/clerk-go/clerk"
)

// clockAt is a clock that a test moves.
type clockAt struct{ nanos atomic.Int64 }

func newClock() *clockAt {
	c := new(clockAt)
	c.nanos.Store(testNow.UnixNano())
	return c
}

func (c *clockAt) now() time.Time       { return time.Unix(0, c.nanos.Load()) }
func (c *clockAt) pass(d time.Duration) { c.nanos.Add(int64(d)) }

// jwksServer emulates the key endpoint and counts the fetches.
type jwksServer struct {
	*httptest.Server
	fetches atomic.Int64
	handler atomic.Pointer[http.HandlerFunc]
}

func newJWKSServer(t *testing.T) *jwksServer {
	t.Helper()
	s := new(jwksServer)
	s.handle(respondWithKeys(jwk(testKeyID, &testKey().PublicKey)))
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/trap/v1/jwks" || r.Method != http.MethodGet || r.Header.Get("Authorization") != "Bearer sk_test_keys" {
			t.Errorf("the endpoint received %s %s", r.Method, r.URL)
		}
		s.fetches.Add(1)
		(*s.handler.Load())(w, r)
	}))
	// On a connection kept alive, net/http may send a request again by itself.
	s.Config.SetKeepAlivesEnabled(false)
	t.Cleanup(s.Close)
	return s
}

func (s *jwksServer) handle(h http.HandlerFunc) { s.handler.Store(&h) }

// The times after which keys are fetched again, where the longest are drawn.
const (
	keyLifetime     = 5 * time.Minute
	unknownKeyPause = 10 * time.Second
	firstBackOff    = time.Second
)

func keyConfig(now func() time.Time) *config {
	return &config{now: now, maxStaleKeys: defaultMaxStale, draw: longest}
}

func (s *jwksServer) keys(t *testing.T, now func() time.Time) *fetchedKeys {
	t.Helper()
	client := newClient(t, "sk_test_keys", clerk.WithBaseURL(s.URL+"/trap"))
	return newFetchedKeys(client, keyConfig(now), nil)
}

// longest draws the longest time, for tests that name times.
func longest(upTo time.Duration) time.Duration { return upTo }

func drawLongest(c *config) error {
	c.draw = longest
	return nil
}

func (s *jwksServer) wantFetches(t *testing.T, want int64) {
	t.Helper()
	if got := s.fetches.Load(); got != want {
		t.Errorf("the keys were fetched %d times, want %d", got, want)
	}
}

// jwk returns a key in the form of the endpoint, changed by the pairs of name and value.
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

func respondWithKeys(keys ...any) http.HandlerFunc {
	body, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		panic(err)
	}
	return respond(http.StatusOK, "application/json", string(body))
}

func respond(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func wantKey(t *testing.T, k *fetchedKeys, kid string) {
	t.Helper()
	if _, _, err := k.key(t.Context(), kid); err != nil {
		t.Errorf("key %q: %v", kid, err)
	}
}

func wantNoKey(t *testing.T, k *fetchedKeys, kid string) {
	t.Helper()
	_, _, err := k.key(t.Context(), kid)
	if reason := reasonOf(t, err); reason != ReasonJWKKidMismatch {
		t.Errorf("key %q: reason is %q, want %q", kid, reason, ReasonJWKKidMismatch)
	}
}

// fetchedOnce returns keys that are fresh for ever.
func fetchedOnce(tb testing.TB) *fetchedKeys {
	tb.Helper()
	k := &fetchedKeys{set: keyset.New(keyset.Config{Now: testClock, Fetch: func(context.Context) (map[string]keyset.Key, error) {
		return map[string]keyset.Key{testKeyID: {Public: &testKey().PublicKey, Algorithm: "RS256"}}, nil
	}})}
	if err := k.warm(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return k
}
