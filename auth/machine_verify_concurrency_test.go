package auth

import (
	"net/http"
	"net/http/httptest"
	"sync"
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
