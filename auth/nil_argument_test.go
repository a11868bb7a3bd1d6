package auth

import (
	"context"
	"errors"
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
	var none context.Context
	for name, a := range map[string]*Authenticator{"a JWT key": a, "fetched keys": fetching} {
		if _, err := a.VerifyToken(none, mint(t)); !errors.Is(err, errNoContext) {
			t.Errorf("%s: VerifyToken: %v", name, err)
		}
		if found, err := a.AuthenticateToken(none, mint(t)); !errors.Is(err, errNoContext) || found != nil {
			t.Errorf("%s: AuthenticateToken: %v", name, err)
		}
		if err := a.Warm(none); !errors.Is(err, errNoContext) {
			t.Errorf("%s: Warm: %v", name, err)
		}
		if state, err := a.Authenticate(nil); !errors.Is(err, ErrConfiguration) || state != nil {
			t.Errorf("%s: Authenticate: %v", name, err)
		}
	}
}
