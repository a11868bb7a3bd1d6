package auth

import (
	"bytes"
	"context"
	_ "crypto/sha512"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
)

// The content of a token unless a test says otherwise.
const (
	testKeyID   = "ins_2fZ7pQxYkJm3VbT0sRc9WnLdE1u"
	testIssuer  = "https://clerk.example.com"
	testParty   = "https://app.example.com"
	testUser    = "user_2fZ8Ksa93LqPzYv0NbXc7RtWmE4"
	testSession = "sess_2fZ8LdT5hGkWq1JxVo6MnYbCr2A"
)

// testNow is the time at which tokens are minted and, by default, verified.
var testNow = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func testClock() time.Time { return testNow }

// keyMap is a key source with a fixed set of keys.
type keyMap map[string]keyset.Key

func (m keyMap) key(_ context.Context, kid string) (keyset.Key, time.Time, error) {
	if key, ok := m[kid]; ok {
		return key, time.Time{}, nil
	}
	return keyset.Key{}, time.Time{}, refuse(ReasonJWKKidMismatch)
}

// testVerifier accepts what mint makes.
func testVerifier() *verifier {
	keys := keyMap{testKeyID: {Public: &testKey().PublicKey, Algorithm: "RS256"}}
	v := newVerifier(keys, testClock)
	v.skew = 5 * time.Second
	return v
}

// reasonOf returns the reason for which err refuses a token, and "" for no error.
func reasonOf(tb testing.TB, err error) Reason {
	tb.Helper()
	if err == nil {
		return ""
	}
	var refused *TokenError
	if !errors.As(err, &refused) {
		tb.Fatalf("error is %T (%v), want a *TokenError", err, err)
	}
	return refused.Reason
}

// verdict is a token and the reason for which it must be refused, or "" for a valid one.
type verdict struct {
	name  string
	token string
	want  Reason
}

// checkVerdicts runs a subtest for each token.
func checkVerdicts(t *testing.T, v *verifier, tests []verdict) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			claims, err := v.session(t.Context(), tt.token)
			if got := reasonOf(t, err); got != tt.want {
				t.Errorf("reason is %q (%v), want %q", got, err, tt.want)
			}
			if (claims == nil) == (err == nil) {
				t.Errorf("claims are %v with error %v", claims, err)
			}
		})
	}
}

// asJSON names a subtest after a JSON value.
func asJSON(tb testing.TB, v any) string { return string(mustJSON(tb, v)) }

// recorded is the output of a logger. It is safe for concurrent use.
type recorded struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (r *recorded) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out.Write(b)
}

func (r *recorded) lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(strings.Split(r.out.String(), "\n"), func(line string) bool { return line == "" })
}

// countingKeys counts its calls, which shows how often a token was verified.
type countingKeys struct {
	keySource
	calls int
}

func (c *countingKeys) key(ctx context.Context, kid string) (keyset.Key, time.Time, error) {
	c.calls++
	return c.keySource.key(ctx, kid)
}

const outcomeUser = "user_outcome"
