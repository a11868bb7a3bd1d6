package auth

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
)

func TestOddKeyIDs(t *testing.T) {
	t.Parallel()
	srv := newJWKSServer(t)
	var log recorded
	a := newTestAuthenticator(t, WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	a.tokens.keys = srv.keys(t, testClock)
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
	v := newVerifier(srv.keys(t, testClock), testClock)
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

func TestKeyUnderAnotherIDIsNotTaken(t *testing.T) {
	t.Parallel()
	srv := newJWKSServer(t)
	srv.handle(respondWithKeys(jwk(testKeyID, &testKey().PublicKey), jwk("ins_b", &otherKey().PublicKey)))
	v := newVerifier(srv.keys(t, testClock), testClock)
	_, err := v.session(t.Context(), mint(t, withHeader("kid", "ins_b")))
	if reasonOf(t, err) != ReasonTokenInvalidSignature {
		t.Errorf("error is %v, want %s", err, ReasonTokenInvalidSignature)
	}
}

func TestInstancesInOneProcessDoNotShareKeys(t *testing.T) {
	t.Parallel()
	a, b := newJWKSServer(t), newJWKSServer(t)
	b.handle(respondWithKeys(jwk("ins_b", &otherKey().PublicKey)))
	va, vb := newVerifier(a.keys(t, testClock), testClock), newVerifier(b.keys(t, testClock), testClock)
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
	v := newVerifier(srv.keys(t, testClock), testClock)
	token := mint(t, withClaim("iss", trap.URL), withHeader("jku", trap.URL+"/jwks"), withHeader("x5u", trap.URL),
		withHeader("iss", trap.URL), withHeader("kid", "ins_unknown"))
	if _, err := v.session(t.Context(), token); reasonOf(t, err) != ReasonJWKKidMismatch {
		t.Errorf("error is %v, want %s", err, ReasonJWKKidMismatch)
	}
	srv.wantFetches(t, 1)
}

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
			k := srv.keys(t, clock.now)
			var log recorded
			k.outages = newOutages(slog.New(slog.NewTextHandler(&log, nil)), clock.now, "keys", 0)
			refused := func(kid string) {
				t.Helper()
				_, _, err := k.key(t.Context(), kid)
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
		v := newVerifier(keyMap{testKeyID: keyset.Key{Public: public, Algorithm: tt.keyAlg}}, testClock)
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
