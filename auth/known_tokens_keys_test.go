package auth

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// lasting makes a token outlive the key set.
var lasting = withClaim("exp", testNow.Unix()+7*24*3600)

// authenticator returns an Authenticator that fetches its keys from srv.
func (s *jwksServer) authenticator(t *testing.T, opts ...Option) *Authenticator {
	t.Helper()
	client := newClient(t, "sk_test_keys", clerk.WithBaseURL(s.URL+"/trap"))
	a, err := New(client, append([]Option{WithPublishableKey(devKey), drawLongest}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestKeysDecideAboutKnownTokens(t *testing.T) {
	t.Parallel()
	same, other := jwk(testKeyID, &testKey().PublicKey), jwk(testKeyID, &otherKey().PublicKey)
	down := respond(http.StatusInternalServerError, "text/plain", "")
	for name, tt := range map[string]struct {
		keys    http.HandlerFunc
		after   time.Duration
		want    Reason
		err     error // if no reason
		entries int
		fetches int64
	}{
		"the same key, fetched again":   {respondWithKeys(same), keyLifetime, "", nil, 1, 2},
		"another key beside it":         {respondWithKeys(jwk("ins_new", &otherKey().PublicKey), same), keyLifetime, "", nil, 1, 2},
		"withdrawn":                     {respondWithKeys(jwk("ins_new", &otherKey().PublicKey)), keyLifetime, ReasonJWKKidMismatch, nil, 0, 2},
		"withdrawn, but not yet known":  {respondWithKeys(other), keyLifetime - time.Second, "", nil, 1, 1},
		"replaced under the same id":    {respondWithKeys(other), keyLifetime, ReasonTokenInvalidSignature, nil, 0, 2},
		"for another algorithm now":     {respondWithKeys(jwk(testKeyID, &testKey().PublicKey, "alg", "RS512")), keyLifetime, ReasonTokenVerificationFailed, nil, 1, 2},
		"out of reach within the bound": {down, defaultMaxStale - time.Second, "", nil, 1, 2},
		"out of reach for too long":     {down, defaultMaxStale, "", ErrKeysUnavailable, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, clock := newJWKSServer(t), newClock()
			a, token := srv.authenticator(t, WithClock(clock.now)), mint(t, lasting)
			if err := a.Warm(t.Context()); err != nil {
				t.Fatal(err)
			}
			remembered(t, a.tokens, token)
			before, _ := a.tokens.known.whole.Get(token)
			srv.handle(tt.keys)
			clock.pass(tt.after)
			_, err := a.VerifyToken(t.Context(), token)
			if tt.err != nil && !errors.Is(err, tt.err) || tt.err == nil && reasonOf(t, err) != tt.want {
				t.Errorf("error is %v, want %q, %v", err, tt.want, tt.err)
			}
			wantEntries(t, a.tokens.known, tt.entries)
			srv.wantFetches(t, tt.fetches)
			if key, _, err := a.keys.key(t.Context(), testKeyID); tt.want == "" && tt.err == nil && (err != nil || key.Public != before.key) {
				t.Error("the signature must be computed again with an equal key")
			}
		})
	}
}

func TestTokensOfOtherKeysStay(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	one, other := jwk(testKeyID, &testKey().PublicKey), jwk("ins_other", &otherKey().PublicKey)
	srv.handle(respondWithKeys(one, other))
	a := srv.authenticator(t, WithClock(clock.now))
	gone, stays := mint(t, lasting), mint(t, lasting, withHeader("kid", "ins_other"), signedBy(otherKey()))
	for _, token := range []string{gone, stays} {
		remembered(t, a.tokens, token)
	}
	srv.handle(respondWithKeys(other))
	clock.pass(keyLifetime)
	checkVerdicts(t, a.tokens, []verdict{{"gone", gone, ReasonJWKKidMismatch}})
	if _, found := a.tokens.known.whole.Get(stays); !found || a.tokens.known.entries() != 1 {
		t.Errorf("the cache has %d tokens, that of the remaining key: %t", a.tokens.known.entries(), found)
	}
}

// A token that was verified with a key which is withdrawn meanwhile is not kept.
func TestTokenIsNotKeptBehindItsKey(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	a, token := srv.authenticator(t, WithClock(clock.now)), mint(t, lasting)
	if err := a.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	u, err := parseToken(token, a.tokens.known)
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := a.tokens.signature(t.Context(), &u)
	if err != nil {
		t.Fatal(err)
	}
	srv.handle(respondWithKeys(jwk("ins_new", &otherKey().PublicKey)))
	clock.pass(keyLifetime)
	wantNoKey(t, a.keys, testKeyID)
	a.tokens.keep(&u, key, clock.now())
	wantEntries(t, a.tokens.known, 0)
}

// What time it is when a key has been looked for is not what time it was before.
func TestTokenThatExpiresDuringTheFetchIsRefused(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	a, token := srv.authenticator(t, WithClock(clock.now)), mint(t)
	keys := respondWithKeys(jwk(testKeyID, &testKey().PublicKey))
	srv.handle(func(w http.ResponseWriter, r *http.Request) {
		clock.pass(time.Hour)
		keys(w, r)
	})
	if _, err := a.VerifyToken(t.Context(), token); reasonOf(t, err) != ReasonTokenExpired {
		t.Errorf("error is %v", err)
	}
}
