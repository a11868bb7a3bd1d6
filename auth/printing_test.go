package auth

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// printed returns every value in every form in which values end up in logs.
func printed(values ...any) []string {
	var texts []string
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("text", "v", v)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("json", "v", v)
		texts = append(texts, b.String())
	}
	return texts
}

func TestNothingPrintsAToken(t *testing.T) {
	t.Parallel()
	const secret = "sk_live_4f9c2e7d1b8a"
	token := mint(t)
	a, err := New(newClient(t, secret), WithPublishableKey(liveKey), WithClock(testClock), WithJWTKey(testPEM(t)))
	if err != nil {
		t.Fatal(err)
	}
	in := stateOf(t, a, newRequest(t, "/", withBearer(token)))
	out := stateOf(t, a, newRequest(t, "/", withBearer(token+"x")))
	back := stateOf(t, a, newRequest(t, "/", withCookie("__clerk_handshake", mintHandshake(t, []any{"__session=" + token}))))
	if back.Header.Get("Set-Cookie") == "" {
		t.Fatalf("state %v sets no cookie", back)
	}
	for _, text := range printed(a, *a, in, *in, out, back, *back, in.Auth(), *in.Auth(), out.Auth(), []any{a, in, back, in.Auth()},
		(*Authenticator)(nil), &Authenticator{}, (*State)(nil), (*Auth)(nil), &Auth{}) {
		for _, hidden := range []string{secret, token[:30], strings.Split(token, ".")[1][:30], strings.Split(token, ".")[2][:30]} {
			if strings.Contains(text, hidden) {
				t.Errorf("%q shows %q", text, hidden)
			}
		}
		if strings.Contains(text, "PANIC") {
			t.Errorf("printing panics: %q", text)
		}
	}
	if got := fmt.Sprint(in.Auth()); !strings.Contains(got, testUser) {
		t.Errorf("an Auth prints as %q, without its user", got)
	}
}

// TestNothingPrintsATokenFromInside prints structs that hold what this package
// returns, where package fmt reaches its fields and not its methods.
func TestNothingPrintsATokenFromInside(t *testing.T) {
	t.Parallel()
	const machineKey = "ak_4f9c2e7d1b8a"
	token := mint(t)
	a := newTestAuthenticator(t, WithMachineSecretKey(machineKey))
	var passed context.Context
	authenticated := func(r *http.Request) *Auth {
		a.Middleware(inspect(func(r *http.Request) { passed = r.Context() })).ServeHTTP(httptest.NewRecorder(), r)
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
