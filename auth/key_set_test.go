package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestKeysAreFetchedOnceInTheirLifetime(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	k := srv.keySet(t, clock.now)
	for range 100 {
		wantKey(t, k, testKeyID)
	}
	clock.pass(keyLifetime - time.Second)
	wantKey(t, k, testKeyID)
	srv.wantFetches(t, 1)
	clock.pass(time.Second)
	wantKey(t, k, testKeyID)
	wantKey(t, k, testKeyID)
	srv.wantFetches(t, 2)
}

func TestColdRequestsShareOneFetch(t *testing.T) {
	t.Parallel()
	srv := newJWKSServer(t)
	k := srv.keySet(t, testClock)
	release := make(chan struct{})
	keys := *srv.handler.Load()
	srv.handle(func(w http.ResponseWriter, r *http.Request) {
		<-release
		keys(w, r)
	})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { wantKey(t, k, testKeyID) })
	}
	// Every request waits before the server responds.
	for k.waiting.Load() < 50 {
		time.Sleep(time.Millisecond)
	}
	close(release)
	wg.Wait()
	srv.wantFetches(t, 1)
}

func TestUnknownKeyIDsFetchOncePerInterval(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	k := srv.keySet(t, clock.now)
	wantKey(t, k, testKeyID)
	clock.pass(unknownKeyPause)
	for i := range 25 {
		wantNoKey(t, k, "ins_unknown"+string(rune('a'+i)))
	}
	srv.wantFetches(t, 2)
	clock.pass(unknownKeyPause - time.Second)
	wantNoKey(t, k, "ins_unknown")
	srv.wantFetches(t, 2)
	clock.pass(time.Second)
	wantNoKey(t, k, "ins_unknown")
	wantKey(t, k, testKeyID)
	srv.wantFetches(t, 3)
}

func TestUnknownKeyIDsFetchOnceOnAColdSet(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	k := srv.keySet(t, clock.now)
	for i := range 25 {
		wantNoKey(t, k, "ins_unknown"+string(rune('a'+i)))
	}
	srv.wantFetches(t, 1)
}

func TestNewKeyIsFoundWhenTokensNameIt(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	k := srv.keySet(t, clock.now)
	wantKey(t, k, testKeyID)
	srv.handle(respondWithKeys(jwk(testKeyID, &testKey().PublicKey), jwk("ins_new", &otherKey().PublicKey)))
	clock.pass(unknownKeyPause)
	wantKey(t, k, "ins_new")
	srv.wantFetches(t, 2)
}

// A key id that cannot be one of Clerk's causes no fetch, all others together cause one,
// and no key id appears in a message.
func TestOddKeyIDs(t *testing.T) {
	t.Parallel()
	srv := newJWKSServer(t)
	var log recorded
	a := newTestAuthenticator(t, WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	a.tokens.keys = srv.keySet(t, testClock)
	protected := a.Require()(inspect(nil))
	refuse := func(name, token, shown string) {
		t.Run(name, func(t *testing.T) {
			s := stateOf(t, a, newRequest(t, "/", withBearer(token)))
			if s.Reason != ReasonJWKKidMismatch || s.Err() != nil {
				t.Errorf("state is %v, err %v, want %s", s, s.Err(), ReasonJWKKidMismatch)
			}
			if shown != "" && strings.Contains(s.Message, shown) || strings.Contains(s.Message, testKeyID) {
				t.Errorf("the message names a key: %q", s.Message)
			}
			if resp := serve(t, protected, newRequest(t, "/", withBearer(token))); resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("the response is %d, want 401", resp.StatusCode)
			}
		})
	}
	refuse("missing", mint(t, withoutHeader("kid")), "")
	for name, kid := range map[string]any{
		"empty": "", "10 kB": strings.Repeat("k", 10_000), "null": nil, "a number": 7, "true": true,
		"an object": map[string]any{"a": 1}, "an array": []string{testKeyID},
	} {
		refuse(name, mint(t, withHeader("kid", kid)), "")
	}
	srv.wantFetches(t, 0)
	for name, kid := range map[string]string{
		"a path": "../../x", "a quote": "' OR 1", "NUL": "a\x00b", "a line break": "line\nbreak", "of another instance": "ins_of_someone_else",
	} {
		refuse(name, mint(t, withHeader("kid", kid)), kid)
	}
	srv.wantFetches(t, 1)
	if lines := log.lines(); len(lines) != 0 {
		t.Errorf("log is %q", lines)
	}
}

func TestForgedSignaturesCauseNoFetch(t *testing.T) {
	t.Parallel()
	srv := newJWKSServer(t)
	v := newVerifier(srv.keySet(t, testClock), testClock)
	good := mint(t)
	if _, err := v.session(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	forged := mint(t, signedBy(otherKey()))
	for range 1000 {
		if _, err := v.session(t.Context(), forged); reasonOf(t, err) != ReasonTokenInvalidSignature {
			t.Fatalf("error is %v, want %s", err, ReasonTokenInvalidSignature)
		}
	}
	if _, err := v.session(t.Context(), good); err != nil {
		t.Error(err)
	}
	srv.wantFetches(t, 1)
}

func TestWithdrawnKeyIsRefusedAfterItsLifetime(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	k := srv.keySet(t, clock.now)
	wantKey(t, k, testKeyID)
	srv.handle(respondWithKeys(jwk("ins_new", &otherKey().PublicKey)))
	for range 4 {
		// Steady use must not extend its lifetime.
		wantKey(t, k, testKeyID)
		clock.pass(keyLifetime / 5)
	}
	wantKey(t, k, testKeyID)
	clock.pass(keyLifetime / 5)
	wantNoKey(t, k, testKeyID)
	wantKey(t, k, "ins_new")
	srv.wantFetches(t, 2)
}

func TestKeyUnderAnotherIDIsNotTaken(t *testing.T) {
	t.Parallel()
	srv := newJWKSServer(t)
	srv.handle(respondWithKeys(jwk(testKeyID, &testKey().PublicKey), jwk("ins_b", &otherKey().PublicKey)))
	v := newVerifier(srv.keySet(t, testClock), testClock)
	_, err := v.session(t.Context(), mint(t, withHeader("kid", "ins_b")))
	if reasonOf(t, err) != ReasonTokenInvalidSignature {
		t.Errorf("error is %v, want %s", err, ReasonTokenInvalidSignature)
	}
}

func TestInstancesInOneProcessDoNotShareKeys(t *testing.T) {
	t.Parallel()
	a, b := newJWKSServer(t), newJWKSServer(t)
	b.handle(respondWithKeys(jwk("ins_b", &otherKey().PublicKey)))
	va, vb := newVerifier(a.keySet(t, testClock), testClock), newVerifier(b.keySet(t, testClock), testClock)
	tokenB := mint(t, withHeader("kid", "ins_b"), signedBy(otherKey()))
	for range 2 {
		if _, err := vb.session(t.Context(), tokenB); err != nil {
			t.Fatal(err)
		}
		if _, err := va.session(t.Context(), tokenB); reasonOf(t, err) != ReasonJWKKidMismatch {
			t.Errorf("error is %v, want %s", err, ReasonJWKKidMismatch)
		}
	}
}

func TestKeysComeOnlyFromTheConfiguredServer(t *testing.T) {
	t.Parallel()
	trap := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the address in the token received a request for %s", r.URL)
	}))
	t.Cleanup(trap.Close)
	srv := newJWKSServer(t)
	v := newVerifier(srv.keySet(t, testClock), testClock)
	token := mint(t, withClaim("iss", trap.URL), withHeader("jku", trap.URL+"/jwks"), withHeader("x5u", trap.URL),
		withHeader("iss", trap.URL), withHeader("kid", "ins_unknown"))
	if _, err := v.session(t.Context(), token); reasonOf(t, err) != ReasonJWKKidMismatch {
		t.Errorf("error is %v, want %s", err, ReasonJWKKidMismatch)
	}
	srv.wantFetches(t, 1)
}

// Known keys serve while Clerk refuses the secret key, as in an outage: a deploy that
// deletes the old key always misses a process.
func TestRefusedSecretKeyIsNotTheTokensFault(t *testing.T) {
	t.Parallel()
	refusal := `{"errors":[{"code":"clerk_key_invalid","message":"no"}]}`
	for name, h := range map[string]http.HandlerFunc{
		"401":            respond(http.StatusUnauthorized, "application/json", refusal),
		"401 in HTML":    respond(http.StatusUnauthorized, "text/html", "<p>no</p>"),
		"the code alone": respond(http.StatusBadRequest, "application/json", refusal),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, clock := newJWKSServer(t), newClock()
			k := srv.keySet(t, clock.now)
			var log recorded
			k.outages = newOutages(slog.New(slog.NewTextHandler(&log, nil)), clock.now, "keys", 0)
			refused := func(kid string) {
				t.Helper()
				_, err := k.key(t.Context(), kid)
				if !errors.Is(err, ErrSecretKey) || errors.Is(err, ErrKeysUnavailable) {
					t.Errorf("error is %v, want ErrSecretKey", err)
				}
				if _, isToken := errors.AsType[*TokenError](err); isToken {
					t.Errorf("error is a *TokenError: %v", err)
				}
				if strings.Contains(err.Error(), "sk_test") {
					t.Errorf("the error shows the secret key: %v", err)
				}
			}
			good := *srv.handler.Load()
			srv.handle(h)
			refused(testKeyID)
			clock.pass(firstBackOff)
			srv.handle(good)
			wantKey(t, k, testKeyID)
			srv.handle(h)
			clock.pass(keyLifetime)
			for range 100 {
				wantKey(t, k, testKeyID)
			}
			refused("ins_unknown")
			srv.wantFetches(t, 3)
			clock.pass(defaultMaxStale - keyLifetime)
			refused(testKeyID)
			lines := log.lines()
			if len(lines) != 3 || !strings.Contains(lines[0], "level=ERROR") || !strings.Contains(lines[0], "serving_keys=none") ||
				!strings.Contains(lines[1], "over") || !strings.Contains(lines[2], `serving_keys="fetched 5m0s ago"`) {
				t.Errorf("log is %q", lines)
			}
		})
	}
}

func TestWarmFetchesWhatIsMissing(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	k := srv.keySet(t, clock.now)
	for range 3 {
		if err := k.warm(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	wantKey(t, k, testKeyID)
	srv.wantFetches(t, 1)
	srv.handle(respond(http.StatusInternalServerError, "text/plain", "down"))
	clock.pass(keyLifetime)
	if err := k.warm(t.Context()); !errors.Is(err, ErrKeysUnavailable) {
		t.Errorf("error is %v, want ErrKeysUnavailable", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	cold := srv.keySet(t, clock.now)
	cold.fetch = func(ctx context.Context) (map[string]verificationKey, error) {
		<-ctx.Done()
		return nil, keysUnavailable(ctx.Err())
	}
	if err := cold.warm(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
}
