package auth

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// printed returns each value in every form in which values end up in logs.
func printed(values ...any) []string {
	var texts []string
	for _, v := range values {
		for _, verb := range "vtbcdoOqxXUeEfFgGs" {
			for _, flag := range []string{"%", "%+", "%#"} {
				texts = append(texts, fmt.Sprintf(flag+string(verb), v))
			}
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

// TestNothingPrintsATokenFromInside prints structs that contain values of this
// package, where package fmt reads their fields and does not call their methods.
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

// Whatever holds the context of a request, and whatever that context became, prints
// neither the token nor the lines that it came in.
func TestRequestContextPrintsNoToken(t *testing.T) {
	t.Parallel()
	type job struct{ ctx context.Context }
	token, secret := mint(t), "k3s7"
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	for name, r := range map[string]*http.Request{
		"session in the header": newRequest(t, "/", withBearer(token), withCookie("theirs", secret)),
		"session in a cookie":   newRequest(t, "/", signedInCookies(t), withField("Authorization", "Basic "+secret), withField("Cookie", "theirs="+secret)),
		"API key":               newRequest(t, "/", withBearer("ak_"+secret)),
	} {
		t.Run(name, func(t *testing.T) {
			ran := false
			serve(t, a.Require(anyType)(inspect(func(r *http.Request) {
				ran = true
				ctx := r.Context()
				cancelable, cancel := context.WithTimeout(ctx, time.Hour)
				defer cancel()
				contexts := []context.Context{ctx, cancelable, context.WithoutCancel(ctx),
					NewContext(t.Context(), FromContext(ctx)), context.WithValue(ctx, recordKey{}, "another")}
				values := []any{viewFrom(ctx), viewFrom(ctx).record}
				for _, ctx := range contexts {
					values = append(values, ctx, job{ctx}, &job{ctx}, []context.Context{ctx}, map[string]context.Context{"a": ctx})
				}
				for _, text := range printed(values...) {
					if strings.Contains(text, token[:20]) || strings.Contains(text, secret) || strings.Contains(text, hex.EncodeToString([]byte(secret))) {
						t.Errorf("a context prints as %q", text)
					}
				}
			})), r)
			if !ran {
				t.Error("the handler did not run")
			}
		})
	}
}

// No printed form of an Auth contains the token.
func TestMachineAuthShowsNoToken(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType(), WithMachineSecretKey("ak_machine"))
	got, err := a.AuthenticateToken(t.Context(), "ak_secret", anyType)
	if err != nil {
		t.Fatal(err)
	}
	const want = `auth.Auth(type="api_key", id="ak_id", subject="user_1")`
	for _, shown := range []string{got.String(), fmt.Sprintf("%+v", got), fmt.Sprintf("%#v", *got)} {
		if shown != want {
			t.Errorf("it prints as %s", shown)
		}
	}
	if shown := got.LogValue().String(); shown != "[signed_in=true type=api_key id=ak_id subject=user_1]" {
		t.Errorf("the log shows %s", shown)
	}
	if shown := fmt.Sprintf("%+v %v", a, NewContext(t.Context(), got)); strings.Contains(shown, "ak_secret") || strings.Contains(shown, "ak_machine") {
		t.Errorf("it prints as %s", shown)
	}
	got.Scopes[0], got.MachineClaims()[0] = "delete", 'x'
	if again := FromContext(NewContext(t.Context(), got), Accepts(APIKey)); again.Scopes[0] != "read" || again.MachineClaims()[0] != '{' || got.Has(Scope("delete")) {
		t.Error("writing to the fields changed later results")
	}
}
