package auth

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// One Authenticator serves all requests at once, and each gets its own result.
func TestAuthenticatorServesConcurrentRequests(t *testing.T) {
	t.Parallel()
	b, _ := newUserBackend(t, 0)
	a := b.authenticator(t)
	type custom struct {
		Subject string   `json:"sub"`
		Teams   []string `json:"teams"`
	}
	h := a.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := FromContext(r.Context())
		want := r.Header.Get("X-Want-User")
		if got.UserID != want {
			t.Errorf("got user %q, want %q", got.UserID, want)
		}
		claims, err := ClaimsAs[custom](got)
		if want != "" && (err != nil || claims.Subject != want || claims.Teams[0] != want) {
			t.Errorf("got claims %+v, %v", claims, err)
		}
		if want != "" {
			claims.Teams[0] = "changed"
			if user, err := CurrentUser(r.Context()); err != nil || user.ID != want {
				t.Errorf("got user %v, %v", user, err)
			}
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	mintFor := func(user string) string {
		return mint(t, withClaim("sub", user), withClaim("teams", []string{user}))
	}
	requests := [][]requestOption{
		{withBearer(mintFor("user_1")), withField("X-Want-User", "user_1")},
		{withBearer(mintFor("user_2")), withField("X-Want-User", "user_2")},
		{withCookie("__session", mintFor("user_3")), withCookie("__client_uat", "1"), withField("X-Want-User", "user_3")},
		{withBearer(mint(t, signedBy(otherKey())))},
		{},
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 10 {
				r := newRequest(t, "/", requests[(worker+i)%len(requests)]...)
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != http.StatusNoContent {
					t.Errorf("status %d", w.Code)
				}
			}
		})
	}
	wg.Wait()
}

// The same options can make many Authenticators at once, and each Authenticator keeps
// a copy of the lists that it was made with.
func TestOptionsAreAppliedInParallel(t *testing.T) {
	t.Parallel()
	parties := []string{testParty}
	opts := []Option{
		WithJWTKey(testPEM(t)), WithPublishableKey(liveKey), WithClock(testClock), WithAuthorizedParties(parties...), WithAudience("a"),
		WithOrganizationPatterns("/orgs/:slug"), WithPersonalAccountPatterns("/me"), WithTrustedProxies("10.0.0.0/8"),
		WithRedirectOrigins("https://a.example"), WithAcceptedTokens(SessionToken, M2MToken), WithProxyURL("/__clerk"),
	}
	token := withBearer(mint(t))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			a, err := New(nil, opts...)
			if err != nil {
				t.Error(err)
				return
			}
			if s, err := a.Authenticate(newRequest(t, "/orgs/x", token)); err != nil || s.Status != StatusSignedIn {
				t.Errorf("state is %v, %v", s, err)
			}
		})
	}
	wg.Wait()
	made := newTestAuthenticator(t, opts...)
	parties[0] = "https://evil.example"
	if s := stateOf(t, made, newRequest(t, "/", token)); s.Status != StatusSignedIn {
		t.Errorf("after a change of the caller's list the state is %v", s)
	}
}

// One Authenticator serves all types of tokens at once, and what it reports about
// one caller never reaches another.
func TestMachineTokensInParallel(t *testing.T) {
	t.Parallel()
	b := newMachineBackend(t, http.StatusOK, "")
	a := b.authenticator(t, everyType(), WithMachineSecretKey("ak_machine"))
	tokens := map[string]string{mint(t): "", "ak_1": "ak_id", "mt_1": "mt_id", "oat_1": "oat_id", m2mJWT(t, withClaim("jti", "j1")): "j1", oauthJWT(t, withClaim("jti", "j2")): "j2"}
	h := a.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := FromContext(r.Context(), Accepts(allTokenTypes[:]...))
		token, err := got.GetToken(r.Context())
		if err != nil || "Bearer "+token != r.Header.Get("Authorization") || got.ID != tokens[token] {
			t.Errorf("got %v, %v", got, err)
		}
		for i := range got.Scopes {
			got.Scopes[i] = "overwritten"
		}
		got.Has(Scope("read"), Role("admin"))
		got.MachineClaims()
	}))
	var calls sync.WaitGroup
	for range 4 {
		for token := range tokens {
			calls.Go(func() { h.ServeHTTP(httptest.NewRecorder(), newRequest(t, "/", withBearer(token))) })
		}
	}
	calls.Wait()
}
