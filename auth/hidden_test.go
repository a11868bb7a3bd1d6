package auth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestNothingPrintsATokenFromInside prints structs that hold what this package
// gives out, where package fmt reaches its fields and not its methods.
func TestNothingPrintsATokenFromInside(t *testing.T) {
	t.Parallel()
	const machineKey = "ak_4f9c2e7d1b8a"
	token := mint(t)
	a := newTestAuthenticator(t, WithMachineSecretKey(machineKey))
	var passed context.Context
	authenticated := func(r *http.Request) *Auth {
		a.Middleware(reached(func(r *http.Request) { passed = r.Context() })).ServeHTTP(httptest.NewRecorder(), r)
		return FromContext(passed)
	}
	type (
		service struct{ a Authenticator }
		caller  struct{ a Auth }
		outcome struct{ s State }
		job     struct{ ctx context.Context }
	)
	bearer := newRequest(t, "/", withBearer(token))
	state := stateOf(t, a, newRequest(t, "/", withBearer(token)))
	values := []any{service{*a}, outcome{*state}, caller{*authenticated(bearer)}, job{passed}}
	handshake := newRequest(t, "/", withCookie("__clerk_handshake", mintHandshake(t, []any{"__session=" + token})))
	values = append(values, caller{*authenticated(handshake)}, job{passed}, job{context.WithoutCancel(passed)})
	for _, text := range printed(values...) {
		if strings.Contains(text, machineKey) || strings.Contains(text, token[:20]) {
			t.Errorf("%.300q shows a secret", text)
		}
	}
}
