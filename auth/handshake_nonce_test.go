package auth

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

// newDevBackend is newBackend for an instance in development.
func newDevBackend(tb testing.TB) (*backend, func(...Option) *Authenticator) {
	b := newBackend(tb, nil)
	options := []clerk.Option{clerk.WithBaseURL(b.url + "/trap"), clerk.WithRetryLimit(0)}
	client := newClient(tb, "sk_test_x", options...)
	return b, func(opts ...Option) *Authenticator {
		tb.Helper()
		a, err := New(client, append([]Option{WithPublishableKey(devKey), WithClock(testClock)}, opts...)...)
		if err != nil {
			tb.Fatal(err)
		}
		return a
	}
}

func TestNonceIsExchanged(t *testing.T) {
	t.Parallel()
	token := mint(t)
	b, authenticator := newDevBackend(t)
	b.HandleFunc("GET /trap/v1/clients/handshake_payload", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("nonce") {
		case "n 1":
			writeJSON(w, map[string]any{"directives": []string{"__client_uat=1", "__session=" + token}})
		case "down":
			w.WriteHeader(http.StatusBadGateway)
		case "key":
			w.WriteHeader(http.StatusUnauthorized)
			writeJSON(w, map[string]any{"errors": []any{map[string]any{"code": "clerk_key_invalid"}}})
		case strings.Repeat("x", maxTokenLength+1):
			t.Error("Clerk received a nonce that is too long")
		case "busy":
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			w.WriteHeader(http.StatusNotFound)
			writeJSON(w, map[string]any{"errors": []any{map[string]any{"code": "resource_not_found"}}})
		}
	})
	forged := withCookie("__clerk_handshake", mintHandshake(t, nil, signedBy(otherKey())))
	for name, test := range map[string]struct {
		request []requestOption
		status  Status
		cookies []string
		err     error
	}{
		"query":                 {[]requestOption{inQuery("__clerk_handshake_nonce", "n 1")}, StatusSignedIn, []string{"__client_uat=1", "__session=" + token}, nil},
		"cookie":                {[]requestOption{withCookie("__clerk_handshake_nonce", "n%201")}, StatusSignedIn, []string{"__client_uat=1", "__session=" + token}, nil},
		"wins over the token":   {[]requestOption{withCookie("__clerk_handshake_nonce", "n%201"), forged}, StatusSignedIn, []string{"__client_uat=1", "__session=" + token}, nil},
		"not known":             {[]requestOption{withCookie("__clerk_handshake_nonce", "other")}, StatusSignedOut, nil, nil},
		"too long":              {[]requestOption{withCookie("__clerk_handshake_nonce", strings.Repeat("x", maxTokenLength+1))}, StatusSignedOut, nil, nil},
		"Clerk is down":         {[]requestOption{withCookie("__clerk_handshake_nonce", "down")}, StatusSignedOut, nil, ErrVerificationUnavailable},
		"Clerk refuses the key": {[]requestOption{withCookie("__clerk_handshake_nonce", "key")}, StatusSignedOut, nil, ErrSecretKey},
		"Clerk limits the rate": {[]requestOption{withCookie("__clerk_handshake_nonce", "busy")}, StatusSignedOut, nil, ErrVerificationUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stateOf(t, authenticator(), newRequest(t, "/p", test.request...))
			if s.Status != test.status || !errors.Is(s.Err(), test.err) || s.Header.Get("Location") == "" || !slices.Equal(s.Header["Set-Cookie"], test.cookies) {
				t.Errorf("state is %v, err %v, header %v", s, s.Err(), s.Header)
			}
			if test.status == StatusSignedOut && s.Reason != ReasonSessionTokenMissing {
				t.Errorf("reason is %q", s.Reason)
			}
		})
	}
	t.Run("no client", func(t *testing.T) {
		s := stateOf(t, newTestAuthenticator(t), newRequest(t, "/", withCookie("__clerk_handshake_nonce", "n")))
		if s.Reason != ReasonSessionTokenMissing || !errors.Is(s.Err(), ErrNoClient) {
			t.Errorf("state is %v, err %v", s, s.Err())
		}
	})
}

// A nonce works once: each time, Clerk is asked again.
func TestNonceWorksOnce(t *testing.T) {
	t.Parallel()
	b, authenticator := newDevBackend(t)
	used := false
	b.HandleFunc("GET /trap/v1/clients/handshake_payload", func(w http.ResponseWriter, _ *http.Request) {
		if used {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		used = true
		writeJSON(w, map[string]any{"directives": []string{"__session=" + mint(t)}})
	})
	a := authenticator()
	r := newRequest(t, "/", withCookie("__clerk_handshake_nonce", "n"))
	if s := stateOf(t, a, r); s.Status != StatusSignedIn {
		t.Fatalf("the first time the state is %v", s)
	}
	if s := stateOf(t, a, r); s.Status != StatusSignedOut || s.Reason != ReasonSessionTokenMissing || s.Header["Set-Cookie"] != nil {
		t.Errorf("the second time the state is %v with %v", s, s.Header)
	}
}
