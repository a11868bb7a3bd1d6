package auth

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

func failures(t *testing.T) map[string]http.HandlerFunc {
	t.Helper()
	elsewhere := httptest.NewServer(respondWithKeys(jwk(testKeyID, &testKey().PublicKey)))
	t.Cleanup(elsewhere.Close)
	return map[string]http.HandlerFunc{
		"500":             respond(http.StatusInternalServerError, "application/json", `{"errors":[]}`),
		"429":             respond(http.StatusTooManyRequests, "text/plain", ""),
		"403":             respond(http.StatusForbidden, "application/json", `{"errors":[{"code":"x"}]}`),
		"HTML":            respond(http.StatusOK, "text/html", "<html>maintenance</html>"),
		"empty body":      respond(http.StatusOK, "application/json", ""),
		"null":            respond(http.StatusOK, "application/json", "null"),
		"no keys":         respond(http.StatusOK, "application/json", `{}`),
		"empty keys":      respondWithKeys(),
		"keys not a list": respond(http.StatusOK, "application/json", `{"keys":{"kid":"x"}}`),
		"cut off":         respond(http.StatusOK, "application/json", `{"keys":[{"kid":"x"`),
		"an error":        respond(http.StatusOK, "application/json", `{"errors":[{"code":"x"}]}`),
		"too much":        respond(http.StatusOK, "application/json", `{"keys":[{"x":"`+strings.Repeat("a", maxKeySetDocument)+`"}]}`),
		"without end": func(w http.ResponseWriter, _ *http.Request) {
			chunk := []byte(strings.Repeat(" ", 64<<10))
			for {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/jwks", http.StatusFound)
		},
		"a lost connection": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a slow drip": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte(" ")); err != nil {
					return
				}
				http.NewResponseController(w).Flush()
				time.Sleep(5 * time.Millisecond)
			}
		},
	}
}

func TestKeyEndpointFailures(t *testing.T) {
	t.Parallel()
	for name, failure := range failures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, clock := newJWKSServer(t), newClock()
			keys := *srv.handler.Load()
			srv.handle(failure)
			k := srv.keys(t, clock.now)
			for range 3 {
				_, _, err := k.key(t.Context(), testKeyID)
				if !errors.Is(err, ErrKeysUnavailable) || errors.Is(err, ErrSecretKey) {
					t.Errorf("cold: error is %v, want ErrKeysUnavailable", err)
				}
				if _, isToken := errors.AsType[*TokenError](err); isToken {
					t.Errorf("cold: the outage looks like a bad token: %v", err)
				}
			}
			srv.wantFetches(t, 1)
			clock.pass(firstBackOff)
			srv.handle(keys)
			wantKey(t, k, testKeyID)
			srv.wantFetches(t, 2)

			srv.handle(failure)
			clock.pass(keyLifetime)
			for range 20 {
				wantKey(t, k, testKeyID)
			}
			srv.wantFetches(t, 3)
			_, _, err := k.key(t.Context(), "ins_unknown")
			if !errors.Is(err, ErrKeysUnavailable) {
				t.Errorf("unknown: error is %v, want ErrKeysUnavailable", err)
			}
			srv.wantFetches(t, 3)
		})
	}
}

func TestOutageNamesItsCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("no route to host")
	client := newClient(t, "sk_test_keys", clerk.WithTransport(transportFunc(func(*http.Request) (*http.Response, error) { return nil, cause })))
	k := newFetchedKeys(client, keyConfig(testClock), nil)
	_, _, err := k.key(t.Context(), testKeyID)
	if !errors.Is(err, ErrKeysUnavailable) || !errors.Is(err, cause) {
		t.Errorf("error is %v, want ErrKeysUnavailable with its cause", err)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error has several lines: %q", err)
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTransportThatPanicsIsAnOutage(t *testing.T) {
	t.Parallel()
	broken := true
	transport := transportFunc(func(r *http.Request) (*http.Response, error) {
		if broken {
			var resp *http.Response
			return resp, errors.New(resp.Status) // like a wrapper that does not check the error
		}
		return nil, errors.New("no route")
	})
	client, err := clerk.New("sk_live_4f9c2e7d1b8a", clerk.WithTransport(transport), clerk.WithBaseURL("http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	clock := testClock()
	a, err := New(client, WithPublishableKey(liveKey), WithClock(func() time.Time { return clock }))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := a.VerifyToken(t.Context(), mint(t)); !errors.Is(err, ErrKeysUnavailable) {
			t.Errorf("broken %t: %v", broken, err)
		}
		// The next fetch does not wait for the first.
		broken, clock = false, clock.Add(time.Minute)
	}
}
