package auth

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// One Authenticator serves all kinds of tokens at once, and what it says of one
// caller never reaches another.
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

// Neither a token nor a header of the request decides whom this service asks.
func TestTokensAndHeadersNameNoServer(t *testing.T) {
	t.Parallel()
	var lured atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { lured.Add(1) }))
	t.Cleanup(trap.Close)
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	lure := []mintOption{
		withClaim("iss", trap.URL), withHeader("jku", trap.URL), withHeader("x5u", trap.URL), withHeader("kid", trap.URL), withHeader("iss", trap.URL),
	}
	headers := func(r *http.Request) {
		host := trap.Listener.Addr().String()
		for name, value := range map[string]string{
			"X-Forwarded-Host": host, "X-Forwarded-Proto": "http", "Forwarded": "host=" + host, "Origin": trap.URL, "Referer": trap.URL, "Clerk-Proxy-Url": trap.URL,
		} {
			r.Header.Set(name, value)
		}
		r.Host, r.RemoteAddr = host, "127.0.0.1:1"
	}
	for _, token := range []string{mint(t, lure...), m2mJWT(t, lure...), oauthJWT(t, lure...), "ak_" + trap.URL, "oat_" + trap.URL + "/../", "mt_@" + trap.URL} {
		for _, credentials := range []requestOption{withBearer(token), signedInCookie(token), withCookie("__clerk_handshake_nonce", token)} {
			a.Authenticate(newRequest(t, "/", credentials, headers))
		}
	}
	if got := lured.Load(); got != 0 {
		t.Errorf("%d requests went where a token said", got)
	}
}
