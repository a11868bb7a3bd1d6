package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A caller's mistake must not end the goroutine that it happens in.
func TestNilContextsAndRequestsAreErrors(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	// The keys of this one must be fetched, which waits for the context.
	fetching, err := New(newClient(t, "sk_live_4f9c2e7d1b8a"), WithPublishableKey(liveKey), WithClock(testClock))
	if err != nil {
		t.Fatal(err)
	}
	var nilContext context.Context
	for name, a := range map[string]*Authenticator{"a JWT key": a, "fetched keys": fetching} {
		if _, err := a.VerifyToken(nilContext, mint(t)); !errors.Is(err, errNoContext) {
			t.Errorf("%s: VerifyToken: %v", name, err)
		}
		if found, err := a.AuthenticateToken(nilContext, mint(t)); !errors.Is(err, errNoContext) || found != nil {
			t.Errorf("%s: AuthenticateToken: %v", name, err)
		}
		if err := a.Warm(nilContext); !errors.Is(err, errNoContext) {
			t.Errorf("%s: Warm: %v", name, err)
		}
		if state, err := a.Authenticate(nil); !errors.Is(err, ErrConfiguration) || state != nil {
			t.Errorf("%s: Authenticate: %v", name, err)
		}
	}
}

func TestSatelliteIsMisconfiguredWhenItsOwnOriginSignsIn(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, satelliteOptions()...)
	for origin, want := range map[string]int{
		"https://app.example.com": http.StatusInternalServerError, "https://satellite.example": http.StatusOK, "https://APP.example.com": http.StatusOK, "null": http.StatusOK, "": http.StatusOK,
	} {
		r := newRequest(t, "/")
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		_, err := a.Authenticate(r)
		if errors.Is(err, ErrConfiguration) != (want == http.StatusInternalServerError) {
			t.Errorf("with Origin %q the error is %v", origin, err)
		}
		if got := serve(t, a.Middleware(inspect(nil)), r).StatusCode; got != want {
			t.Errorf("with Origin %q the middleware responds with %d, want %d", origin, got, want)
		}
	}
}

func TestWarmFetchesTheKeysOnce(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	a := b.authenticator(t)
	for range 2 {
		if err := a.Warm(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if s := stateOf(t, a, newRequest(t, "/", withBearer(mint(t)))); s.Status != StatusSignedIn {
		t.Errorf("state is %v", s)
	}
	if got := b.requests.Load(); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
	if err := newTestAuthenticator(t).Warm(t.Context()); err != nil {
		t.Errorf("with a JWT key: %v", err)
	}
	broken := newBackend(t, badGateway)
	if err := broken.authenticator(t).Warm(t.Context()); !errors.Is(err, ErrKeysUnavailable) {
		t.Errorf("Warm returns %v", err)
	}
}

// A service for machines only does not need a publishable key, nor a client to verify JWTs.
func TestNewRequiresWhatTheAcceptedTypesNeed(t *testing.T) {
	t.Parallel()
	b := newMachineBackend(t, http.StatusOK, "")
	satellite := []Option{WithSatellite(true), WithPublishableKey(liveKey)}
	for name, test := range map[string]struct {
		opts   []Option
		client bool
		fails  bool
	}{
		"machines, no publishable key":                 {opts: []Option{WithAcceptedTokens(APIKey, M2MToken, OAuthToken)}, client: true},
		"OAuth alone, no publishable key":              {opts: []Option{WithAcceptedTokens(OAuthToken)}, client: true},
		"machines and sessions, no publishable key":    {opts: []Option{WithAcceptedTokens(APIKey, SessionToken)}, client: true, fails: true},
		"JWTs of machines, JWT key only":               {opts: []Option{WithAcceptedTokens(M2MToken), WithJWTKey(testPEM(t))}},
		"API keys without a client":                    {opts: []Option{WithAcceptedTokens(APIKey), WithJWTKey(testPEM(t))}, fails: true},
		"nothing to verify with":                       {opts: []Option{WithAcceptedTokens(M2MToken)}, fails: true},
		"satellite for machines":                       {opts: append(satellite, WithAcceptedTokens(M2MToken)), client: true},
		"satellite for sessions":                       {opts: satellite, client: true, fails: true},
		"no type":                                      {opts: []Option{WithAcceptedTokens(), WithoutCookies()}, client: true, fails: true},
		"a type that does not exist":                   {opts: []Option{WithAcceptedTokens("any"), WithoutCookies()}, client: true, fails: true},
		"instance key as machine key":                  {opts: []Option{WithMachineSecretKey("sk_test_1"), WithoutCookies()}, client: true, fails: true},
		"machine key with a line break":                {opts: []Option{WithMachineSecretKey("ak_1\n"), WithoutCookies()}, client: true, fails: true},
		"machine key":                                  {opts: []Option{WithMachineSecretKey("ak_1"), WithoutCookies()}, client: true},
		"machine audience, empty":                      {opts: []Option{WithMachineAudience(""), WithoutCookies()}, client: true, fails: true},
		"machine audience, no value":                   {opts: []Option{WithMachineAudience(), WithoutCookies()}, client: true, fails: true},
		"last of two accepted sets wins":               {opts: []Option{WithAcceptedTokens(SessionToken), WithAcceptedTokens(M2MToken)}, client: true},
		"satellite for machines, relative sign-in URL": {opts: append(satellite, WithAcceptedTokens(M2MToken), WithSignInURL("/sign-in")), client: true},
	} {
		client := b.client
		if !test.client {
			client = nil
		}
		_, err := New(client, test.opts...)
		if (err != nil) != test.fails || err != nil && (!errors.Is(err, ErrConfiguration) || strings.Contains(err.Error(), "sk_test_1")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Machines do not sign in, so a satellite does not compare their origin with its sign-in URL.
func TestSatelliteDoesNotCheckTheOriginOfMachines(t *testing.T) {
	t.Parallel()
	satellite := []Option{WithSatellite(true), WithDomain("satellite.example"), WithSignInURL("https://primary.example/sign-in")}
	r := newRequest(t, "/", withBearer(m2mJWT(t)), withField("Origin", "https://primary.example"))
	if s := stateOf(t, newTestAuthenticator(t, append(satellite, WithAcceptedTokens(M2MToken))...), r); s.Status != StatusSignedIn {
		t.Errorf("state is %v", s)
	}
	if _, err := newTestAuthenticator(t, append(satellite, WithAcceptedTokens(M2MToken, SessionToken))...).Authenticate(r); !errors.Is(err, ErrConfiguration) {
		t.Errorf("where sessions are accepted too: %v", err)
	}
}

func TestAuthenticatorPrintsItsInstance(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		a    *Authenticator
		want string
	}{
		"production":  {newTestAuthenticator(t), `auth.Authenticator(instance="clerk.example.com", type="production")`},
		"development": {newTestAuthenticator(t, WithPublishableKey(devKey)), `auth.Authenticator(instance="clerk.example.com", type="development")`},
		"satellite":   {newTestAuthenticator(t, satelliteOptions()...), `auth.Authenticator(instance="clerk.satellite.example", type="production")`},
		"zero":        {&Authenticator{}, "auth.Authenticator(unconfigured)"},
		"nil":         {nil, "auth.Authenticator(unconfigured)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.a.String(); got != test.want {
				t.Errorf("String = %q, want %q", got, test.want)
			}
			if got := test.a.LogValue().String(); got != test.want {
				t.Errorf("LogValue = %q, want %q", got, test.want)
			}
			if test.a == nil {
				return
			}
			for _, got := range []string{fmt.Sprintf("%+v", *test.a), fmt.Sprintf("%#v", test.a), fmt.Sprintf("%d", test.a)} {
				if got != test.want {
					t.Errorf("it prints as %q, want %q", got, test.want)
				}
			}
		})
	}
}
